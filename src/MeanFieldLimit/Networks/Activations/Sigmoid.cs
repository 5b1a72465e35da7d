namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = 1 / (1 + e^-h), s' = s (1 - s).</summary>
internal sealed class Sigmoid : ITwiceDifferentiable
{
    public string Name => "sigmoid";

    // s (1 - s) (1 - 2 s) at s = 1/2 - 1/sqrt(12).
    public double? Curvature(double reach) => 1 / Math.Sqrt(108);

    public bool SlopeFromValue => true;

    public void Apply(ReadOnlySpan<double> h, Span<double> s) => Elementwise.Sigmoid(h, s);

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = s[j] * (1 - s[j]);
    }

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second)
    {
        for (var j = 0; j < h.Length; j++) second[j] = s[j] * (1 - s[j]) * (1 - 2 * s[j]);
    }
}
