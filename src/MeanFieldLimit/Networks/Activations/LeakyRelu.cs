namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h for h > 0, 0.01 h otherwise (Maas, Hannun and Ng 2013).</summary>
internal sealed class LeakyRelu : IPiecewiseLinear
{
    public string Name => "leaky-relu";

    public double SlopeBelow => Slope;

    public void Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        for (var j = 0; j < h.Length; j++) s[j] = h[j] > 0 ? h[j] : Slope * h[j];
    }

    public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        for (var j = 0; j < h.Length; j++) derivative[j] = h[j] > 0 ? 1 : Slope;
    }

    private const double Slope = 0.01;
}
