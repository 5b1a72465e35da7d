namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>The paths of one motion, then those of another: of two groups of particles in one system.</summary>
public sealed class JoinedPaths(IBrownianMotion first, IBrownianMotion second) : IBrownianMotion
{
    /// <inheritdoc/>
    public int Dimension => first.Dimension + second.Dimension;

    /// <inheritdoc/>
    public void Increments(double start, double end, Span<double> increments)
    {
        first.Increments(start, end, increments[..first.Dimension]);
        second.Increments(start, end, increments[first.Dimension..]);
    }
}
