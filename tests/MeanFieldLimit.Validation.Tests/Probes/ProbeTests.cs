using System.Reflection;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Movements;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies.Chaos;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Probes;

/// <summary>
/// Every probe is stopped in the middle of a run, which has been kept in a journal after every step, read into fresh
/// objects, and sees the rest: what it has seen then has the bits of what it sees without a stop. A probe without a case
/// here fails.
/// </summary>
public sealed class ProbeTests : IDisposable
{
    private static readonly Dictionary<string, Func<Machine, (Run Run, Func<object[]> Seen)>> Cases = new()
    {
        ["TrajectoryProbe: test points and error rates"] = machine => Limit(Small.Classification(), machine),
        ["TrajectoryProbe: masses"] = machine => Limit(Masses(), machine),
        ["TrajectoryProbe: conditions of until"] = machine => Limit(Masses(", \"until\": { \"risk\": 1e-9, \"velocity\": 1e-9 }"), machine),
        ["TrajectoryProbe: a condition that stops it"] = machine => Limit(Masses(", \"until\": { \"risk\": 0.02 }"), machine),
        ["TrajectoryProbe: curvature"] = machine => Limit(Masses(record: ", \"probes\": [\"sharpness\", \"non-uniformity\"]"), machine),
        ["StateProbe"] = Kept,
        ["LawProbe: particles with noise"] = machine => Law(machine, model =>
            new LawLimit(model) { Coordinates = NeuronCoordinates.Of(model), Dynamics = model.Noisy(0.02) }),
        ["LawProbe: a grid"] = machine => Law(machine, model =>
            new GridLimit(model) { Grid = NeuronCoordinates.Of(model).Grid(48), Step = 0.02 }),
        ["LawProbe: minimizing movements"] = machine => Law(machine, model =>
            new MovementsLimit(model) { Grid = NeuronCoordinates.Of(model).Grid(48), Tau = 0.04 }),
        ["PathwiseProbe"] = Pathwise,
        ["SupremumGap"] = Supremum,
    };

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Fact]
    public void Every_probe_has_a_case() => Assert.Equal(
        new[] { typeof(Run).Assembly, typeof(SupremumGap).Assembly }.SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(IProbe))).Select(t => t.Name).Order(),
        Cases.Keys.Select(k => k.Split(':')[0]).Distinct().Order());

    [Theory, MemberData(nameof(Names))]
    public void Stopped_at_any_step_it_has_seen_the_same(string name)
    {
        var (whole, seen) = Cases[name](new());
        whole.Complete();
        var (expected, ends) = (seen(), States(whole));
        Assert.NotEmpty(expected);
        // Two steps in a process, or the bits would be those of one that was not stopped.
        for (var starts = 0; ; starts++)
        {
            using var stop = new CancellationTokenSource();
            var steps = 0;
            var (run, looked) = Cases[name](new() { Journal = new Stopper(Journal(), () => steps++ == 1 + starts / 3, stop), Cancellation = stop.Token });
            try
            {
                run.Complete();
            }
            catch (OperationCanceledException)
            {
                continue;
            }
            Assert.InRange(starts, 3, int.MaxValue);
            Assert.Equal(expected, looked());
            Assert.Equal(ends, States(run));
            return;
        }
    }

    /// <summary>A checkpoint after every step, in files.</summary>
    private CellJournal Journal() => new(Path.Combine(temporary.Path, "journal"), TimeSpan.Zero, TimeProvider.System, Assert.Fail);

    private static double[][] States(Run run) => [.. run.Movers.Select(m => m.State.ToArray())];

    private static Model Masses(string until = "", string record = "") => Small.Build($$"""
        { "data": { "kind": "points", "x": [[1], [-0.4], [0.7]], "y": [[1], [-0.5], [0.3]], "masses": [1, 2, 3] },
          "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 5 {{until}} },
          "limit": { "types": [{ "rule": "gauss", "nodes": 5 }], "tolerance": 1e-8 }, "record": { "saves": 6 {{record}} } }
        """);

    private static (Run, Func<object[]>) Kept(Machine machine)
    {
        var run = new ParticleLimit(Masses(record: ", \"states\": 4")).Begin(machine);
        run.KeepStates();
        return (run, () => [.. run.Trained.Kept.SelectMany(k => (double[])[k.Time, .. k.State]).Cast<object>()]);
    }

    private static (Run, Func<object[]>) Limit(Model model, Machine machine)
    {
        var run = new ParticleLimit(model).Begin(machine);
        return (run, () =>
        {
            var (trained, trajectory) = (run.Trained, run.Trained.Trajectory);
            return [.. trajectory.Times, .. trajectory.Train.Concat(trajectory.Test).Cast<object>(),
                .. trajectory.Predictions.SelectMany(p => p), .. Conditions(trajectory).SelectMany(c => c),
                .. trajectory.Curvatures.Cast<object>(),
                trained.Result.Status, trained.Result.Steps, (object?)trained.Stop ?? ""];
        }
        );
    }

    private static (Run, Func<object[]>) Law(Machine machine, Func<Model, ILimit> limit)
    {
        var run = limit(Small.Build("""
            { "data": { "kind": "points", "x": [[-1], [0.4], [1.3]], "y": [[-1], [0.7], [1]] },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "constant", "value": 2 }, "rate": { "schedule": "constant", "value": 0 } } ] },
              "training": { "loss": "half-squared", "time": 0.3, "dynamics": "langevin", "temperature": 0.05 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 8 }] }, "record": { "saves": 3 }, "density": {} }
            """)).Begin(machine);
        return (run, () =>
        {
            var law = run.Trained.Law!;
            return [.. law.Points.Concat(law.Masses).SelectMany(a => a).Cast<object>(), .. law.Energies, .. law.Steps,
                .. run.Trained.Trajectory.Predictions.SelectMany(p => p)];
        }
        );
    }

    private static IReadOnlyList<double[]> Conditions(Trajectory trajectory) => (IReadOnlyList<double[]>)typeof(Trajectory)
        .GetProperty("Conditions", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(trajectory)!;

    private static (Run, Func<object[]>) Pathwise(Machine machine)
    {
        var model = Small.Regression();
        var run = new Run(model, machine);
        var network = model.Embedding.Sample([6, 6], 4);
        var limit = run.Add(model.Embedding.WithTracers(model.InitialLimit(), network), model.LimitDynamics, model.LimitDraw);
        var probe = new PathwiseProbe(run.Add(network, model.Dynamics, model.NetworkDraw(0)), limit, model.Watched, new ManagedEngine(1));
        run.Watch(probe);
        return (run, () => [.. probe.Gaps.SelectMany(g => g.Layers).Cast<object>()]);
    }

    private static (Run, Func<object[]>) Supremum(Machine machine)
    {
        var model = Small.TwoLayers();
        var run = new Run(model, machine) { SaveTimes = [0, 0.1, 0.2, 0.3, 0.4, 0.5] };
        Mover Add(Ensemble what) => run.Add(what, new SgdDiffusionDynamics(SgdNoise.PerParticle, 0.5, 1, 0.025), new(7));
        var gap = new SupremumGap(Add(model.Embedding.Sample([6], 4)),
            Add(model.Embedding.WithTracers(model.InitialLimit(), model.Embedding.Sample([8], 5))), group: 2);
        run.Watch(gap);
        return (run, () => [gap.OfOne, gap.OfGroup]);
    }

    /// <summary>Asks to stop after a step.</summary>
    private sealed class Stopper(IJournal journal, Func<bool> isLast, CancellationTokenSource stop) : IJournal
    {
        public T Once<T>(string name, Func<T> work) => journal.Once(name, work);

        public bool TryRestore(string name, Action<Stream, long> read) => journal.TryRestore(name, read);

        public void Checkpoint(string name, Action<Stream> write)
        {
            journal.Checkpoint(name, write);
            if (isLast()) stop.Cancel();
        }

        public void CheckpointNow(string name, Action<Stream> write) => journal.CheckpointNow(name, write);
    }
}
