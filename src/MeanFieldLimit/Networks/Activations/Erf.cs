using MathNet.Numerics;

namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = erf(h) = 2/sqrt(pi) int_0^h e^(-u^2) du.</summary>
internal sealed class Erf : IClosedPairs, ITwiceDifferentiable
{
    public string Name => "erf";

    // 2 h e^(-h^2) at h^2 = 1/2.
    public double? Curvature(double reach) => TwoOverRootPi * Math.Sqrt(2 / Math.E);

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        for (var j = 0; j < h.Length; j++) s[j] = SpecialFunctions.Erf(h[j]);
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = TwoOverRootPi * Math.Exp(-h[j] * h[j]);
    }

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second)
    {
        for (var j = 0; j < h.Length; j++) second[j] = -2 * h[j] * TwoOverRootPi * Math.Exp(-h[j] * h[j]);
    }

    // The arcsine law (Williams 1998).
    public PairMoments Over(double uu, double vv, double uv)
    {
        var scale = (1 + 2 * uu) * (1 + 2 * vv);
        return new(2 / Math.PI * Math.Asin(2 * uv / Math.Sqrt(scale)),
            4 / (Math.PI * Math.Sqrt(scale - 4 * uv * uv)));
    }

    private const double TwoOverRootPi = 1.1283791670955126;
}
