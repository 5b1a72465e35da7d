namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h for h > 0, k h otherwise: a kink at 0, where quadrature over data should break.</summary>
internal interface IPiecewiseLinear : IActivation
{
    /// <summary>k.</summary>
    double SlopeBelow { get; }
}
