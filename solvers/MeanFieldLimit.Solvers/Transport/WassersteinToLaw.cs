using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// W_p between a discrete measure on the line and a law, W_p^p = int_0^1 |F^-1(u) - Q(u)|^p du with the quantile
/// function Q. Each point is coupled to what the law has between the quantiles of the cumulative masses beside it: one
/// integral of |x - y|^p against the density, whose logarithm is concave on either side of x, so that no p and no scale
/// is too large. A law on finitely many points is another discrete measure.
/// </summary>
public static class WassersteinToLaw
{
    private const double RelativeTolerance = 1e-12;

    // Seen from so many of its scales the law is one point, to the last digit.
    private const double Far = 1e17;

    private const double LargePower = 100, Flat = 20;

    /// <summary>W_p, by adaptive Gauss-Legendre quadrature to about 1e-12 of W_p^p and its rounding, p 1e-15 of it. Of
    /// a law that is known by its quantiles alone, the last 1e-16 of its mass at either end is not seen.</summary>
    /// <exception cref="ArgumentException">p is below 1, the measure is not on the line or differences of coordinates
    /// are not finite.</exception>
    public static double Distance(DiscreteMeasure measure, ILaw law, double p = 2)
    {
        TransportArguments.Power(p);
        if (measure.Dimension != 1)
            throw new ArgumentException($"points must have one coordinate, got {measure.Dimension}: project them");
        double[] points = [.. measure.Points], masses = [.. measure.Masses];
        Array.Sort(points, masses);
        if (law.GaussNodes(GaussRule.MaxNodes) < GaussRule.MaxNodes)
        {
            var atoms = law.Gauss(GaussRule.MaxNodes);
            return WassersteinLine.Distance(points, masses, atoms.Nodes, atoms.Weights, p);
        }
        var standard = law.Standard ?? StandardLaw.ByQuantiles(law);
        double[] x = [.. points.Select(point => (point - standard.Centre) / standard.Scale)];
        if (!(Math.Max(Math.Abs(x[0]), Math.Abs(x[^1])) <= Far))
            return WassersteinLine.Distance(points, masses, [law.Mean], [1], p);
        return standard.Scale * Distance(x, masses, standard, p);
    }

    private static double Distance(double[] x, double[] masses, StandardLaw law, double p)
    {
        var pieces = new List<(double X, double From, double To)>(2 * x.Length);
        var rest = new double[x.Length + 1];
        for (var i = x.Length - 1; i >= 0; i--) rest[i] = rest[i + 1] + masses[i];
        var (below, from) = (0.0, law.Low);
        for (var i = 0; i < x.Length && from < law.High; i++)
        {
            below += masses[i];
            if (masses[i] == 0) continue;
            var to = rest[i + 1] == 0 ? law.High
                : Math.Clamp(law.Quantile(below / rest[0], rest[i + 1] / rest[0]), from, law.High);
            var split = law.Place(x[i], from, to);
            Add(x[i], from, split);
            Add(x[i], split, to);
            from = to;
        }
        var unit = pieces.Max(piece => LogConcaveIntegral.Largest(G(piece.X), piece.From, piece.To));
        var coarse = pieces.Sum(piece => LogConcaveIntegral.Coarse(G(piece.X), unit, piece.From, piece.To));
        var tolerance = RelativeTolerance * coarse / pieces.Count;
        var cost = pieces.Sum(piece => LogConcaveIntegral.Fine(G(piece.X), unit, piece.From, piece.To, tolerance));
        return Math.Exp((unit + Math.Log(cost)) / p);

        Func<double, double> G(double point) =>
            t => p * Math.Log(Math.Abs((law.Value?.Invoke(t) ?? t) - point)) + law.LogDensity(t);

        void Add(double point, double low, double high)
        {
            if (!(low < high)) return;
            // Powers that are not large, halved intervals resolve; to search in each of a million pieces takes long.
            var whole = p < LargePower && Math.Abs(law.LogDensity(low) - law.LogDensity(high)) < Flat;
            var (start, end) = whole ? (low, high) : LogConcaveIntegral.Range(G(point), low, high);
            pieces.Add((point, start, end));
        }
    }
}
