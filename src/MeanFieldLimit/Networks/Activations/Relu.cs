namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = max(0, h); s'(0) = 0.</summary>
internal sealed class Relu : IPiecewiseLinear
{
    public string Name => "relu";

    public double SlopeBelow => 0;

    public void Apply(ReadOnlySpan<double> h, Span<double> s) => TensorPrimitives.Max(h, 0.0, s);
}
