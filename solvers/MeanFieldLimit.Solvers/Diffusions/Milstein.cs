using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Milstein's method for diagonal noise, y_i' = y_i + h f_i + S_i dB_i + 1/2 S_i dS_i/dy_i (dB_i^2 - h): strong order
/// 1 where S_i depends on y_i alone, weak order 1 (Kloeden and Platen 1992, section 10.3).
/// </summary>
/// <remarks>
/// Where S_i sees the other particles through mu, the terms sum_j dS_i/dy_j S_j int int dB_j dB_i, each O(1/N), are
/// left out: the strong error is O(h + sqrt(h / N)), and order 1 holds for the mean-field limit (Bao, Reisinger, Ren
/// and Stockinger, First-order convergence of Milstein schemes for McKean-Vlasov equations, Proc. R. Soc. A 477, 2021).
/// </remarks>
internal sealed class Milstein : IStepper
{
    private readonly IDiagonalNoise system;
    private readonly IBrownianMotion motion;
    private readonly double[] velocity, increments, deviations, slopes;

    /// <summary>The method on a system with diagonal noise.</summary>
    /// <exception cref="ArgumentException">The noise is not diagonal, or the motion has another dimension.</exception>
    public Milstein(IStochasticField system, IBrownianMotion motion)
    {
        this.system = system is IDiagonalNoise { HasDiagonalNoise: true } diagonal ? diagonal
            : throw new ArgumentException(
                "milstein needs diagonal noise with its derivatives: give them, or use euler-maruyama");
        this.motion = StochasticMethod.Matching(motion, system);
        velocity = new double[system.Dimension];
        increments = new double[system.Dimension];
        deviations = new double[system.Dimension];
        slopes = new double[system.Dimension];
    }

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => 0;

    /// <inheritdoc/>
    public long Evaluations { get; private set; }

    /// <inheritdoc/>
    public string InWords => "milstein";

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        var h = step.Length;
        system.Evaluate(step.Start, state, velocity);
        system.Diagonal(step.Start, state, deviations, slopes);
        motion.Increments(step.Start, step.End, increments);
        for (var i = 0; i < next.Length; i++)
        {
            var (s, b) = (deviations[i], increments[i]);
            next[i] = state[i] + h * velocity[i] + s * b + 0.5 * s * slopes[i] * (b * b - h);
        }
        Evaluations++;
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag(InWords);
        Evaluations = snapshot.Value(Evaluations);
    }
}
