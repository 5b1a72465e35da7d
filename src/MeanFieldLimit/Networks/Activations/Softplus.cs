using MathNet.Numerics;

namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = log(1 + e^h), s' = 1 / (1 + e^-h).</summary>
internal sealed class Softplus : ITwiceDifferentiable
{
    public string Name => "softplus";

    public double? Curvature(double reach) => 0.25;

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        // max(h, 0) + log(1 + e^-|h|) neither overflows nor cancels.
        for (var j = 0; j < h.Length; j++) s[j] = Math.Max(h[j], 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(h[j])));
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative) =>
        Elementwise.Sigmoid(h, derivative);

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second)
    {
        Elementwise.Sigmoid(h, second);
        for (var j = 0; j < h.Length; j++) second[j] *= 1 - second[j];
    }
}
