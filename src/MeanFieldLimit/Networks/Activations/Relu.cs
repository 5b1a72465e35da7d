namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = max(0, h); s'(0) = 0.</summary>
internal sealed class Relu : IPiecewiseLinear
{
    /// <inheritdoc/>
    public string Name => "relu";

    /// <inheritdoc/>
    public double SlopeBelow => 0;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> h, Span<double> s) => TensorPrimitives.Max(h, 0.0, s);

    /// <inheritdoc/>
    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = h[j] > 0 ? 1 : 0;
    }
}
