namespace MeanFieldLimit.Validation.Checks;

/// <summary>g(theta) = a(s), s = c_1 theta_1 + c_2 theta_2, smooth; on the line s = c_1 theta_1.</summary>
internal sealed record TestFunction(double[] C, Func<double, double> Value, Func<double, double> Slope,
    Func<double, double> Curvature)
{
    /// <summary>A wave, a bell and a square that bends over.</summary>
    internal static TestFunction[] All { get; } =
    [
        new([1, 0.6], s => Math.Cos(s + 0.3), s => -Math.Sin(s + 0.3), s => -Math.Cos(s + 0.3)),
        new([1, -0.8], s => Math.Exp(-s * s / 2), s => -s * Math.Exp(-s * s / 2),
            s => (s * s - 1) * Math.Exp(-s * s / 2)),
        new([0.7, 1], s => s * s / (1 + s * s), s => 2 * s / Math.Pow(1 + s * s, 2),
            s => (2 - 6 * s * s) / Math.Pow(1 + s * s, 3)),
    ];

    /// <summary>grad g and laplace g.</summary>
    internal (double[] Gradient, double Laplacian) Derivatives(ReadOnlySpan<double> theta)
    {
        var (s, c) = (At(theta), C[..theta.Length]);
        return ([.. c.Select(a => a * Slope(s))], c.Sum(a => a * a) * Curvature(s));
    }

    /// <summary>int g d mu of each function.</summary>
    internal static double[] Means(double[] points, double[] masses, int dimension) => [.. All.Select(g =>
        masses.Select((m, i) => m * g.Value(g.At(points.AsSpan(i * dimension, dimension)))).Sum())];

    private double At(ReadOnlySpan<double> theta)
    {
        var s = 0.0;
        for (var k = 0; k < theta.Length; k++) s += C[k] * theta[k];
        return s;
    }
}
