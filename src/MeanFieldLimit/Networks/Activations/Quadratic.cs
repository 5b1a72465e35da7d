namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h^2.</summary>
internal sealed class Quadratic : IClosedPairs, ITwiceDifferentiable
{
    public string Name => "quadratic";

    public double? Curvature(double reach) => 2;

    public void Apply(ReadOnlySpan<double> h, Span<double> s) => TensorPrimitives.Multiply(h, h, s);

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative) =>
        TensorPrimitives.Add(h, h, derivative);

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second) =>
        second.Fill(2);

    public PairMoments Over(double uu, double vv, double uv) => new(uu * vv + 2 * uv * uv, 4 * uv);
}
