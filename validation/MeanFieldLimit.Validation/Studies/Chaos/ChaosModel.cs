using MeanFieldLimit.Limits.Particles;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>
/// The networks and limits of a problem with noise, ready to step. A neuron's Brownian paths depend on the seed and its
/// number alone, so that narrow networks are parts of wide ones, and tracers see the paths of the neurons they stand
/// for.
/// </summary>
internal sealed class ChaosModel
{
    private readonly Model model;
    private readonly ChaosSpec chaos;

    internal ChaosModel(Model model)
    {
        (this.model, chaos) = (model, model.Problem.Chaos!);
        Times = [.. Enumerable.Range(0, chaos.Steps + 1).Select(k => model.SaveTimes[^1] * k / chaos.Steps)];
    }

    internal Model Model => model;

    /// <summary>The ends of the steps, 0 first.</summary>
    internal double[] Times { get; }

    /// <summary>The step of SGD that a network of a width stands for: gamma N^(beta - 1).</summary>
    internal double StepOfSgd(double beta, int width) => chaos.Gamma * Math.Pow(width, beta - 1);

    internal Ensemble Sample(int width, ulong seed) => model.Embedding.Sample([width], seed);

    /// <summary>A run without anything that moves yet, looked at after every step; no step goes across jumps.</summary>
    internal Run NewRun(Machine machine) => new(model, machine with { Threads = 1 })
    {
        Progress = machine.Show("networks", Times[^1]),
        SaveTimes = [.. Times.Concat(model.Objective.Jumps.Where(t => t < Times[^1])).Distinct().Order()],
    };

    /// <summary>A network; without noise where <paramref name="noise"/> is null.</summary>
    internal Mover Network(Run run, Ensemble network, ulong seed, ChaosNoise? noise, double step) =>
        run.Add(network, Motion(noise, step), new(seed));

    /// <summary>
    /// The limit with the neurons of a network as tracers on the paths of <paramref name="seed"/>. Where neurons have
    /// noise of their own, its law is a mean over that too: each node of the types becomes particles on several paths,
    /// in pairs of opposite sign. With <paramref name="other"/> it is on other nodes and other paths, to compare with.
    /// </summary>
    internal Mover Limit(Run run, Ensemble network, ulong seed, ChaosNoise? noise, double step, bool other = false)
    {
        var limit = new ParticleLimit(model);
        var host = (other ? limit.OnOtherNodes() : limit).Initial;
        var isOwn = noise is ChaosNoise.PerParticle or ChaosNoise.Langevin;
        if (isOwn) host = host.Split(chaos.Paths);
        // Every replicate has a host of its own: what its paths make of the law is one more independent draw, which the
        // intervals over replicates cover, in place of one error that all of them share.
        ulong? own = !isOwn ? null : other ? Streams.OtherHostPaths(seed) : Streams.HostPaths(seed);
        return run.Add(model.Embedding.WithTracers(host, network), Motion(noise, step), new(seed, own));
    }

    /// <summary>
    /// Refuses steps of Euler's method above the bound of stability, 2 over the spectral radius at the initial limit.
    /// Of piecewise linear activations nothing is known: a kink crossed on the way makes any radius (MNIST, ReLU:
    /// 1500).
    /// </summary>
    /// <exception cref="ProblemException">They are.</exception>
    internal void CheckStep(IMatrixEngine engine)
    {
        var limit = model.InitialLimit();
        if (limit.Architecture.HasKinks) return;
        double Bound(IStochasticField field) =>
            MeanSquareStep.Bound(field, 0, limit.State, StochasticMethod.Find("euler-maruyama"));
        var bound = Bound(new SgdDiffusion(limit, model.Objective, engine, SgdNoise.Shared, 0, chaos.Batch));
        if (chaos.Noise.Contains(ChaosNoise.Langevin))
            bound = Math.Min(bound, Bound(new LangevinDiffusion(limit,
                model.Objective.Velocity(limit, engine), model.Temperature, model.Schedules)));
        if (Times[1] > bound)
            throw model.Loaded.Error("$.chaos.steps",
                $"steps must be at least training.time over the bound of stability {bound:G3}, got {chaos.Steps}; " +
                $"use {Math.Ceiling(Times[^1] / bound):G6} or more");
    }

    private IDynamics Motion(ChaosNoise? noise, double step) => noise switch
    {
        null => new GradientFlow("euler", Step: Times[1]),
        ChaosNoise.Langevin => new LangevinDynamics(model.Temperature, Times[1]),
        _ => new SgdDiffusionDynamics(noise == ChaosNoise.Shared ? SgdNoise.Shared : SgdNoise.PerParticle, step,
            chaos.Batch, Times[1]),
    };
}
