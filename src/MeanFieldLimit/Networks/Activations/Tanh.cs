namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = tanh(h), s' = 1 - s^2.</summary>
internal sealed class Tanh : ITwiceDifferentiable
{
    public string Name => "tanh";

    // 2 s (1 - s^2) at s^2 = 1/3.
    public double? Curvature(double reach) => 4 / Math.Sqrt(27);

    public bool SlopeFromValue => true;

    public void Apply(ReadOnlySpan<double> h, Span<double> s) => Elementwise.Tanh(h, s);

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative) =>
        Elementwise.TanhSlope(s, derivative);

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second)
    {
        for (var j = 0; j < h.Length; j++) second[j] = -2 * s[j] * (1 - s[j] * s[j]);
    }
}
