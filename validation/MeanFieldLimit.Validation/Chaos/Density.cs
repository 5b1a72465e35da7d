using MathNet.Numerics.Statistics;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Transport;

namespace MeanFieldLimit.Validation.Chaos;

/// <summary>Densities of samples.</summary>
internal static class Density
{
    private const int Points = 200;

    /// <summary>The Wasserstein distance of order 1 of two samples.</summary>
    internal static double Wasserstein(double[] a, double[] b) =>
        WassersteinLine.Between(DiscreteMeasure.Uniform(1, a), DiscreteMeasure.Uniform(1, b), p: 1).Distance;

    /// <summary>
    /// What <see cref="Wasserstein"/> is on average for two independent samples of one law F, of sizes n and m:
    /// sqrt(2/pi (1/n + 1/m)) int sqrt(F (1 - F)) dx, F that of <paramref name="sample"/>, of size m.
    /// </summary>
    internal static double Sampling(double[] sample, int n)
    {
        double[] sorted = [.. sample.Order()];
        var m = (double)sorted.Length;
        return Math.Sqrt(2 / Math.PI * (1.0 / n + 1 / m)) * Enumerable.Range(1, sorted.Length - 1)
            .Sum(i => Math.Sqrt(i / m * (1 - i / m)) * (sorted[i] - sorted[i - 1]));
    }

    /// <summary>The outline of the histogram of a sample on equal bins, normalised over all of the sample.</summary>
    internal static (double[] Xs, double[] Ys) Histogram(double[] sample, double low, double high, int bins)
    {
        var counts = new int[bins];
        foreach (var value in sample)
            if (value >= low && value < high) counts[Math.Min(bins - 1, (int)((value - low) / (high - low) * bins))]++;
        var width = (high - low) / bins;
        return ([.. Enumerable.Range(0, 2 * bins).Select(i => low + (i + 1) / 2 * width)],
            [.. Enumerable.Range(0, 2 * bins).Select(i => counts[i / 2] / (sample.Length * width))]);
    }

    /// <summary>
    /// The Gaussian kernel density of a sample, bandwidth 0.9 min(s, IQR / 1.34) n^(-1/5) (Silverman 1986, 3.31).
    /// </summary>
    internal static (double[] Xs, double[] Ys) Smooth(double[] sample, double low, double high)
    {
        var spread = Math.Min(sample.StandardDeviation(), sample.InterquartileRange() / 1.34);
        var bandwidth = 0.9 * Math.Max(spread, 1e-12) * Math.Pow(sample.Length, -0.2);
        double[] xs = [.. Enumerable.Range(0, Points).Select(i => low + (high - low) * i / (Points - 1))];
        return (xs, [.. xs.Select(x => sample.Average(v => Math.Exp(-0.5 * Math.Pow((x - v) / bandwidth, 2)))
            / (bandwidth * Math.Sqrt(2 * Math.PI)))]);
    }
}
