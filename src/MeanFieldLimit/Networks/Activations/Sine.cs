namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = sin(h).</summary>
internal sealed class Sine : IClosedPairs, ITwiceDifferentiable
{
    public string Name => "sine";

    public double? Curvature(double reach) => 1;

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        for (var j = 0; j < h.Length; j++) s[j] = Math.Sin(h[j]);
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = Math.Cos(h[j]);
    }

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second) =>
        TensorPrimitives.Negate(s, second);

    // cos(u - v) and cos(u + v) have the expectations e^(-E(u -+ v)^2 / 2); ExpM1 keeps the difference of two that are
    // nearly equal.
    public PairMoments Over(double uu, double vv, double uv)
    {
        var apart = Math.Exp(Math.Abs(uv) - (uu + vv) / 2);
        var ratio = double.ExpM1(-2 * Math.Abs(uv));
        return new(Math.CopySign(apart * ratio, uv) / 2, apart * (2 + ratio) / 2);
    }
}
