using MathNet.Numerics;

namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h Phi(h), Phi the normal distribution function (Hendrycks and Gimpel 2016, exact form).</summary>
internal sealed class Gelu : ITwiceDifferentiable
{
    public string Name => "gelu";

    // (2 - h^2) phi(h) at h = 0.
    public double? Curvature(double reach) => 2 * OneOverRootTwoPi;

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        for (var j = 0; j < h.Length; j++) s[j] = h[j] * Phi(h[j]);
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++)
            derivative[j] = Phi(h[j]) + h[j] * OneOverRootTwoPi * Math.Exp(-h[j] * h[j] / 2);
    }

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second)
    {
        for (var j = 0; j < h.Length; j++) second[j] = (2 - h[j] * h[j]) * OneOverRootTwoPi * Math.Exp(-h[j] * h[j] / 2);
    }

    private const double OneOverRootTwoPi = 0.3989422804014327;

    private static double Phi(double h) => 0.5 * SpecialFunctions.Erfc(-h / Math.Sqrt(2));
}
