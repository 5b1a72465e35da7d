using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Chaos;

/// <summary>
/// Propagation of chaos by synchronous coupling (Sznitman 1991; De Bortoli, Durmus, Fontaine and Simsekli,
/// arXiv:2007.06352): the N neurons of a two-layer network under SGD of step gamma N^(beta - 1), as a diffusion, beside
/// N copies of the limit process from the same initial values on the same Brownian paths, tracers of the solved limit.
/// E sup_t |W^N - W^*|^2 is to go as N^-(1 - beta) below beta = 1, where the limit is the gradient flow, and as 1/N at
/// beta = 1, where it is a McKean-Vlasov diffusion; E is over replicates and over neurons, which are exchangeable.
/// </summary>
/// <remarks>
/// Below 1 the square is that of two parts, the noise, C_1 N^-(1 - beta), and the interaction, C_2 / N: beside every
/// network with noise runs the same without, and the gaps on either side of it are recorded.
/// </remarks>
public static class ChaosStudy
{
    // Of the limit's error: each costs a limit.
    private const int MostComparisons = 2;

    // Predictions whose neurons are correlated.
    private const int MostPoints = 64;

    /// <summary>What it is called and asks.</summary>
    public static StudyHeading Heading { get; } = new("chaos", "Do the neurons of a wide network under SGD become " +
        "independent copies of the limit process, and how fast in the width N?", "chaos");

    /// <summary>Measures the widths and seeds of the problem.</summary>
    /// <exception cref="ProblemException">The problem has no section chaos, or its steps are too long.</exception>
    /// <exception cref="Solvers.Time.RunFailedException">A run diverged or was asked to stop.</exception>
    public static StudyResult Run(Model model, Workbench bench)
    {
        ArgumentNullException.ThrowIfNull(bench);
        ArgumentNullException.ThrowIfNull(model);
        var (chaos, couple) = (Check(model, bench.Threads), model.Problem.Couple);
        var comparisons = Math.Min(couple.Seeds, MostComparisons);
        ChaosMeasurement[] all = [.. chaos.Noise.SelectMany(noise => chaos.Betas
            .Where(beta => noise != ChaosNoise.Langevin || beta == chaos.Betas[^1])
            .Select(beta => new ChaosMeasurement(noise, noise == ChaosNoise.Langevin ? 1 : beta, couple.Widths.Count,
                couple.Seeds, comparisons)))];
        var interaction = new double[couple.Widths.Count, couple.Seeds];
        var system = new ChaosModel(model, bench.Machine);
        system.CheckStep(bench.Engine(bench.Threads));
        bench.Each(couple.Seeds, "networks and limits", replicate =>
        {
            new Replicate(model, system, all, interaction, replicate, bench.Engine(1)).Run(replicate < comparisons);
            return null;
        });
        var laws = LimitLaws.Of(model, system, all, bench);
        return ChaosResult.Of(model, all, interaction, laws);
    }

    /// <summary>The section of the problem, if so many replicates at once can be run.</summary>
    /// <exception cref="ProblemException">There is none, a value does not fit the data, or there is not the
    /// memory.</exception>
    public static ChaosSpec Check(Model model, int atOnce)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Problem.Chaos is not { } chaos)
            throw model.Loaded.Error("$.chaos",
                "the section chaos must be given for the propagation of chaos, found none; add \"chaos\": {}");
        if (chaos.Coordinate >= model.Data.Train.Inputs)
            throw model.Loaded.Error("$.chaos.coordinate",
                $"coordinate must be below the number of inputs, got {chaos.Coordinate} of " +
                $"{model.Data.Train.Inputs}; use a smaller one");
        if (Kept(model) is var kept && kept > MemoryLimit.Bytes)
            throw model.Loaded.Error("$.couple.seeds", "what replicates leave must fit into memory, " +
                $"{model.Problem.Couple.Seeds} of them take {MemoryLimit.Share(kept)}; " +
                "use fewer seeds or smaller widths");
        var (bytes, largest) = (Bytes(model, atOnce), Largest(model));
        if (bytes > MemoryLimit.Bytes || largest > Array.MaxLength)
            throw model.Loaded.Error("$.chaos.paths",
                $"limits and networks must fit into memory, {atOnce} replicates at once take " +
                $"{MemoryLimit.Share(bytes)}, the largest array {largest:G10} numbers of at most " +
                $"{Array.MaxLength}; use fewer paths, nodes, neurons or threads");
        return chaos;
    }

    /// <summary>About the bytes that so many replicates at once take: four vectors of each noise, six of each
    /// state.</summary>
    public static double Bytes(Model model, int atOnce)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (chaos, widths) = (model.Problem.Chaos!, model.Problem.Couple.Widths);
        var data = model.Data.Train;
        var each = 4.0 * data.Count + 6.0 * (data.Inputs + data.Outputs);
        // A limit of each noise and one without, each twice; a network of each noise and beta and one without.
        return sizeof(double) * each * atOnce * (2 * (chaos.Noise.Count + 1) * Particles(model)
            + widths.Sum(n => (double)n) * (chaos.Noise.Count * chaos.Betas.Count + 1)) + Kept(model);
    }

    /// <summary>
    /// About the bytes that all replicates leave: a coordinate of each neuron, twice for those that are pooled, and
    /// what neurons contribute to the predictions.
    /// </summary>
    private static double Kept(Model model)
    {
        var (chaos, couple) = (model.Problem.Chaos!, model.Problem.Couple);
        var each = 2 * couple.Widths.Sum(n => (double)n)
            + couple.Widths.Count * (2.0 * MostPoints * model.Data.Train.Outputs + 16);
        return sizeof(double) * each * couple.Seeds * chaos.Noise.Count * chaos.Betas.Count;
    }

    private static double Largest(Model model) =>
        Particles(model) * Math.Max(model.Data.Train.Count, model.Data.Train.Inputs
            + model.Data.Train.Outputs);

    /// <summary>Particles of the largest limit, tracers included.</summary>
    private static double Particles(Model model) => (double)model.Problem.Chaos!.Paths
        * model.Rules[0].CountNodes(model.OfLimit.Embedding.TypeLaws(1))
        + Math.Max(model.Problem.Couple.Widths[^1], model.Problem.Chaos.Draws);

    /// <summary>All networks and limits of one replicate, side by side.</summary>
    private sealed class Replicate(Model model, ChaosModel system, ChaosMeasurement[] all,
        double[,] interaction, int replicate, IMatrixEngine engine)
    {
        private readonly ChaosSpec chaos = model.Problem.Chaos!;
        private readonly IReadOnlyList<int> widths = model.Problem.Couple.Widths;
        private readonly ulong seed = Streams.Replicate(model.Seed, replicate);
        private readonly List<(SupremumGap, Action<SupremumGap>)> gaps = [];
        private readonly Run run = system.NewRun();

        internal void Run(bool compare)
        {
            var widest = system.Sample(widths[^1], seed);
            var flow = all.Any(m => !m.IsStochastic) ? system.Limit(run, widest, seed, null, 0) : null;
            Ensemble[] networks = [.. widths.Select(n => system.Sample(n, seed))];
            Mover?[] quiet = [.. networks.Select(n => flow is null ? null : system.Network(run, n, seed, null, 0))];
            if (flow is not null)
                for (var w = 0; w < widths.Count; w++)
                {
                    var at = w;
                    Watch(quiet[w]!, flow, gap => interaction[at, replicate] = gap.OfOne);
                }
            if (compare && flow is not null)
                Watch(flow, system.Limit(run, widest, seed, null, 0, other: true), gap =>
                {
                    foreach (var m in all.Where(m => !m.IsStochastic)) m.Error[replicate] = gap.OfOne;
                });
            foreach (var m in all) Add(m, networks, quiet, widest, flow, compare);

            // After the last step the states are looked at before the run is told that it has ended.
            foreach (var _ in system.Times)
                if (!run.Advance()) throw new RunFailedException(run.Failed!.Result);
            foreach (var (gap, done) in gaps) done(gap);
        }

        private void Add(ChaosMeasurement m, Ensemble[] networks, Mover?[] quiet, Ensemble widest, Mover? flow,
            bool compare)
        {
            Mover Limit(bool other) => system.Limit(run, widest, seed, m.Noise, system.StepOfSgd(1, 1), other);
            var limit = m.IsStochastic ? Limit(other: false) : flow!;
            if (compare && m.IsStochastic)
                Watch(limit, Limit(other: true), gap => m.Error[replicate] = gap.OfOne);
            var data = model.Data.Train.Spread(MostPoints);
            for (var w = 0; w < widths.Count; w++)
            {
                var at = w;
                var step = system.StepOfSgd(m.Beta, widths[w]);
                var network = system.Network(run, networks[w], seed, m.Noise, step);
                Watch(network, limit, gap =>
                {
                    (m.Total[at, replicate], m.TotalOfGroups[at, replicate]) = (gap.OfOne, gap.OfGroup);
                    m.Contributions[at, replicate] = Contributions.Of(network.Ensemble, network.State, data, engine);
                    m.Risk[at, replicate] = Risk(network);
                    m.Coordinates[at][replicate] = Coordinate(network, 0);
                    if (at == widths.Count - 1)
                        m.LimitCoordinates[replicate] = Coordinate(limit, limit.Ensemble.Massive(1));
                });
                if (!m.IsStochastic)
                    Watch(network, quiet[w]!, gap => m.NoisePart[at, replicate] = gap.OfOne);
            }
        }

        private double[] Coordinate(Mover run, int first) =>
            run.Ensemble.Weights(run.State, 1).Row(chaos.Coordinate)[first..].ToArray();

        private double Risk(Mover run)
        {
            var predictor = new Predictor(run.Ensemble, model.Data.Train, engine);
            predictor.Predict(run.State);
            return predictor.Measure(model.Loss).Risk;
        }

        /// <summary>The particles that both have, tracers of a limit; <paramref name="a"/> may be a limit
        /// too.</summary>
        private void Watch(Mover a, Mover b, Action<SupremumGap> done)
        {
            var gap = SupremumGap.Of(a, b, chaos.Particles);
            run.Watch(gap);
            gaps.Add((gap, done));
        }
    }
}
