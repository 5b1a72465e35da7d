namespace MeanFieldLimit.Networks.Activations;

/// <summary>An activation s: R -> R, applied elementwise to the pre-activations of a layer.</summary>
public interface IActivation : INamed
{
    /// <summary>
    /// A bound of |s''| on [-reach, reach], for an activation without kinks; null where none is known.
    /// </summary>
    double? Curvature(double reach) => null;

    /// <summary>Whether <see cref="Derivative"/> reads s alone, so that h need not be kept.</summary>
    bool SlopeFromValue => false;

    /// <summary>s_j = s(h_j). The spans have one length and may not overlap unless they are equal.</summary>
    void Apply(ReadOnlySpan<double> h, Span<double> s);

    /// <summary>
    /// derivative_j = s'(h_j), given also s_j = s(h_j), from which many derivatives come free
    /// (tanh' = 1 - tanh^2). At a kink the derivative from the left.
    /// </summary>
    void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative);
}
