using MathNet.Numerics.Statistics;
using MeanFieldLimit.Embeddings;

namespace MeanFieldLimit.Validation.Coupling;

/// <summary>A fitted rate: quantity ~ C N^slope.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Slope">Least-squares slope of log(rms over seeds) on log N; NaN for a single width.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval; NaN for a single seed.</param>
/// <param name="High">Upper end.</param>
/// <param name="Widths">The widths.</param>
/// <param name="Rms">Root of the mean over seeds of the squared quantity, one a width.</param>
/// <param name="RmsLow">Lower end of the 95 % bootstrap interval of each.</param>
/// <param name="RmsHigh">Upper end.</param>
/// <param name="Seeds">Number of seeds.</param>
public sealed record Rate(string Quantity, double Slope, double Low, double High, IReadOnlyList<int> Widths,
    IReadOnlyList<double> Rms, IReadOnlyList<double> RmsLow, IReadOnlyList<double> RmsHigh, int Seeds)
{
    private const int Resamples = 2000;
    private const double Tail = 0.025;

    /// <summary>
    /// Fits values[width, seed]. Seeds are resampled as a whole, every width of a seed together: networks of one
    /// seed are nested, so their gaps are correlated across widths.
    /// </summary>
    public static Rate Fit(string quantity, IReadOnlyList<int> widths, double[,] values, ulong seed)
    {
        var seeds = values.GetLength(1);
        int[] all = [.. Enumerable.Range(0, seeds)];
        var rms = RootMeanSquares(values, all);
        double[] slopes = new double[Resamples];
        var samples = widths.Select(_ => new double[Resamples]).ToArray();
        var stream = Streams.Bootstrap(seed);
        for (var r = 0; r < Resamples; r++)
        {
            var drawn = RootMeanSquares(values, [.. all.Select(s => stream.Below((ulong)(r * seeds + s), seeds))]);
            slopes[r] = FitSlope(widths, drawn);
            for (var i = 0; i < widths.Count; i++) samples[i][r] = drawn[i];
        }
        return new(quantity, FitSlope(widths, rms), End(slopes, Tail), End(slopes, 1 - Tail), widths, rms,
            [.. samples.Select(s => End(s, Tail))], [.. samples.Select(s => End(s, 1 - Tail))], seeds);

        double End(double[] sample, double tail) => seeds > 1 ? sample.Quantile(tail) : double.NaN;
    }

    private static double[] RootMeanSquares(double[,] values, int[] seeds) =>
        [.. Enumerable.Range(0, values.GetLength(0)).Select(i => Math.Sqrt(seeds.Average(s => values[i, s] * values[i, s])))];

    private static double FitSlope(IReadOnlyList<int> widths, double[] rms) => widths.Count < 2
        ? double.NaN
        : MathNet.Numerics.Fit.Line([.. widths.Select(n => Math.Log(n))], [.. rms.Select(v => Math.Log(v))]).B;
}
