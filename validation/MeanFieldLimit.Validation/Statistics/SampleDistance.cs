namespace MeanFieldLimit.Validation.Statistics;

/// <summary>The Wasserstein distance of order 1 of samples, and what of it is chance.</summary>
internal static class SampleDistance
{
    internal static double Between(double[] a, double[] b) =>
        NeuronLaw.Scaled(DiscreteMeasure.Uniform(1, a), DiscreteMeasure.Uniform(1, b),
            (x, y) => WassersteinLine.Between(x, y, p: 1).Distance);

    /// <summary>
    /// What <see cref="Between"/> is on average for two independent samples of one law F, of sizes n and m:
    /// sqrt(2/pi (1/n + 1/m)) int sqrt(F (1 - F)) dx, F that of <paramref name="sample"/>, of size m.
    /// </summary>
    internal static double OfChance(double[] sample, int n)
    {
        double[] sorted = [.. sample.Order()];
        var m = (double)sorted.Length;
        return Math.Sqrt(2 / Math.PI * (1.0 / n + 1 / m)) * Enumerable.Range(1, sorted.Length - 1)
            .Sum(i => Math.Sqrt(i / m * (1 - i / m)) * (sorted[i] - sorted[i - 1]));
    }
}
