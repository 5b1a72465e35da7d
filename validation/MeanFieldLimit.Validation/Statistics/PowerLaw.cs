using MathNet.Numerics.LinearAlgebra.Double;

namespace MeanFieldLimit.Validation.Statistics;

/// <summary>
/// A fitted power law: the rms over replicates of a quantity, one an x, ~ C x^slope, by least squares of log(rms) on
/// log x; NaN where there is no slope. Lows and highs are ends of 95 % bootstrap intervals, those of the rms found on a
/// log scale; NaN for a single replicate. What is said of a rate, on the terminal, in summaries and reports, is said
/// here.
/// </summary>
internal sealed record PowerLaw(double Slope, double Low, double High, double[] Rms, double[] RmsLow, double[] RmsHigh)
{
    /// <summary>Values that differ by less, relatively, are the same: errors of deterministic runs agree so.</summary>
    internal const double Same = 1e-6;

    /// <summary>Why no rate is told: there is no slope, or none to trust; null where one is.</summary>
    internal string? Reason { get; private init; }

    /// <summary>Fits the values of networks of every width and replicate, by their numbers.</summary>
    internal static PowerLaw OfWidths(IReadOnlyList<int> widths, int replicates, Func<int, int, double> value,
        ulong seed) => Fit("width", [.. widths.Select(n => (double)n)],
            DenseMatrix.Create(widths.Count, replicates, value).ToArray(), seed);

    /// <summary>
    /// Fits values[x, replicate]. Replicates are resampled as a whole, every x of a replicate together: they share
    /// neurons, batches or both, so their values are correlated across x.
    /// </summary>
    /// <param name="of">What x is: width, step.</param>
    /// <param name="xs">Its values.</param>
    /// <param name="values">What is fitted.</param>
    /// <param name="seed">Of the bootstrap.</param>
    internal static PowerLaw Fit(string of, IReadOnlyList<double> xs, double[,] values, ulong seed)
    {
        var replicates = values.GetLength(1);
        double[] logs = [.. xs.Select(v => Math.Log(v))];
        var rms = RootMeanSquares(values, [.. Enumerable.Range(0, replicates)]);
        var reason = WhyNone(of, xs.Count, rms, values);
        var half = Bootstrap.HalfLengths(replicates, seed, drawn =>
        {
            var resampled = RootMeanSquares(values, drawn);
            return [LogSlope(logs, resampled), .. resampled.Select(v => Math.Log(v))];
        });
        if (replicates > 1 && !double.IsFinite(half[0]))
            reason ??= $"its 95 % interval is infinitely wide: it is zero for some of the {replicates} seeds";
        var slope = reason is null ? LogSlope(logs, rms) : double.NaN;
        return new(slope, slope - half[0], slope + half[0], rms,
            [.. rms.Select((v, i) => v * Math.Exp(-half[i + 1]))], [.. rms.Select((v, i) => v * Math.Exp(half[i + 1]))])
        {
            Reason = reason,
        };
    }

    /// <summary>
    /// Why a slope of log(rms) on log x, of <paramref name="count"/> x, would say nothing; null where it says
    /// something. Values that are the same for all x and all replicates come from runs in which nothing is random: a
    /// slope of 0, with an interval of length 0, would be read as a rate.
    /// </summary>
    private static string? WhyNone(string of, int count, double[] rms, double[,] values)
    {
        if (count < 2) return $"there is one {of}, a rate takes two";
        if (rms.All(v => v == 0)) return $"it is zero at every {of}";
        if (rms.Contains(0)) return $"it is zero at a {of}";
        if (!rms.All(double.IsFinite)) return $"it is not known at every {of}";
        var (least, most) = (values.Cast<double>().Min(Math.Abs), values.Cast<double>().Max(Math.Abs));
        return most - least <= Same * most
            ? FormattableString.Invariant($"it does not vary, it is {most:G3} at every {of} and seed")
            : null;
    }

    /// <summary>The same, not to be told for <paramref name="reason"/>, if there is not another one.</summary>
    internal PowerLaw Untold(string reason) => this with { Reason = Reason ?? reason };

    /// <summary>
    /// "The gap goes as eps^0.500, 95 % interval [0.400, 0.600]", or that <paramref name="what"/> has no rate and why.
    /// </summary>
    internal string Sentence(string what, string x) =>
        Reason is null ? $"{what} goes as {InWords(x)}" : $"{what} has no rate: {Reason}";

    /// <summary>"eps^0.500, 95 % interval [0.400, 0.600]".</summary>
    internal string InWords(string x) => FormattableString.Invariant($"{x}^{Slope:0.000}") + (double.IsFinite(Low)
        ? FormattableString.Invariant($", 95 % interval [{Low:0.000}, {High:0.000}]")
        : " (an interval takes two seeds or more)");

    /// <summary>What follows the meaning of the slope: why there is none, or none to trust; "" of a rate.</summary>
    internal string Remark => double.IsFinite(Slope) && Reason is not null ? $"; not to be trusted: {Reason}"
        : Unfitted(Reason);

    /// <summary>What follows the meaning of a number that is not there, with why; "" without a reason.</summary>
    internal static string Unfitted(string? reason) => reason is null ? "" : $"; no rate: {reason}";

    /// <summary>The least-squares slope of log(values) on <paramref name="logs"/>; NaN where there is none.</summary>
    internal static double LogSlope(IReadOnlyList<double> logs, IReadOnlyList<double> values) =>
        logs.Count < 2 || values.Contains(0) ? double.NaN
            : MathNet.Numerics.Fit.Line([.. logs], [.. values.Select(v => Math.Log(v))]).B;

    private static double[] RootMeanSquares(double[,] values, int[] replicates) =>
        [.. Enumerable.Range(0, values.GetLength(0))
            .Select(i => Math.Sqrt(replicates.Average(s => values[i, s] * values[i, s])))];
}
