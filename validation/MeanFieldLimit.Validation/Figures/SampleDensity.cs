namespace MeanFieldLimit.Validation.Figures;

/// <summary>Densities of samples, as curves.</summary>
internal static class SampleDensity
{
    private const int Points = 200;

    // Kernels of this part of the distance between neighbours leave no dips between nodes of a quadrature rule.
    private const double OfSpacing = 0.6;

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
    /// Gaussian kernel density of bandwidth 0.9 min(s, IQR / 1.34) n^(-1/5) (Silverman 1986, 3.31). Points with masses
    /// of the sum 1 count as n = 1 / (sum of squares of the masses), equal ones as one.
    /// </summary>
    internal static (double[] Xs, double[] Ys) Smooth(double[] points, double[] masses, double low, double high)
    {
        (points, masses) = Merged(points, masses);
        var mean = TensorPrimitives.Dot<double>(points, masses);
        var deviation = Math.Sqrt(points.Zip(masses, (v, m) => m * Math.Pow(v - mean, 2)).Sum());
        var spread = Math.Min(deviation, (Quantile(points, masses, 0.75) - Quantile(points, masses, 0.25)) / 1.34);
        // Between neighbours, as a point of the mass sees it; nodes are more even than a sample.
        var spacing = Enumerable.Range(0, points.Length).Sum(i => masses[i]
            * (points[Math.Min(i + 1, points.Length - 1)] - points[Math.Max(i - 1, 0)]) / 2);
        // Much of the mass in almost one place would make a peak between two points of the curve.
        var bandwidth = Math.Max(Math.Max((high - low) / (Points - 1), OfSpacing * spacing),
            0.9 * spread * Math.Pow(TensorPrimitives.Dot<double>(masses, masses), 0.2));
        double[] xs = [.. Enumerable.Range(0, Points).Select(i => low + (high - low) * i / (Points - 1))];
        return (xs, [.. xs.Select(x => points.Zip(masses, (v, m) =>
            m * Math.Exp(-0.5 * Math.Pow((x - v) / bandwidth, 2))).Sum() / (bandwidth * Math.Sqrt(2 * Math.PI)))]);
    }

    /// <summary>Points in increasing order, those of one place being one, as on a tensor grid.</summary>
    private static (double[] Points, double[] Masses) Merged(double[] points, double[] masses)
    {
        var order = Enumerable.Range(0, points.Length).OrderBy(i => points[i]).ToArray();
        List<double> places = [], sums = [];
        var same = 1e-9 * (points[order[^1]] - points[order[0]]);
        foreach (var i in order)
            if (places.Count > 0 && points[i] - places[^1] <= same) sums[^1] += masses[i];
            else
            {
                places.Add(points[i]);
                sums.Add(masses[i]);
            }
        return ([.. places], [.. sums]);
    }

    /// <summary>The same of a sample, whose points have equal masses.</summary>
    internal static (double[] Xs, double[] Ys) Smooth(double[] sample, double low, double high) =>
        Smooth(sample, [.. Enumerable.Repeat(1.0 / sample.Length, sample.Length)], low, high);

    /// <summary>The first point, in increasing order, up to which there is a share u of the masses.</summary>
    internal static double Quantile(double[] points, double[] masses, double u)
    {
        var order = Enumerable.Range(0, points.Length).OrderBy(i => points[i]).ToArray();
        var (i, sum) = (0, masses[order[0]]);
        for (var wanted = u * masses.Sum(); sum < wanted && i < order.Length - 1;) sum += masses[order[++i]];
        return points[order[i]];
    }
}
