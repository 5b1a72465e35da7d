using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MeanFieldLimit.Validation.Statistics;

/// <summary>
/// 95 % intervals of statistics of S replicates, estimate +- t_{0.975, S-1} sqrt(S/(S-1)) s, s the standard deviation
/// over 2000 bootstrap samples of the replicates.
/// </summary>
/// <remarks>
/// The percentiles of the bootstrap samples would be the other choice. With few replicates they are far too narrow:
/// two have three distinct samples.
/// </remarks>
internal static class Bootstrap
{
    private const int Resamples = 2000;
    private const double Confidence = 0.95;

    /// <summary>
    /// Half the lengths of the intervals of <paramref name="statistics"/>, which maps the replicates drawn to numbers;
    /// NaN for a single replicate.
    /// </summary>
    internal static double[] HalfLengths(int replicates, ulong seed, Func<int[], double[]> statistics)
    {
        double[][] drawn = [.. Draws(replicates, seed, Resamples).Select(statistics)];
        var factor = replicates > 1 ? Student(replicates) * Math.Sqrt(replicates / (replicates - 1.0)) : double.NaN;
        return [.. drawn[0].Select((_, i) => factor * drawn.Select(d => d[i]).StandardDeviation())];
    }

    /// <summary>t_{0.975, S-1}: half the length of a 95 % interval in standard errors that S samples tell.</summary>
    internal static double Student(int samples) => StudentT.InvCDF(0, 1, samples - 1, (1 + Confidence) / 2);

    /// <summary>Samples of the replicates, with replacement.</summary>
    internal static IEnumerable<int[]> Draws(int replicates, ulong seed, int samples)
    {
        var stream = Streams.Bootstrap(seed);
        return Enumerable.Range(0, samples).Select(r => Enumerable.Range(0, replicates)
            .Select(s => stream.Below((ulong)r * (ulong)replicates + (ulong)s, replicates)).ToArray());
    }
}
