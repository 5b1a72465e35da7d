namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = 1 / (1 + e^-h), s' = s (1 - s).</summary>
internal sealed class Sigmoid : IActivation
{
    /// <inheritdoc/>
    public string Name => "sigmoid";

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> h, Span<double> s) => Elementwise.Sigmoid(h, s);

    /// <inheritdoc/>
    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = s[j] * (1 - s[j]);
    }
}
