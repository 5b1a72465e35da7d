namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h for h > 0, k h otherwise: a kink at 0, where quadrature over data should break.</summary>
internal interface IPiecewiseLinear : IActivation
{
    /// <summary>k.</summary>
    double SlopeBelow { get; }

    void IActivation.Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        var below = SlopeBelow;
        for (var j = 0; j < h.Length; j++) s[j] = h[j] > 0 ? h[j] : below * h[j];
    }

    void IActivation.Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        var below = SlopeBelow;
        for (var j = 0; j < h.Length; j++) derivative[j] = h[j] > 0 ? 1 : below;
    }
}
