namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = sin(h).</summary>
internal sealed class Sine : IActivation
{
    public string Name => "sine";

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        for (var j = 0; j < h.Length; j++) s[j] = Math.Sin(h[j]);
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = Math.Cos(h[j]);
    }
}
