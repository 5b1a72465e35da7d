using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h / (1 + |h|), s' = 1 / (1 + |h|)^2 = (1 - |s|)^2.</summary>
public sealed class Softsign : IActivation
{
    public string Name => "softsign";

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        for (var j = 0; j < h.Length; j++) s[j] = h[j] / (1 + Math.Abs(h[j]));
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = (1 - Math.Abs(s[j])) * (1 - Math.Abs(s[j]));
    }
}

/// <summary>f(x) = |x_1|.</summary>
public sealed class Fold : ITarget
{
    public string Name => "fold";

    public bool HasKinks => true;

    public double Value(ReadOnlySpan<double> x) => Math.Abs(x[0]);
}
