using MeanFieldLimit.Data;
using MeanFieldLimit.Diffusions;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Solvers.Diffusions;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Checks;

namespace MeanFieldLimit.Validation.Chaos;

/// <summary>
/// The networks and limits of a problem with noise, ready to step. A neuron's Brownian paths depend on the seed and its
/// number alone, so that narrow networks are parts of wide ones, and tracers see the paths of the neurons they stand
/// for.
/// </summary>
internal sealed class ChaosModel
{
    private readonly Model model;
    private readonly ChaosSpec chaos;
    private readonly CancellationToken cancellation;

    internal ChaosModel(Model model, CancellationToken cancellation)
    {
        (this.model, chaos, this.cancellation) = (model, model.Problem.Chaos!, cancellation);
        Times = [.. Enumerable.Range(0, chaos.Steps + 1).Select(k => model.SaveTimes[^1] * k / chaos.Steps)];
    }

    /// <summary>The ends of the steps, 0 first.</summary>
    internal double[] Times { get; }

    /// <summary>The step of SGD that a network of a width stands for: gamma N^(beta - 1).</summary>
    internal double StepOfSgd(double beta, int width) => chaos.Gamma * Math.Pow(width, beta - 1);

    internal Ensemble Sample(int width, ulong seed) => model.Embedding.Sample([width], seed);

    /// <summary>A network; without noise where <paramref name="noise"/> is null.</summary>
    internal ChaosRun Network(Ensemble network, ulong seed, ChaosNoise? noise, double step, IMatrixEngine engine) =>
        Begin(network, noise, step, engine, n => Paths(noise, network.Size(1), n, seed));

    /// <summary>
    /// The limit with the neurons of a network as tracers on the paths of <paramref name="seed"/>. Where neurons have
    /// noise of their own, its law is a mean over that too: each node of the types becomes particles on several paths,
    /// in pairs of opposite sign. With <paramref name="other"/> it is on other nodes and other paths, to compare with.
    /// </summary>
    internal ChaosRun Limit(Ensemble network, ulong seed, ChaosNoise? noise, double step, IMatrixEngine engine,
        bool other = false)
    {
        var host = other ? model.InitialLimitOnOtherNodes() : model.InitialLimit();
        if (noise is null or ChaosNoise.Shared)
            return Begin(model.Embedding.WithTracers(host, network), noise, step, engine,
                n => Paths(noise, 0, n, seed));
        host = SplitLimit.Of(host, chaos.Paths, 0, seed);
        // Every replicate has a host of its own: what its paths make of the law is one more independent draw, which the
        // intervals over replicates cover, in place of one error that all of them share.
        var own = Streams.Replicate(seed, other ? -2 : -1);
        return Begin(model.Embedding.WithTracers(host, network), noise, step, engine, n => new JoinedMotion(
            new AntitheticMotion(Paths(noise, host.Size(1) / 2, n, own), n), Paths(noise, network.Size(1), n, seed)));
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
        var bound = Bound(Sgd(limit, ChaosNoise.Shared, 0, engine));
        if (chaos.Noise.Contains(ChaosNoise.Langevin)) bound = Math.Min(bound, Bound(Langevin(limit, engine)));
        if (Times[1] > bound)
            throw model.Loaded.Error("$.chaos.steps",
                $"steps must be at least training.time over the bound of stability {bound:G3}, got {chaos.Steps}; " +
                $"use {Math.Ceiling(Times[^1] / bound):G6} or more");
    }

    private BrownianPaths Paths(ChaosNoise? noise, int particles, int noises, ulong seed) => new(
        Streams.Brownian(seed), (noise == ChaosNoise.Shared ? 1 : particles) * noises, Times[1]);

    private ChaosRun Begin(Ensemble ensemble, ChaosNoise? noise, double step, IMatrixEngine engine,
        Func<int, IBrownianMotion> paths)
    {
        var data = model.Data.Train;
        IStepper stepper;
        if (noise is null)
            stepper = TimeMethod.Find("euler").Fixed(Velocity(ensemble, engine), Times[1]).Stepper;
        else if (noise == ChaosNoise.Langevin)
            stepper = new EulerMaruyama(Langevin(ensemble, engine), paths(data.Inputs + data.Outputs));
        else
            stepper = new EulerMaruyama(Sgd(ensemble, noise.Value, step, engine), paths(data.Count));
        return new(ensemble, stepper, Times, cancellation);
    }

    private SgdDiffusion Sgd(Ensemble ensemble, ChaosNoise noise, double step, IMatrixEngine engine) =>
        new(ensemble, model.Loss, model.Data.Train, engine,
            noise == ChaosNoise.Shared ? SgdNoise.Shared : SgdNoise.PerParticle, step, chaos.Batch,
            model.Schedules);

    private LangevinDiffusion Langevin(Ensemble ensemble, IMatrixEngine engine) => new(ensemble,
        Velocity(ensemble, engine), chaos.Temperature, chaos.WeightDecay, model.Schedules);

    private MeanFieldVelocity Velocity(Ensemble ensemble, IMatrixEngine engine) =>
        new(ensemble, model.Loss, new FullExpectation(model.Data.Train), engine, model.Schedules);
}
