using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>
/// Finite networks coupled to a limit, in cells: every width and every replicate is sampled from the same embedding,
/// trained, and compared at the save times. Without tracers a cell is one network; with tracers it is all networks of a
/// replicate, which are nested and have one traced limit in common.
/// </summary>
internal sealed class CouplingCells
{
    private readonly Model model;
    private readonly string name;
    private readonly List<Cell<Finished>> cells = [];

    /// <summary>The cells of a model's networks.</summary>
    /// <param name="model">The model; networks take the one of the solved limit.</param>
    /// <param name="limit">Its limit.</param>
    /// <param name="prefix">What their keys begin with.</param>
    /// <param name="name">What they are called in sentences, after "the network of": "4 layers, ".</param>
    internal CouplingCells(Model model, LimitCell limit, string prefix = "", string name = "")
    {
        (this.model, this.name, Limit) = (model, name, limit);
        var couple = model.Problem.Couple;
        for (var replicate = 0; replicate < couple.Seeds; replicate++)
            if (model.Tracers > 0) Add($"{prefix}networks/replicate={replicate}", replicate, couple.Widths);
            else
                foreach (var width in couple.Widths)
                    Add($"{prefix}network/width={width}/replicate={replicate}", replicate, [width]);
    }

    /// <summary>The model.</summary>
    internal Model Model => model;

    /// <summary>The limit that they are coupled to.</summary>
    internal LimitCell Limit { get; }

    /// <summary>All cells, the limit's first.</summary>
    internal IEnumerable<ICell> Cells => cells.Prepend(Limit.Cell);

    /// <summary>What they have come to.</summary>
    internal CouplingResult Of(Done done)
    {
        var limit = Limit.Of(done);
        Finished[] all = [.. cells.Select(done.Find).OfType<Finished>()];
        NetworkRun[] networks = [.. all.SelectMany(t => t.Networks).OrderBy(r => r.Width).ThenBy(r => r.Replicate)];
        return new(limit, networks, [.. Rates(limit.Model, networks)], [.. all.SelectMany(t => t.Failures)]);
    }

    private void Add(string key, int replicate, IReadOnlyList<int> widths)
    {
        var cost = widths.Sum(n => Math.Pow(n, Math.Min(2, model.Problem.Network.Layers.Count - 1)));
        cells.Add(new(key, cost, [Limit.Cell], context => Train(Limit.Of(context), replicate, widths, context.Machine)));
    }

    /// <summary>
    /// Networks of one replicate beside each other. Where one does not reach the end, the others go on without it.
    /// </summary>
    private Finished Train(LimitSolution limit, int replicate, IReadOnlyList<int> widths, Machine machine)
    {
        var failures = new List<NetworkFailure>();
        for (var left = widths; left.Count > 0; left = [.. left.Where(n => failures.All(f => f.Width != n))])
        {
            var attempt = new Attempt(limit, replicate, left, machine, $"run-{failures.Count}");
            if (attempt.Failed is not { } failed) return new(attempt.Networks, failures);
            var width = attempt.WidthOf(failed);
            failures.Add(new(width ?? left[^1], replicate, new((width is null ? "the tracers of " : "the network of ")
                + $"{name}width {width ?? left[^1]}, seed {replicate}", failed.Result, failed.Trained.DivergedLayer)));
            if (width is null) break;
        }
        return new([], failures);
    }

    private static IEnumerable<Rate> Rates(Model model, NetworkRun[] runs)
    {
        var (widths, tracers) = (model.Problem.Couple.Widths, model.Tracers);
        // Replicates are resampled as a whole: those with a network that failed are left out.
        int[] whole = [.. runs.GroupBy(r => r.Replicate).Where(g => g.Count() == widths.Count).Select(g => g.Key).Order()];
        if (whole.Length == 0) yield break;
        var all = runs.ToDictionary(r => (r.Width, r.Replicate));
        foreach (var quantity in tracers > 0 ? GapQuantity.All.Concat(GapQuantity.Pathwise) : GapQuantity.All)
        {
            // Widths increase: the first ones are those whose neurons all ride along.
            int[] those = [.. widths.Where(n => !quantity.OfEveryNeuron || n <= tracers)];
            if (those.Length == 0) continue;
            var values = new double[those.Length, whole.Length];
            for (var i = 0; i < those.Length; i++)
                for (var s = 0; s < whole.Length; s++) values[i, s] = quantity.Of(all[(those[i], whole[s])]);
            yield return Rate.Fit(quantity, those, values, model.Seed);
        }
    }

    /// <summary>The networks of a cell.</summary>
    private sealed record Finished(IReadOnlyList<NetworkRun> Networks, IReadOnlyList<NetworkFailure> Failures) : IMayFail
    {
        CellFailure? IMayFail.Failure => Failures.Count > 0 ? Failures[0].Failure : null;
    }

    /// <summary>Some networks of one replicate, run to the end or until one fails.</summary>
    private sealed class Attempt
    {
        private readonly IReadOnlyList<int> widths;
        private readonly Mover[] movers;

        internal Attempt(LimitSolution limit, int replicate, IReadOnlyList<int> widths, Machine machine, string name)
        {
            this.widths = widths;
            var model = limit.Model;
            var (seed, engine) = (Streams.Replicate(model.Seed, replicate), machine.Engine(1));
            var run = new Run(model, machine) { Name = name };
            var tracers = model.Tracers == 0 ? null : ((ITraceable)limit.Asked).Trace(run,
                Sample(Math.Min(widths[^1], model.Tracers)), model.OfNetwork(replicate));
            if (tracers is not null) run.Record(tracers);
            movers = [.. widths.Select(n => run.Add(Sample(n), model.Dynamics, model.OfNetwork(replicate)))];
            PathwiseProbe[] probes = tracers is null ? [] : [.. movers.Select(network =>
                new PathwiseProbe(network, tracers, model.Watched, engine))];
            foreach (var network in movers) run.Record(network);
            foreach (var probe in probes) run.Watch(probe);
            Failed = run.Complete().Failed;
            Networks = Failed is not null ? [] : [.. movers.Select((network, n) => NetworkRun.Of(widths[n], replicate,
                network.Trained, limit.Limit, tracers is null ? [] : probes[n].Gaps))];

            Ensemble Sample(int neurons) => model.Embedding.Sample(
                [.. Enumerable.Repeat(neurons, model.Embedding.Architecture.Depth - 1)], seed);
        }

        internal Mover? Failed { get; }

        internal IReadOnlyList<NetworkRun> Networks { get; }

        /// <summary>The width of a network; null of tracers.</summary>
        internal int? WidthOf(Mover mover) => Array.IndexOf(movers, mover) is var n and >= 0 ? widths[n] : null;
    }
}
