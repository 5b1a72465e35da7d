using MathNet.Numerics;

namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = erf(h) = 2/sqrt(pi) int_0^h e^(-u^2) du.</summary>
internal sealed class Erf : IActivation
{
    public string Name => "erf";

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        for (var j = 0; j < h.Length; j++) s[j] = SpecialFunctions.Erf(h[j]);
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = TwoOverRootPi * Math.Exp(-h[j] * h[j]);
    }

    private const double TwoOverRootPi = 1.1283791670955126;
}
