namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>What a replicate has measured.</summary>
/// <param name="Interaction">Networks without noise against the limit: E over neurons of sup |.|^2, by width.</param>
/// <param name="Kinds">Of every kind of noise and beta.</param>
internal sealed record ReplicateRecord(double[] Interaction, IReadOnlyList<KindRecord> Kinds);

/// <summary>What a replicate has measured of a kind of noise at one beta; arrays have one entry a width.</summary>
/// <param name="Total">E over neurons of sup |W^N - W^*|^2: network against limit.</param>
/// <param name="TotalOfGroups">The same of groups of particles.</param>
/// <param name="NoisePart">Network against the same network without noise; empty at beta = 1.</param>
/// <param name="Risk">The risk at the end.</param>
/// <param name="Contributions">Contributions of neurons to the predictions at the end.</param>
/// <param name="Coordinates">Values of the coordinate at the end, [width][neuron].</param>
internal sealed record KindRecord(double[] Total, double[] TotalOfGroups, double[] NoisePart, double[] Risk,
    Contributions[] Contributions, double[][] Coordinates)
{
    /// <summary>The coordinates of the limit at the neurons of the widest network.</summary>
    public required double[] LimitCoordinates { get; init; }

    /// <summary>E sup |W^* - W'^*|^2 between the limit and one on other nodes and other paths; NaN where it was not
    /// measured.</summary>
    public required double Error { get; init; }
}

/// <summary>All networks and limits of one replicate, side by side.</summary>
internal sealed class ReplicateRuns(ChaosModel system, Machine machine, int replicate)
{
    // Predictions whose neurons are correlated.
    internal const int MostPoints = 64;

    private readonly Model model = system.Model;
    private readonly ulong seed = Streams.SeedOf(system.Model.Seed, replicate);
    private readonly IMatrixEngine engine = machine.Engine(1);
    private readonly Run run = system.NewRun(machine);

    /// <summary>Runs them; with the limits to compare with where the limit's error is measured.</summary>
    /// <exception cref="RunFailedException">One did not reach its end.</exception>
    internal ReplicateRecord Run(IReadOnlyList<(ChaosNoise Noise, double Beta)> kinds, bool compare)
    {
        Ensemble[] networks = [.. model.Problem.Couple.Widths.Select(n => system.Sample(n, seed))];
        Mover? deterministic = null;
        SupremumGap? other = null;
        Mover[] quiet = [];
        if (kinds.Any(k => k.Beta < 1))
        {
            (deterministic, other) = Limit(null, 0);
            quiet = [.. networks.Select(n => system.Network(run, n, seed, null, 0))];
        }
        SupremumGap[] interaction = [.. quiet.Select(q => Watch(q, deterministic!))];
        Func<KindRecord>[] measure = [.. kinds.Select(k =>
        {
            var (limit, second) = k.Beta < 1 ? (deterministic!, other) : Limit(k.Noise, system.StepOfSgd(1, 1));
            return Add(k, networks, limit, second, k.Beta < 1 ? quiet : []);
        })];
        if (run.Complete().Failed is { } failed) throw new RunFailedException(failed.Result);
        return new([.. interaction.Select(g => g.OfOne)], [.. measure.Select(m => m())]);

        (Mover, SupremumGap?) Limit(ChaosNoise? noise, double step)
        {
            var limit = system.Limit(run, networks[^1], seed, noise, step);
            return (limit, compare
                ? Watch(limit, system.Limit(run, networks[^1], seed, noise, step, other: true)) : null);
        }
    }

    /// <summary>Adds the networks of a kind; what is returned measures them once they have run.</summary>
    private Func<KindRecord> Add((ChaosNoise Noise, double Beta) kind, Ensemble[] networks, Mover limit,
        SupremumGap? other, Mover[] quiet)
    {
        Mover[] noisy = [.. networks.Select(n =>
            system.Network(run, n, seed, kind.Noise, system.StepOfSgd(kind.Beta, n.Size(1))))];
        SupremumGap[] total = [.. noisy.Select(n => Watch(n, limit))], noise = [.. noisy.Zip(quiet, Watch)];
        var data = model.Data.Train.Spread(MostPoints);
        return () => new([.. total.Select(g => g.OfOne)], [.. total.Select(g => g.OfGroup)],
            [.. noise.Select(g => g.OfOne)], [.. noisy.Select(Risk)],
            [.. noisy.Select(n => Contributions.Of(n.Ensemble, n.State, data, engine))],
            [.. noisy.Select(n => Coordinate(n, 0))])
        {
            LimitCoordinates = Coordinate(limit, limit.Ensemble.Massive(1)),
            Error = other?.OfOne ?? double.NaN,
        };
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
    private SupremumGap Watch(Mover a, Mover b)
    {
        var gap = new SupremumGap(a, b, model.Problem.Chaos!.Particles);
        run.Watch(gap);
        return gap;
    }
}
