namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h.</summary>
public sealed class Identity : IActivation
{
    /// <inheritdoc/>
    public string Name => "identity";

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> h, Span<double> s) => h.CopyTo(s);

    /// <inheritdoc/>
    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative) =>
        derivative.Fill(1);
}
