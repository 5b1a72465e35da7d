namespace MeanFieldLimit.Validation.Coupling;

/// <summary>A fitted power law: the rms over replicates of a quantity ~ C x^slope.</summary>
/// <param name="Slope">Least-squares slope of log(rms) on log x; NaN for a single x or where an rms is zero.</param>
/// <param name="Low">Lower end of its 95 % bootstrap interval; NaN for a single replicate.</param>
/// <param name="High">Upper end.</param>
/// <param name="Rms">Root of the mean over replicates of the squared quantity, one an x.</param>
/// <param name="RmsLow">Lower end of the 95 % bootstrap interval of each, found on a log scale.</param>
/// <param name="RmsHigh">Upper end.</param>
internal sealed record PowerLaw(double Slope, double Low, double High, double[] Rms, double[] RmsLow, double[] RmsHigh)
{
    /// <summary>
    /// Fits values[x, replicate]. Replicates are resampled as a whole, every x of a replicate together: they share
    /// neurons, batches or both, so their values are correlated across x.
    /// </summary>
    internal static PowerLaw Fit(IReadOnlyList<double> xs, double[,] values, ulong seed)
    {
        var replicates = values.GetLength(1);
        double[] logs = [.. xs.Select(v => Math.Log(v))];
        var rms = RootMeanSquares(values, [.. Enumerable.Range(0, replicates)]);
        var slope = LogSlope(logs, rms);
        var half = Bootstrap.HalfLengths(replicates, seed, drawn =>
        {
            var resampled = RootMeanSquares(values, drawn);
            return [LogSlope(logs, resampled), .. resampled.Select(v => Math.Log(v))];
        });
        return new(slope, slope - half[0], slope + half[0], rms,
            [.. rms.Select((v, i) => v * Math.Exp(-half[i + 1]))],
                [.. rms.Select((v, i) => v * Math.Exp(half[i + 1]))]);
    }

    /// <summary>The least-squares slope of log(values) on <paramref name="logs"/>; NaN where there is none.</summary>
    internal static double LogSlope(IReadOnlyList<double> logs, IReadOnlyList<double> values) =>
        logs.Count < 2 || values.Contains(0) ? double.NaN
            : MathNet.Numerics.Fit.Line([.. logs], [.. values.Select(v => Math.Log(v))]).B;

    private static double[] RootMeanSquares(double[,] values, int[] replicates) =>
        [.. Enumerable.Range(0, values.GetLength(0))
            .Select(i => Math.Sqrt(replicates.Average(s => values[i, s] * values[i, s])))];
}
