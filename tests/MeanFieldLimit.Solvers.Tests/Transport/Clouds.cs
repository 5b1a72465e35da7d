namespace MeanFieldLimit.Solvers.Tests.Transport;

/// <summary>Random measures and brute force for the transport tests.</summary>
internal static class Clouds
{
    public static DiscreteMeasure Random(int count, int dimension, ulong seed, bool equalMasses = false)
    {
        var points = new double[count * dimension];
        new RandomStream(seed, 0).FillNormal(0, points);
        if (equalMasses) return DiscreteMeasure.Uniform(dimension, points);
        var masses = new double[count];
        new RandomStream(seed, 1).FillUniform(0, masses);
        var sum = masses.Sum();
        return new(dimension, points, [.. masses.Select(m => m / sum)]);
    }

    public static DiscreteMeasure Moved(DiscreteMeasure measure, Func<double, int, double> map) =>
        new(measure.Dimension, [.. measure.Points.Select((x, k) => map(x, k % measure.Dimension))], measure.Masses);

    /// <summary>|x_i - y_j|^p.</summary>
    public static Func<int, int, double> Cost(DiscreteMeasure a, DiscreteMeasure b, double p) => (i, j) =>
        Math.Pow(Enumerable.Range(0, a.Dimension).Sum(k =>
            Math.Pow(a.Points[i * a.Dimension + k] - b.Points[j * a.Dimension + k], 2)), p / 2);

    /// <summary>The least mean cost over all n! permutations.</summary>
    public static double BestPermutation(int n, Func<int, int, double> cost)
    {
        double Best(int i, int used) => i == n
            ? 0
            : Enumerable.Range(0, n).Where(j => (used >> j & 1) == 0)
                .Min(j => cost(i, j) + Best(i + 1, used | 1 << j));
        return Best(0, 0) / n;
    }
}
