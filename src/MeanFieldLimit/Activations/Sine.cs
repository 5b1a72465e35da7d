using System.Numerics.Tensors;

namespace MeanFieldLimit.Activations;

/// <summary>s(h) = sin(h).</summary>
public sealed class Sine : IActivation
{
    /// <inheritdoc/>
    public string Name => "sine";

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> h, Span<double> s) => TensorPrimitives.Sin(h, s);

    /// <inheritdoc/>
    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative) =>
        TensorPrimitives.Cos(h, derivative);
}
