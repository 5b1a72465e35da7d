namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = tanh(h), s' = 1 - s^2.</summary>
internal sealed class Tanh : IActivation
{
    public string Name => "tanh";

    public void Apply(ReadOnlySpan<double> h, Span<double> s) => Elementwise.Tanh(h, s);

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = 1 - s[j] * s[j];
    }
}
