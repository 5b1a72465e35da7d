using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Quadrature;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// W_p between a discrete measure on the line and a law, W_p^p = int_0^1 |F^-1(u) - Q(u)|^p du with the quantile
/// function Q: one integral per point, between the cumulative masses beside it.
/// </summary>
public static class WassersteinToLaw
{
    private const int Nodes = 8;

    // Halvings towards 0 and 1, where quantiles are infinite: what is left, 2^-40, is below the tolerance.
    private const int Halvings = 40;
    private const double RelativeTolerance = 1e-10;

    private static readonly GaussRule Rule = GaussRule.Legendre(Nodes).Map(0.5, 0.5);

    /// <summary>W_p, by adaptive Gauss-Legendre quadrature to about 1e-10 of W_p^p.</summary>
    /// <exception cref="ArgumentException">p is below 1, or the measure is not on the line.</exception>
    public static double Distance(DiscreteMeasure measure, ILaw law, double p = 2)
    {
        TransportArguments.Power(p);
        if (measure.Dimension != 1)
            throw new ArgumentException($"points must have one coordinate, got {measure.Dimension}: project them");
        double[] points = [.. measure.Points], masses = [.. measure.Masses];
        Array.Sort(points, masses);
        var (total, below) = (masses.Sum(), 0.0);
        var pieces = new List<(double X, double From, double To)>(points.Length);
        foreach (var (x, mass) in points.Zip(masses))
        {
            var to = Math.Min(1, below + mass / total);
            if (to > below) pieces.Add((x, below, to));
            below = to;
        }
        pieces[^1] = pieces[^1] with { To = 1 };
        var coarse = pieces.Sum(piece => Piece(law, p, piece.X, piece.From, piece.To));
        if (!double.IsFinite(coarse))
            throw new ArgumentException($"|x - y|^{p} must have a finite mean under the law, quantiles give {coarse}: "
                + "take a smaller p, or a law with lighter tails");
        var tolerance = RelativeTolerance * coarse / pieces.Count;
        var cost = pieces.Sum(piece => Adaptive(law, p, piece.X, piece.From, piece.To,
            Piece(law, p, piece.X, piece.From, piece.To), tolerance, Halvings));
        return Math.Pow(cost, 1 / p);
    }

    private static double Adaptive(
        ILaw law, double p, double x, double from, double to, double whole, double tolerance, int halvings)
    {
        var middle = from + (to - from) / 2;
        var (left, right) = (Piece(law, p, x, from, middle), Piece(law, p, x, middle, to));
        if (halvings == 0 || !(Math.Abs(left + right - whole) > tolerance))
            return left + right;
        return Adaptive(law, p, x, from, middle, left, tolerance, halvings - 1)
            + Adaptive(law, p, x, middle, to, right, tolerance, halvings - 1);
    }

    private static double Piece(ILaw law, double p, double x, double from, double to)
    {
        var sum = 0.0;
        for (var k = 0; k < Nodes; k++)
        {
            // Nodes are inside (0, 1), but the last double below 1 is not far from it.
            var u = Math.Min(from + (to - from) * Rule.Nodes[k], Math.BitDecrement(1));
            sum += Rule.Weights[k] * WassersteinLine.Power(Math.Abs(x - law.Quantile(u)), p);
        }
        return sum * (to - from);
    }
}
