using MeanFieldLimit.Validation.Statistics;
namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>A fitted rate: quantity ~ C N^slope.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Slope">Least-squares slope of log(rms over seeds) on log N; NaN where there is none:
/// see <see cref="Reason"/>.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval; NaN for a single seed.</param>
/// <param name="High">Upper end.</param>
/// <param name="Widths">The widths.</param>
/// <param name="Rms">Root of the mean over seeds of the squared quantity, one a width.</param>
/// <param name="RmsLow">Lower end of the 95 % bootstrap interval of each.</param>
/// <param name="RmsHigh">Upper end.</param>
/// <param name="Seeds">Number of seeds.</param>
public sealed record Rate(GapQuantity Quantity, double Slope, double Low, double High, IReadOnlyList<int> Widths,
    IReadOnlyList<double> Rms, IReadOnlyList<double> RmsLow, IReadOnlyList<double> RmsHigh, int Seeds)
{
    /// <summary>The exponent that the theory gives for gaps, but for the logarithm of the largest ones.</summary>
    public const double Theory = -0.5;

    /// <summary>The quantity, [width, seed].</summary>
    internal double[,] Values { get; private init; } = new double[0, 0];

    /// <summary>Why no rate is fitted: a single width, a zero gap, gaps that nothing makes differ. Null where one
    /// is.</summary>
    public string? Reason { get; private init; }

    /// <summary>The rms over <see cref="GapQuantity.Theory"/>, one a width: the same for all at the theory's rate.</summary>
    public IReadOnlyList<double> OverTheory => [.. Rms.Zip(Widths, (rms, n) => rms / Quantity.Theory(n))];

    /// <summary>
    /// Fits values[width, seed]; networks of one seed are nested, so seeds are resampled as a whole for the intervals.
    /// </summary>
    public static Rate Fit(GapQuantity quantity, IReadOnlyList<int> widths, double[,] values, ulong seed)
    {
        var law = PowerLaw.Fit([.. widths.Select(n => (double)n)], values, seed);
        return new(quantity, law.Slope, law.Low, law.High, widths, law.Rms, law.RmsLow, law.RmsHigh,
            values.GetLength(1))
        {
            Reason = law.Reason,
            Values = values,
        };
    }
}
