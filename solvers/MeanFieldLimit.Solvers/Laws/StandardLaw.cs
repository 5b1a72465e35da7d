namespace MeanFieldLimit.Solvers.Laws;

/// <summary>
/// A law with a density, as that of Centre + Scale Value(T): what integrals over its tails need, at any scale and
/// where quantiles no longer tell them apart.
/// </summary>
/// <param name="Centre">In the units of the law.</param>
/// <param name="Scale">Positive, in the units of the law.</param>
/// <param name="Low">The least T, infinite where there is none.</param>
/// <param name="High">The largest T.</param>
/// <param name="LogDensity">Of T.</param>
/// <param name="Quantile">Of T, at a probability and at what is left of 1, either of which may be tiny.</param>
internal sealed record StandardLaw(double Centre, double Scale, double Low, double High,
    Func<double, double> LogDensity, Func<double, double, double> Quantile)
{
    private const int Halvings = 52;

    /// <summary>Value(T); null for T itself.</summary>
    public Func<double, double>? Value { get; init; }

    /// <summary>Where Value, which increases, passes x between two T; the end nearest to that where it does not.
    /// </summary>
    public double Place(double x, double from, double to)
    {
        if (Value is null) return Math.Clamp(x, from, to);
        for (var k = 0; k < Halvings; k++)
        {
            var middle = from + (to - from) / 2;
            if (Value(middle) < x) from = middle;
            else to = middle;
        }
        return from;
    }

    /// <summary>Any law by its quantile function, of a logistic T: 1e-16 of its mass at the upper end is not seen.
    /// </summary>
    public static StandardLaw ByQuantiles(ILaw law)
    {
        const double ends = 36;
        static double Below(double t) => 1 / (1 + Math.Exp(-t));
        var (centre, scale) = (law.Mean, law.StandardDeviation);
        return new(centre, scale, -ends, ends, t => -Math.Abs(t) - 2 * Math.Log(1 + Math.Exp(-Math.Abs(t))),
            (below, above) => Math.Log(below) - Math.Log(above))
        {
            Value = t => (law.Quantile(Below(t)) - centre) / scale,
        };
    }
}
