namespace MeanFieldLimit.Networks.Activations;

/// <summary>An activation that has a second derivative, which Hessians of the risk need.</summary>
public interface ITwiceDifferentiable : IActivation
{
    /// <summary>second_j = s''(h_j), given also s_j = s(h_j). The spans have one length and may not overlap.</summary>
    void SecondDerivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> second);
}
