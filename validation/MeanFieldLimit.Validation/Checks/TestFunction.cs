namespace MeanFieldLimit.Validation.Checks;

/// <summary>g(theta) = a(s), s = c_1 theta_1 + c_2 theta_2, smooth; on the line s = c_1 theta_1.</summary>
/// <param name="C1">c_1.</param>
/// <param name="C2">c_2.</param>
/// <param name="Value">a.</param>
/// <param name="Slope">a'.</param>
/// <param name="Curvature">a''.</param>
internal sealed record TestFunction(double C1, double C2, Func<double, double> Value, Func<double, double> Slope,
    Func<double, double> Curvature)
{
    /// <summary>A wave, a bell and a square that bends over.</summary>
    internal static TestFunction[] All { get; } =
    [
        new(1, 0.6, s => Math.Cos(s + 0.3), s => -Math.Sin(s + 0.3), s => -Math.Cos(s + 0.3)),
        new(1, -0.8, s => Math.Exp(-s * s / 2), s => -s * Math.Exp(-s * s / 2),
            s => (s * s - 1) * Math.Exp(-s * s / 2)),
        new(0.7, 1, s => s * s / (1 + s * s), s => 2 * s / Math.Pow(1 + s * s, 2),
            s => (2 - 6 * s * s) / Math.Pow(1 + s * s, 3)),
    ];

    /// <summary>grad g and laplace g.</summary>
    internal (double[] Gradient, double Laplacian) Derivatives(ReadOnlySpan<double> theta)
    {
        var s = At(theta);
        return theta.Length == 1
            ? ([C1 * Slope(s)], C1 * C1 * Curvature(s))
            : ([C1 * Slope(s), C2 * Slope(s)], (C1 * C1 + C2 * C2) * Curvature(s));
    }

    /// <summary>int g d mu of each function.</summary>
    internal static double[] Means(double[] points, double[] masses, int dimension) => [.. All.Select(g =>
    {
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++)
            sum += masses[i] * g.Value(g.At(points.AsSpan(i * dimension, dimension)));
        return sum;
    })];

    private double At(ReadOnlySpan<double> theta) => C1 * theta[0] + (theta.Length > 1 ? C2 * theta[1] : 0);
}
