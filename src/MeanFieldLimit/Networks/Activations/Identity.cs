namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h.</summary>
internal sealed class Identity : IClosedPairs, ITwiceDifferentiable
{
    public string Name => "identity";

    public double? Curvature(double reach) => 0;

    public void Apply(ReadOnlySpan<double> h, Span<double> s) => h.CopyTo(s);

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative) =>
        derivative.Fill(1);

    public void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second) =>
        second.Clear();

    public PairMoments Over(double uu, double vv, double uv) => new(uv, 1);
}
