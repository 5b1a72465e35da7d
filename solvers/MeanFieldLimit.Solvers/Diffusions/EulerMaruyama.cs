using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// The Euler-Maruyama method y' = y + h f(t, y) + S(t, y) (B(t + h) - B(t)): strong order 1/2, or 1 where S does not
/// depend on y; weak order 1 (Kloeden and Platen 1992, section 10.2).
/// </summary>
public sealed class EulerMaruyama(IStochasticField system, IBrownianMotion motion) : IStepper
{
    private readonly IBrownianMotion motion = StochasticMethod.Matching(motion, system);
    private readonly double[] velocity = new double[system.Dimension];
    private readonly double[] increments = new double[system.NoiseDimension];

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => 0;

    /// <inheritdoc/>
    public long Evaluations { get; private set; }

    /// <inheritdoc/>
    public string InWords => "euler-maruyama";

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        system.Evaluate(step.Start, state, velocity);
        motion.Increments(step.Start, step.End, increments);
        system.Diffuse(step.Start, state, increments, next);
        TensorPrimitives.MultiplyAdd(velocity, step.Length, next, next);
        TensorPrimitives.Add(next, state, next);
        Evaluations++;
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag(InWords);
        Evaluations = snapshot.Value(Evaluations);
    }
}
