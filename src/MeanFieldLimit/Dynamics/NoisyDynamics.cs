using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Dynamics;

/// <summary>Noisy gradient descent (<see cref="LangevinDiffusion"/>) in steps of Euler and Maruyama.</summary>
public sealed record LangevinDynamics(double Temperature, double Step) : IDynamics
{
    // Of the paths: those of another step are the same.
    private readonly double baseStep = Step;

    /// <summary>Times that no step goes across, beside those at which rates jump.</summary>
    internal IReadOnlyList<double> Stops { get; init; } = [];

    /// <inheritdoc/>
    public string InWords => FormattableString.Invariant($"langevin, temperature {Temperature:G6}, ") +
        NeuronPaths.InWords(Step);

    /// <inheritdoc/>
    public Stepping Bind(Ensemble what, Objective objective, Draw draw, IMatrixEngine engine)
    {
        var field = new LangevinDiffusion(what, objective.Velocity(what, engine), Temperature, objective.Rates);
        return NeuronPaths.Bind(field, NeuronPaths.Of(what, field.NoiseDimension / what.Size(1), draw, baseStep),
            Step, objective.Jumps.Concat(Stops));
    }
}

/// <summary>
/// SGD of step eps on batches of B as a diffusion (<see cref="SgdDiffusion"/>) in steps of Euler and Maruyama, none
/// longer than its own step.
/// </summary>
public sealed record SgdDiffusionDynamics(SgdNoise Noise, double StepOfSgd, int Batch, double Step) : IDynamics
{
    private readonly double baseStep = Step;

    /// <summary>Times that no step goes across, beside those at which rates jump.</summary>
    internal IReadOnlyList<double> Stops { get; init; } = [];

    /// <inheritdoc/>
    public string InWords => new StochasticGradientDescent(StepOfSgd, Batch).InWords +
        $" as a diffusion, noise {Names.Of(Noise)}, {NeuronPaths.InWords(Step)}";

    /// <inheritdoc/>
    public Stepping Bind(Ensemble what, Objective objective, Draw draw, IMatrixEngine engine)
    {
        var (field, points) = (new SgdDiffusion(what, objective, engine, Noise, StepOfSgd, Batch),
            objective.Data.Train.Count);
        return NeuronPaths.Bind(field, Noise == SgdNoise.Shared
            ? new BrownianPaths(Streams.Brownian(draw.Seed), points, baseStep)
            : NeuronPaths.Of(what, points, draw, baseStep), Step, objective.Jumps.Concat(Stops));
    }
}

/// <summary>Brownian paths of neurons, functions of seed and number: tracers see those of their networks.</summary>
internal static class NeuronPaths
{
    /// <summary>
    /// Paths [neuron, noise]: of a network those of the seed; of a limit with a host's seed pairs of opposite sign of
    /// that for its massive neurons, then those of the seed for its tracers.
    /// </summary>
    internal static IBrownianMotion Of(Ensemble what, int noises, Draw draw, double baseStep)
    {
        BrownianPaths Paths(ulong seed, int neurons) => new(Streams.Brownian(seed), neurons * noises, baseStep);
        if (draw.HostSeed is not { } host) return Paths(draw.Seed, what.Size(1));
        var massive = what.Massive(1);
        return new JoinedMotion(new AntitheticMotion(Paths(host, massive / 2), noises),
            Paths(draw.Seed, what.Size(1) - massive));
    }

    internal static string InWords(double step) =>
        FormattableString.Invariant($"in steps of {step:G6} by Euler and Maruyama");

    internal static Stepping Bind(IStochasticField field, IBrownianMotion paths, double step,
        IEnumerable<double> stops) =>
        new(new EulerMaruyama(field, paths), new FixedStep(step)) { Jumps = [.. stops.Order()] };
}
