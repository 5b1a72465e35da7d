namespace MeanFieldLimit.Validation.Statistics;

/// <summary>
/// The bound of the coupling theorem up to its constant: with probability at least 1 - delta the gap is at most
/// C sqrt(log(max N / delta)) (1/sqrt(min N) + sqrt(eps)) (Nguyen and Pham, arXiv:2001.11443). Here all widths are N;
/// the quantile is that of the gap at 1 - delta, and the step eps is 0 for the gradient flow.
/// </summary>
internal readonly record struct JointPoint(int Width, double Step, double Quantile)
{
    internal double Bound(double delta) => Logarithm(delta) * (1 / Math.Sqrt(Width) + Math.Sqrt(Step));

    /// <summary>The quantile over <see cref="Bound"/>: what C must not be below.</summary>
    internal double Ratio(double delta) => Quantile / Bound(delta);

    /// <summary>
    /// The constants a, b of sqrt(log(N / delta)) (a/sqrt(N) + b sqrt(eps)), not negative, least squares of the
    /// relative misfit: how much of the gap width and step make each.
    /// </summary>
    internal static (double Width, double Step) Separate(IReadOnlyList<JointPoint> points, double delta)
    {
        double[] a = [.. points.Select(p => p.Logarithm(delta) / Math.Sqrt(p.Width) / p.Quantile)],
            b = [.. points.Select(p => p.Logarithm(delta) * Math.Sqrt(p.Step) / p.Quantile)];
        double aa = a.Sum(v => v * v), ab = a.Zip(b, (v, w) => v * w).Sum(), bb = b.Sum(v => v * v),
            ay = a.Sum(), by = b.Sum();
        var determinant = aa * bb - ab * ab;
        var (width, step) = ((bb * ay - ab * by) / determinant, (aa * by - ab * ay) / determinant);
        if (!(determinant > 0) || step < 0) return (ay / aa, 0);
        return width < 0 ? (0, by / bb) : (width, step);
    }

    /// <summary>The smallest value that at least the part 1 - delta of them does not exceed.</summary>
    internal static double QuantileOf(IEnumerable<double> values, double delta)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling((1 - delta) * sorted.Length - 1e-9) - 1, 0, sorted.Length - 1)];
    }

    private double Logarithm(double delta) => Math.Sqrt(Math.Log(Width / delta));
}
