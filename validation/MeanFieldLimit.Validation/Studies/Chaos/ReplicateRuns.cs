using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>What a replicate has measured.</summary>
/// <param name="Interaction">Networks without noise against the limit, E over neurons of sup |.|^2, one a width.</param>
/// <param name="Kinds">Of every kind of noise and beta.</param>
internal sealed record ReplicateRecord(double[] Interaction, IReadOnlyList<KindRecord> Kinds);

/// <summary>What a replicate has measured of a kind of noise at one beta; arrays have one entry a width.</summary>
/// <param name="Total">E over neurons of sup |W^N - W^*|^2: network against limit.</param>
/// <param name="TotalOfGroups">The same of groups of particles.</param>
/// <param name="NoisePart">Network against the same network without noise.</param>
/// <param name="Risk">The risk at the end.</param>
/// <param name="Contributions">Contributions of neurons to the predictions at the end.</param>
/// <param name="Coordinates">Values of the coordinate at the end, [width][neuron].</param>
internal sealed record KindRecord(double[] Total, double[] TotalOfGroups, double[] NoisePart, double[] Risk,
    Contributions[] Contributions, double[][] Coordinates)
{
    /// <summary>The coordinates of the limit at the neurons of the widest network.</summary>
    public double[] LimitCoordinates { get; set; } = [];

    /// <summary>E sup |W^* - W'^*|^2 between the limit and one on other nodes and other paths; NaN where it was not
    /// measured.</summary>
    public double Error { get; set; } = double.NaN;

    internal static KindRecord Of(int widths) => new(new double[widths], new double[widths], new double[widths],
        new double[widths], new Contributions[widths], new double[widths][]);
}

/// <summary>All networks and limits of one replicate, side by side.</summary>
internal sealed class ReplicateRuns
{
    // Predictions whose neurons are correlated.
    internal const int MostPoints = 64;

    private readonly ChaosModel system;
    private readonly Model model;
    private readonly IReadOnlyList<int> widths;
    private readonly (ChaosNoise Noise, double Beta)[] kinds;
    private readonly ulong seed;
    private readonly IMatrixEngine engine;
    private readonly Run run;
    private readonly List<(SupremumGap, Action<SupremumGap>)> gaps = [];

    internal ReplicateRuns(ChaosModel system, Machine machine, (ChaosNoise, double)[] kinds, int replicate)
    {
        (this.system, this.kinds, model) = (system, kinds, system.Model);
        (widths, seed) = (model.Problem.Couple.Widths, Streams.Replicate(model.Seed, replicate));
        (run, engine) = (system.NewRun(machine), machine.Engine(1));
    }

    /// <summary>Runs them; with the limits to compare with where the limit's error is measured.</summary>
    /// <exception cref="RunFailedException">One did not reach its end.</exception>
    internal ReplicateRecord Run(bool compare)
    {
        var record = new ReplicateRecord(new double[widths.Count], [.. kinds.Select(_ => KindRecord.Of(widths.Count))]);
        var widest = system.Sample(widths[^1], seed);
        var hasFlow = kinds.Any(k => k.Beta < 1);
        var flow = hasFlow ? system.Limit(run, widest, seed, null, 0) : null;
        Ensemble[] networks = [.. widths.Select(n => system.Sample(n, seed))];
        Mover?[] quiet = [.. networks.Select(n => flow is null ? null : system.Network(run, n, seed, null, 0))];
        for (var w = 0; flow is not null && w < widths.Count; w++)
        {
            var at = w;
            Watch(quiet[w]!, flow, gap => record.Interaction[at] = gap.OfOne);
        }
        if (compare && flow is not null)
            Watch(flow, system.Limit(run, widest, seed, null, 0, other: true), gap =>
            {
                for (var k = 0; k < kinds.Length; k++)
                    if (kinds[k].Beta < 1) record.Kinds[k].Error = gap.OfOne;
            });
        for (var k = 0; k < kinds.Length; k++) Add(kinds[k], record.Kinds[k], networks, quiet, flow, compare);
        if (run.Complete().Failed is { } failed) throw new RunFailedException(failed.Result);
        foreach (var (gap, done) in gaps) done(gap);
        return record;
    }

    private void Add((ChaosNoise Noise, double Beta) kind, KindRecord record, Ensemble[] networks, Mover?[] quiet,
        Mover? flow, bool compare)
    {
        Mover Limit(bool other) =>
            system.Limit(run, networks[^1], seed, kind.Noise, system.StepOfSgd(1, 1), other);
        var limit = kind.Beta == 1 ? Limit(other: false) : flow!;
        if (compare && kind.Beta == 1) Watch(limit, Limit(other: true), gap => record.Error = gap.OfOne);
        var data = model.Data.Train.Spread(MostPoints);
        for (var w = 0; w < widths.Count; w++)
        {
            var at = w;
            var network = system.Network(run, networks[w], seed, kind.Noise, system.StepOfSgd(kind.Beta, widths[w]));
            Watch(network, limit, gap =>
            {
                (record.Total[at], record.TotalOfGroups[at]) = (gap.OfOne, gap.OfGroup);
                record.Contributions[at] = Contributions.Of(network.Ensemble, network.State, data, engine);
                record.Risk[at] = Risk(network);
                record.Coordinates[at] = Coordinate(network, 0);
                if (at == widths.Count - 1)
                    record.LimitCoordinates = Coordinate(limit, limit.Ensemble.Massive(1));
            });
            if (kind.Beta < 1) Watch(network, quiet[w]!, gap => record.NoisePart[at] = gap.OfOne);
        }
    }

    private double[] Coordinate(Mover mover, int first) =>
        mover.Ensemble.Weights(mover.State, 1).Row(model.Problem.Chaos!.Coordinate)[first..].ToArray();

    private double Risk(Mover mover)
    {
        var predictor = new Predictor(mover.Ensemble, model.Data.Train, engine);
        predictor.Predict(mover.State);
        return predictor.Measure(model.Loss).Risk;
    }

    /// <summary>The particles that both have, tracers of a limit; <paramref name="a"/> may be a limit too.</summary>
    private void Watch(Mover a, Mover b, Action<SupremumGap> done)
    {
        var gap = SupremumGap.Of(a, b, model.Problem.Chaos!.Particles);
        run.Watch(gap);
        gaps.Add((gap, done));
    }
}
