using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// The stochastic Heun method z = y + h f(t, y) + S dB, y' = y + h/2 (f(t, y) + f(t + h, z)) + S dB, S = S(t, y). For
/// additive noise: strong order 1, weak order 2 where S does not depend on the time either (else 1), and order 2
/// without noise (Kloeden and Platen 1992, section 15.1, with the increments of the path). The local error
/// f' S (int B ds - h dB/2) has variance h^3/12 against h^3/3 of Euler-Maruyama: no method that sees only increments
/// has less (Clark and Cameron 1980).
/// </summary>
/// <remarks>S is taken at the start of the step, in the sense of Ito: where it depends on y the method still converges,
/// with orders 1/2 and 1.</remarks>
internal sealed class StochasticHeun(IStochasticField system, IBrownianMotion motion) : IStepper
{
    private readonly IBrownianMotion motion = StochasticMethod.Matching(motion, system);
    private readonly double[] slope = new double[system.Dimension];
    private readonly double[] noise = new double[system.Dimension];
    private readonly double[] predicted = new double[system.Dimension];
    private readonly double[] increments = new double[system.NoiseDimension];

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => 0;

    /// <inheritdoc/>
    public long Evaluations { get; private set; }

    /// <inheritdoc/>
    public string InWords => "stochastic-heun";

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        system.Evaluate(step.Start, state, slope);
        motion.Increments(step.Start, step.End, increments);
        system.Diffuse(step.Start, state, increments, noise);
        TensorPrimitives.Add(state, noise, noise);
        TensorPrimitives.MultiplyAdd(slope, step.Length, noise, predicted);
        system.Evaluate(step.End, predicted, next);
        TensorPrimitives.Add(slope, next, next);
        TensorPrimitives.MultiplyAdd(next, step.Length / 2, noise, next);
        Evaluations += 2;
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag(InWords);
        Evaluations = snapshot.Value(Evaluations);
    }
}
