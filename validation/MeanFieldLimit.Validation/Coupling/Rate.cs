using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using MeanFieldLimit.Embeddings;

namespace MeanFieldLimit.Validation.Coupling;

/// <summary>A fitted rate: quantity ~ C N^slope.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Slope">Least-squares slope of log(rms over seeds) on log N; NaN for a single width or a zero
/// gap.</param>
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
    /// <summary>The exponent that the theory gives for the gaps.</summary>
    public const double Theory = -0.5;

    private const int Resamples = 2000;
    private const double Confidence = 0.95;

    /// <summary>
    /// Fits values[width, seed]. Intervals are estimate +- t_{0.975, S-1} sqrt(S/(S-1)) s, s the standard deviation
    /// over 2000 bootstrap samples of the S seeds, on a log scale for the rms. Seeds are resampled as a whole, every
    /// width of a seed together: networks of one seed are nested, so their gaps are correlated across widths.
    /// </summary>
    /// <remarks>
    /// The percentiles of the bootstrap samples would be the other choice. With few seeds they are far too narrow:
    /// two seeds have three distinct samples.
    /// </remarks>
    public static Rate Fit(GapQuantity quantity, IReadOnlyList<int> widths, double[,] values, ulong seed)
    {
        var seeds = values.GetLength(1);
        int[] all = [.. Enumerable.Range(0, seeds)];
        var rms = RootMeanSquares(values, all);
        var slope = FitSlope(widths, rms);
        var slopes = new double[Resamples];
        var logs = widths.Select(_ => new double[Resamples]).ToArray();
        var stream = Streams.Bootstrap(seed);
        for (var r = 0; r < Resamples; r++)
        {
            var drawn = RootMeanSquares(values,
                [.. all.Select(s => stream.Below((ulong)r * (ulong)seeds + (ulong)s, seeds))]);
            slopes[r] = FitSlope(widths, drawn);
            for (var i = 0; i < widths.Count; i++) logs[i][r] = Math.Log(drawn[i]);
        }
        var factor = seeds > 1
            ? StudentT.InvCDF(0, 1, seeds - 1, (1 + Confidence) / 2) * Math.Sqrt(seeds / (seeds - 1.0))
            : double.NaN;
        double[] half = [.. logs.Select(l => factor * l.StandardDeviation())];
        return new(quantity, slope, slope - factor * slopes.StandardDeviation(),
            slope + factor * slopes.StandardDeviation(), widths, rms,
            [.. rms.Select((v, i) => v * Math.Exp(-half[i]))],
            [.. rms.Select((v, i) => v * Math.Exp(half[i]))], seeds);
    }

    private static double[] RootMeanSquares(double[,] values, int[] seeds) =>
        [.. Enumerable.Range(0, values.GetLength(0))
            .Select(i => Math.Sqrt(seeds.Average(s => values[i, s] * values[i, s])))];

    private static double FitSlope(IReadOnlyList<int> widths, double[] rms) => widths.Count < 2 || rms.Contains(0)
        ? double.NaN
        : MathNet.Numerics.Fit.Line([.. widths.Select(n => Math.Log(n))], [.. rms.Select(v => Math.Log(v))]).B;
}
