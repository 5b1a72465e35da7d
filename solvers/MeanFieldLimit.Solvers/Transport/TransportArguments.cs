using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>What every transport problem refuses.</summary>
internal static class TransportArguments
{
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
}
