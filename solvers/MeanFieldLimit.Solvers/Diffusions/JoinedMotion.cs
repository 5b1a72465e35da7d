using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Motions side by side, the paths of the first one first: the common noise, then that of the particles, then that of
/// tracers, which may have the paths of particles of another system.
/// </summary>
public sealed class JoinedMotion(params IBrownianMotion[] motions) : IBrownianMotion
{
    /// <inheritdoc/>
    public int Dimension { get; } =
        ArraySize.Of("motions", "join fewer", motions.Sum(m => (long)m.Dimension));

    /// <inheritdoc/>
    public void Increments(double start, double end, Span<double> increments)
    {
        foreach (var motion in motions)
        {
            motion.Increments(start, end, increments[..motion.Dimension]);
            increments = increments[motion.Dimension..];
        }
    }
}
