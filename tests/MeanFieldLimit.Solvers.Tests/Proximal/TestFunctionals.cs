namespace MeanFieldLimit.Solvers.Tests.Proximal;

/// <summary>
/// int V d mu + 1/2 int int W(x - y) d mu d mu on R^d, with V(x) = sum_j v(x_j) and W(x) = sum_j w(x_j), v and w being
/// a x^2 / 2 + b cos(k x + s) with their own coefficients.
/// </summary>
internal sealed class Waved(int dimension, Wave v, Wave w) : IFunctional
{
    public int Dimension => dimension;

    internal static Waved Random(int dimension, RandomStream random)
    {
        // a_W may be negative, as long as a_V keeps points from running away.
        Wave Draw(ulong first, double least) => new(least + random.Uniform(first), 2 * random.Normal(first + 1),
            1 + 2 * random.Uniform(first + 2), 6 * random.Uniform(first + 3));
        return new(dimension, Draw(0, 0.6), Draw(4, -0.5) with { S = 0 });
    }

    public double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++)
            for (var j = 0; j < dimension; j++)
            {
                sum += masses[i] * v.Value(points[i * dimension + j]);
                for (var k = 0; k < masses.Length; k++)
                    sum += masses[i] * masses[k] / 2 * w.Value(points[i * dimension + j] - points[k * dimension + j]);
            }
        return sum;
    }

    public void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation) =>
        throw new NotSupportedException();

    public void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient)
    {
        for (var i = 0; i < masses.Length; i++)
            for (var j = 0; j < dimension; j++)
            {
                var sum = v.Slope(points[i * dimension + j]);
                for (var k = 0; k < masses.Length; k++)
                    sum += masses[k] * w.Slope(points[i * dimension + j] - points[k * dimension + j]);
                gradient[i * dimension + j] = sum;
            }
    }
}

/// <summary>a x^2 / 2 + b cos(k x + s).</summary>
internal readonly record struct Wave(double A, double B = 0, double K = 0, double S = 0)
{
    internal double Value(double x) => A * x * x / 2 + B * Math.Cos(K * x + S);

    internal double Slope(double x) => A * x - B * K * Math.Sin(K * x + S);
}
