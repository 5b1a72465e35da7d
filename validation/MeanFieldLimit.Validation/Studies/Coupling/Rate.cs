using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>A fitted rate, quantity ~ C N^slope: the <see cref="PowerLaw"/> over so many seeds.</summary>
internal sealed record Rate(GapQuantity Quantity, double Slope, double Low, double High, IReadOnlyList<int> Widths,
    IReadOnlyList<double> Rms, IReadOnlyList<double> RmsLow, IReadOnlyList<double> RmsHigh, int Seeds)
{
    /// <summary>The exponent that the theory gives for gaps, but for the logarithm of the largest ones.</summary>
    internal const double Theory = -0.5;

    /// <summary>The quantity, [width, seed].</summary>
    internal double[,] Values { get; private init; } = new double[0, 0];

    /// <inheritdoc cref="PowerLaw.Reason"/>
    internal string? Reason { get; private init; }

    /// <summary>The rms over <see cref="GapQuantity.Theory"/>, one a width: the same for all at the theory's rate.</summary>
    internal IReadOnlyList<double> OverTheory => [.. Rms.Zip(Widths, (rms, n) => rms / Quantity.Theory(n))];

    /// <summary>
    /// Fits values[width, seed]; networks of one seed are nested, so seeds are resampled as a whole for the intervals.
    /// </summary>
    internal static Rate Fit(GapQuantity quantity, IReadOnlyList<int> widths, double[,] values, ulong seed)
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
