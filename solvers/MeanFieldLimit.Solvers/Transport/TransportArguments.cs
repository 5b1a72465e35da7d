using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>What every transport problem refuses.</summary>
internal static class TransportArguments
{
    // Sums of costs times 2^60 are finite above it, their roundings nothing below.
    private const double LeastCost = 1e-280;

    public static void Power(double p)
    {
        if (!(p >= 1 && double.IsFinite(p)))
            throw new ArgumentOutOfRangeException(
                nameof(p), p, $"p must be at least 1 and finite, got {p}: below 1 |x - y|^p is no convex cost");
    }

    public static void SameDimension(DiscreteMeasure source, DiscreteMeasure target)
    {
        if (source.Dimension != target.Dimension)
            throw new ArgumentException($"both measures must have the same dimension, the source has "
                + $"{source.Dimension} and the target {target.Dimension}: give both the same coordinates");
    }

    /// <summary>What the plan costs has not run under where it moves anything.</summary>
    public static void NotVanished(OptimalTransport solved, DiscreteMeasure source, DiscreteMeasure target)
    {
        if (double.IsNormal(solved.Cost)) return;
        var (d, moved) = (source.Dimension, 0.0);
        for (var k = 0; k < solved.Plan.Count; k++)
            for (var i = 0; i < d; i++)
                moved = Math.Max(moved, Math.Abs(source.Points[solved.Plan.Sources[k] * d + i]
                    - target.Points[solved.Plan.Targets[k] * d + i]));
        NotVanished(solved.Cost, solved.Power, moved);
    }

    /// <summary>The same, of a cost and the longest way that was gone.</summary>
    public static void NotVanished(double cost, double p, double moved)
    {
        if (!double.IsNormal(cost) && moved > 0)
            throw new ArgumentException($"the cost of a plan must be a normal double, it is {cost:G3} where points "
                + $"move by up to {moved:G3}, to the power {p}: take a smaller p, or multiply all coordinates by one "
                + "number, by which W_p is multiplied too");
    }

    /// <summary>The largest |x - y|^p has neither run over nor under, nor have the squares it comes from.</summary>
    public static void Extent(int dimension, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double p)
    {
        var extent = 0.0;
        for (var k = 0; k < dimension; k++)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var i = k; i < x.Length; i += dimension) (low, high) = (Math.Min(low, x[i]), Math.Max(high, x[i]));
            for (var j = k; j < y.Length; j += dimension) (low, high) = (Math.Min(low, y[j]), Math.Max(high, y[j]));
            extent = Math.Max(extent, high - low);
        }
        if (extent > 0 && Math.Pow(extent, dimension == 1 ? p : Math.Max(p, 2)) is var cost
            && !(cost >= LeastCost && cost <= 1 / LeastCost))
            throw new ArgumentException($"the largest of the costs |x - y|^{p} and of their squared distances must be "
                + $"between {LeastCost:E0} and {1 / LeastCost:E0}, coordinates differ by up to {extent:G3}: multiply "
                + "all of them by one number, by which W_p is multiplied too");
    }
}
