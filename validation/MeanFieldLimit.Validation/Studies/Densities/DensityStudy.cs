using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Movements;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Densities;

/// <summary>
/// The limit of a two-layer network as the law of its neurons, solved by particles, on a grid (Fokker-Planck) and by
/// the minimizing-movement scheme (JKO), and the distances W_2 of the three.
/// </summary>
internal sealed class DensityStudy : IStudy
{
    // Exact transport in the plane takes seconds each.
    private const int MostDistances = 8;

    public string Name => "density";

    public string Question => "Do the particles, the partial differential equation and the minimizing movements of " +
        "one limit agree, and how do its density and energy move?";

    public string Help => "Solve the limit of a two-layer network as the density of its neurons: by particles, on a " +
        "grid and by minimizing movements. Example: mfl density examples/density.json";

    public string Example => "density";

    public bool HasNetworks => false;

    public Problem Complete(Problem problem) => problem with { Density = problem.Density ?? new() };

    public IEnumerable<(string Name, string Value)> Settings(Model model)
    {
        var density = model.Problem.Density!;
        return
        [
            ("training", MotionText.Training(model, Motion(model, model.Dynamics).InWords)),
            ("limit", MotionText.Limit(model, Motion(model, model.LimitDynamics))),
            ("density", $"{density.Cells} cells along each coordinate" +
                (density is not { Low: { } low, High: { } high } ? ""
                    : $", from {string.Join(", ", low)} to {string.Join(", ", high)}") +
                $"; steps of {Step(model):G6}; a network of width {density.Width}"),
        ];
    }

    private static double Step(Model model) => model.Problem.Density!.Step ?? model.SaveTimes[^1] / 100;

    private static IDynamics Motion(Model model, IDynamics without) =>
        model.IsNoisy ? model.Noisy(Step(model)) : without;

    public StudyPlan Plan(Model model, int threads)
    {
        Check(model);
        var (coordinates, spec) = (NeuronCoordinates.Of(model), model.Problem.Density!);
        var step = Step(model);
        // A grid that is given is looked at before any work.
        if (spec.Low is not null) coordinates.Initial(coordinates.Grid(spec.Cells));
        var particles = Of("particles", [], _ => new LawLimit(model)
        {
            Coordinates = coordinates,
            Dynamics = Motion(model, model.LimitDynamics),
        });
        // The grid holds the places where particles go.
        Grid Cells(CellContext context) => coordinates.Grid(spec.Cells, context.Get(particles).Law);
        var grid = Of("grid", [particles], context => new GridLimit(model) { Grid = Cells(context), Step = step });
        var movements = MovementsLimit.Refuse(model) is not null ? null : Of("jko", [particles],
            context => new MovementsLimit(model) { Grid = Cells(context), Tau = step },
            // In the plane they move the nodes of the particles, whose distance to the law is theirs too.
            context => coordinates.Dimension > 1 ? context.Get(particles).Error : 0);
        var network = new Cell<Way>("network", 1, [], context => Network(model, context.Machine));
        Cell<Way>[] ways = [.. new[] { grid, particles, movements }.OfType<Cell<Way>>()];
        return new([.. ways, network], done => done.Failures([.. ways, network]) is { Length: > 0 } failed
            ? StudyResult.Ended(failed) : Result(model, done.Found(ways), done.Get(network).Law!),
            FormattableString.Invariant($"up to {Bytes(model) / 1e6:N0} MB"));
    }

    private static Cell<Way> Of(string name, IReadOnlyList<ICell> needs, Func<CellContext, ILimit> limit,
        Func<CellContext, double>? nodes = null) =>
        new(name, 1, needs, context =>
        {
            try
            {
                var solved = Certifier.Solve(limit(context), context.Machine, name,
                    (ours, theirs) => ours.Law!.Distance(theirs.Law!));
                return new(name, solved.Trained.Law, solved.Error.Total + (nodes?.Invoke(context) ?? 0),
                    solved.Trained.Result.OrThrow().Slid);
            }
            catch (InvalidOperationException e) when (name == "jko")
            {
                return new(name, null, Why: e.Message);
            }
        })
        { WholeMachine = true };

    /// <summary>Refuses neurons without a density, and what does not fit into memory.</summary>
    /// <exception cref="ProblemException">Of the problem, with the rule.</exception>
    internal static void Check(Model model)
    {
        if (model.Problem.Density is null)
            throw model.Loaded.Error("$.density",
                "the section density must be given for a density, found none; add \"density\": {}");
        var bytes = Bytes(model);
        if (model.Problem is { Training.Dynamics: DynamicsKind.SgdDiffusion, Density.Width: var width }
            && (double)width * model.Data.Train.Count > Array.MaxLength)
            throw model.Loaded.Error("$.density.width",
                $"the noise of each neuron and data point must fit into one array of {Array.MaxLength} numbers, got " +
                $"{width} x {model.Data.Train.Count}; use a smaller width or fewer points");
        if (bytes > MemoryLimit.Bytes)
            throw model.Loaded.Error("$.density",
                $"the states must fit into memory, {model.SaveTimes.Length} save times take " +
                $"{MemoryLimit.Share(bytes)}; use fewer cells, saves (record.saves), nodes or a smaller width");
    }

    /// <summary>
    /// About the bytes of all ways at all save times, thirty vectors of the grid and the responses that two
    /// functionals keep.
    /// </summary>
    /// <exception cref="ProblemException">The neurons have no density.</exception>
    private static double Bytes(Model model)
    {
        var (spec, data) = (model.Problem.Density!, model.Data.Train);
        var d = NeuronCoordinates.Of(model).Dimension;
        var (cells, nodes) = (Math.Pow(spec.Cells, d),
            (double)model.Rules[0].CountNodes(model.LimitModel.Embedding.TypeLaws(1)));
        var kept = 2.25 * cells + 2 * d * Math.Max(nodes, cells * (2 - d))
            + (data.Inputs + data.Outputs + 1.0 + d) * (nodes + spec.Width);
        // The noise of SGD is one for each neuron and data point: its weights and the vectors of the method.
        var noise = model.Problem.Training.Dynamics == DynamicsKind.SgdDiffusion
            ? 4 * Math.Max(nodes, spec.Width) * data.Count : 0;
        // Beside them what is recorded has responses of its own, on points that are not those of training.
        var recorded = (model.Watched == data ? 0 : model.Watched.Count) + (model.Data.Test?.Count ?? 0.0);
        return sizeof(double) * (model.SaveTimes.Length * kept + (30 + 2.0 * data.Count + recorded) * cells + noise);
    }

    /// <summary>The law of a finite network of the problem's width.</summary>
    private static Way Network(Model model, Machine machine)
    {
        var run = new Run(model, machine) { Progress = machine.Show("network", model.SaveTimes[^1]) };
        var mover = run.Add(model.Embedding.Sample([model.Problem.Density!.Width], Streams.SeedOf(model.Seed, 0)),
            Motion(model, model.Dynamics), model.IsNoisy ? model.LimitDraw : model.NetworkDraw(0));
        run.Record(mover);
        NeuronCoordinates.Of(model).Record(run, mover);
        run.Complete();
        mover.Result.OrThrow();
        return new("network", mover.Trained.Law);
    }

    private static StudyResult Result(Model model, Way[] all, NeuronLaw network)
    {
        var why = MovementsLimit.Refuse(model) ?? all[^1].Why;
        Way[] ways = [.. all.Where(w => w.Law is not null)];
        var times = model.SaveTimes;
        int[] measured = [.. Enumerable.Range(0, MostDistances + 1).Select(k => k * (times.Length - 1) / MostDistances)
            .Distinct()];
        (Way A, Way B)[] pairs = [.. ways.SelectMany((a, i) => ways.Skip(i + 1).Select(b => (a, b)))];
        double[][] distances = [.. measured.Select(k => pairs.Select(p => p.A.Law!.Distance(p.B.Law!, k)).ToArray())];
        var grid = ways[0].Law!;
        Density[] densities = [.. times.Select((_, k) => grid.DensityAt(k))];
        // On the training points at the end.
        var yhat = ways.ToDictionary(w => w, w =>
        {
            var end = w.Law!.At(times.Length - 1);
            return NeuronCoordinates.Of(model).NewRisk().Predict(end.Points, end.Masses).ToArray();
        });

        List<Finding> findings =
        [
            .. pairs.Select((p, i) => Finding.Of($"w2-{p.A.Name}-{p.B.Name}", distances[^1][i],
                $"W2 of {p.A.Name} and {p.B.Name} at the end")),
            .. pairs.Select(p => Finding.Of($"predictions-{p.A.Name}-{p.B.Name}",
                Rms(yhat[p.A], yhat[p.B], model.LimitModel.Data.Train),
                $"rms difference of the predictions of {p.A.Name} and {p.B.Name} at the end")),
            Finding.Of("w2-network-grid", network.Distance(grid),
                "W2 of the neurons of one network to the density at the end"),
            Finding.Of("particles-error", Error(ways, "particles"),
                "W2 of the particles to those on other nodes, and other paths where there is noise, and there twice " +
                "that to those with half the step, at the end; the sum, with what points that stand for a law make"),
            Finding.Of("grid-error", Error(ways, "grid"),
                "W2 of the grid to one of half as many cells, and 4/3 of that to one with half the step, at the end; " +
                "the sum, with what points that stand for a law make"),
            Finding.Of("jko-error", Error(ways, "jko"),
                "twice W2 of the minimizing movements, of order 1, to those with half the tau, and that to those of " +
                "half as many quantiles, at the end, with what points that stand for a law make; in the plane, where " +
                "they move the nodes of the particles, beside the error of these"),
            Finding.Of("mass-error", densities.Max(d => Math.Abs(d.Masses.Sum() - 1)),
                "largest |mass - 1| on the grid"),
            Finding.Of("least-mass", densities.Min(d => d.Masses.Min()), "smallest mass of a cell"),
            Finding.Of("cut-mass", densities.Max(d => d.CutMass),
                "most mass in the outermost sixteenths of axes that are cut off: more than lies beyond"),
            Finding.Of("energy-rise", grid.Energies.Zip(grid.Energies.Skip(1), (a, b) => b - a).Max(),
                "largest change of the energy on the grid between save times; negative where it falls"),
        ];
        if (ways[^1].Law!.Steps is { Count: > 0 } steps)
            findings.AddRange([
                Finding.Of("jko-slack", steps.Min(s => s.Slack),
                    "least energy lost beyond W2^2 / (2 tau) in a minimizing movement; not negative in theory"),
                Finding.Of("jko-excess", steps.Max(s => s.SquaredDistance > 0 ? s.Excess / s.SquaredDistance : 0),
                    "largest part of the cost of a step's coupling that another one could save")]);
        var agreements = pairs.Zip(distances[^1], (p, w2) => new Agreement(p.A, p.B, w2)).ToArray();
        var headline = Agreement.InWords(agreements) +
            string.Concat(ways.Where(w => w.Slid is not null).Select(w => $" The {w.Name} {w.Slid!.InWords}.")) +
            (why is null ? "" : $" No minimizing movements: {why}.");
        return new(headline, findings,
        [
            new("study",
                ["t", .. pairs.Select(p => $"{p.A.Name}{char.ToUpperInvariant(p.B.Name[0])}{p.B.Name[1..]}")],
                measured.Select((k, i) => (object[])[times[k], .. distances[i].Cast<object>()]),
                grid.Dimension == 1
                    ? "W2 of the densities that the three stand for: at time 0 what their discretisations differ by."
                    : "W2 of particles and cells, exact: at time 0 what it takes to spread the one over the other."),
            new("study-energy", ["t", .. ways.Select(w => w.Name), "network", "mass", "cutMass"],
                [.. times.Select((t, k) => (object[])[t, .. ways.Select(w => (object)w.Law!.Energies[k]),
                    network.Energies[k], densities[k].Masses.Sum(), densities[k].CutMass])],
                "Energies: risk, weight decay and, where the temperature is not 0, entropy, which particles have " +
                "none of."),
            new("study-density", ["t", .. Enumerable.Range(1, grid.Dimension).Select(k => $"theta{k}"), "density"],
                Rows(times, densities, densities[0].Grid)),
        ])
        {
            Text = headline + Agreement.Table(agreements),
            Neurons = Neurons(times, [.. ways, new("network", network)]),
            Frames = [.. NeuronFrames.Draw(model, grid, network)],
            Figures = [.. DensityFigures.All(model, ways, network, [.. measured.Select(k => times[k])], distances)],
        };
    }

    /// <summary>
    /// t [S], and of each way its points, [S, n, d], and their masses, [S, n]: where S is 1, the same at all times.
    /// </summary>
    private static Dictionary<string, NumPyArray> Neurons(double[] times, Way[] ways)
    {
        var arrays = new Dictionary<string, NumPyArray> { ["t"] = new([times.Length], times) };
        foreach (var (name, law) in ways.Select(w => (w.Name, w.Law!)))
        {
            var n = law.Masses[0].Length;
            arrays[name] = new([law.Points.Count, n, law.Dimension], [.. law.Points.SelectMany(x => x)]);
            arrays[$"{name}_masses"] = new([law.Masses.Count, n], [.. law.Masses.SelectMany(m => m)]);
        }
        return arrays;
    }

    private static double Error(Way[] ways, string name) =>
        ways.FirstOrDefault(w => w.Name == name)?.Error ?? double.NaN;

    private static double Rms(double[] a, double[] b, Dataset points) => Math.Sqrt(a.Zip(b, (x, y) => x - y)
        .Select((v, i) => v * points.RootOfMass(i / points.Outputs)).Average(v => v * v));

    /// <summary>All save times on the line, the last one in the plane.</summary>
    private static IEnumerable<object[]> Rows(double[] times, Density[] densities, Grid grid) => times.Zip(densities)
        .TakeLast(grid.Dimension == 1 ? times.Length : 1).SelectMany(at => grid.Centres.Chunk(grid.Dimension)
            .Zip(at.Second.Masses, (centre, mass) => (object[])
                [at.First, .. centre.Cast<object>(), mass / grid.CellVolume]));
}

/// <summary>The law of the neurons of the limit in one way, or of a network.</summary>
/// <param name="Name">grid, particles, jko or network.</param>
/// <param name="Law">The law; null where there is none.</param>
/// <param name="Error">What it is known to, as W2 at the end.</param>
/// <param name="Slid">Steps along kinks without error control; null without any.</param>
/// <param name="Why">Why there is no law.</param>
internal sealed record Way(string Name, NeuronLaw? Law, double Error = 0, Sliding? Slid = null, string? Why = null)
{
    internal string InWords => Name == "jko" ? "minimizing movements" : Name;
}
