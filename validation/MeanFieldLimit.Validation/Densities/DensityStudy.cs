using MeanFieldLimit.Runs;
using System.Globalization;
using MeanFieldLimit.Data;
using MeanFieldLimit.Densities;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Densities;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Densities;

/// <summary>
/// The limit of a two-layer network as the law of its neurons, solved by particles, on a grid (Fokker-Planck) and by
/// the minimizing-movement scheme (JKO), and the distances W_2 of the three.
/// </summary>
public sealed class DensityStudy : IStudy
{
    // Exact transport in the plane takes seconds each.
    private const int MostDistances = 8;

    /// <inheritdoc/>
    public string Name => "density";

    /// <inheritdoc/>
    public string Question => "Do the particles, the partial differential equation and the minimizing movements of " +
        "one limit agree, and how do its density and energy move?";

    /// <inheritdoc/>
    public string Help => "Solve the limit of a two-layer network as the density of its neurons: by particles, on a grid " +
        "and by minimizing movements. Example: mfl density examples/density.json";

    /// <inheritdoc/>
    public string Example => "density";

    /// <inheritdoc/>
    public bool HasNetworks => false;

    /// <inheritdoc/>
    public Problem Complete(Problem problem) => problem with { Density = problem.Density ?? new() };

    /// <inheritdoc/>
    public StudyPlan Plan(Model model, int threads)
    {
        Check(model);
        return new([], _ => Run(model, new() { Threads = threads }))
        {
            Memory = FormattableString.Invariant($"up to {Bytes(model) / 1e6:N0} MB"),
        };
    }

    /// <summary>Refuses neurons without a density, and what does not fit into memory.</summary>
    /// <exception cref="ProblemException">Of the problem, with the rule.</exception>
    public static void Check(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
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

    /// <summary>About the bytes that it takes: all descriptions at all save times, thirty vectors of the grid and the
    /// responses that two functionals keep.</summary>
    /// <exception cref="ProblemException">The neurons have no density.</exception>
    public static double Bytes(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (spec, data) = (model.Problem.Density!, model.Data.Train);
        var d = NeuronCoordinates.Of(model).Dimension;
        var (cells, nodes) = (Math.Pow(spec.Cells, d),
            (double)model.Rules[0].CountNodes(model.OfLimit.Embedding.TypeLaws(1)));
        var kept = 2.25 * cells + 2 * d * Math.Max(nodes, cells * (2 - d))
            + (data.Inputs + data.Outputs + 1.0 + d) * (nodes + spec.Width);
        // The noise of SGD is one for each neuron and data point: its weights and the vectors of the method.
        var noise = model.Problem.Training.Dynamics == DynamicsKind.SgdDiffusion ? 4 * Math.Max(nodes, spec.Width) * data.Count : 0;
        return sizeof(double) * (model.SaveTimes.Length * kept + (30 + 2.0 * data.Count) * cells + noise);
    }

    /// <summary>Solves the limit in all ways.</summary>
    /// <exception cref="ProblemException">The network or the grid does not suit, or steps are too long.</exception>
    /// <exception cref="Solvers.Time.RunFailedException">A run diverged or was asked to stop.</exception>
    public static StudyResult Run(Model model, Machine bench)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(bench);
        var (ways, end) = (new DensityModel(model, bench.Engine(bench.Threads)), model.SaveTimes[^1]);
        var (cells, step) = (model.Problem.Density!.Cells, ways.Step);
        IProgress<double>? Show(string name) => bench.Show(name, end);

        var particles = ways.Particles(bench.Cancellation, Show("particles"));
        var grid = ways.Grid(particles, cells);
        var density = ways.OnGrid(grid, step, bench.Cancellation, Show("grid"));
        var (movements, why) = Movements(ways, grid, step, bench.Cancellation, Show("jko"));
        var network = ways.Network(bench.Cancellation, Show("network"));

        // The errors: cells of twice the length, and steps of half the length, as save times cut longer ones down.
        var half = Math.Min(step, model.SaveTimes.Zip(model.SaveTimes.Skip(1), (a, b) => b - a).Max()) / 2;
        var last = model.SaveTimes.Length - 1;
        var particleError = particles.Distance(ways.OtherParticles(bench.Cancellation, Show("other particles")), last);
        var gridError =
            density.Distance(ways.OnGrid(grid.Coarser(), step, bench.Cancellation, Show("coarser grid")), last)
            + density.Distance(ways.OnGrid(grid, half, bench.Cancellation, Show("shorter steps of the grid")), last);
        var jkoError = double.NaN;
        if (movements is not null)
        {
            // Particles in the plane are the same on every grid.
            Description? shorter = Movements(ways, grid, half, bench.Cancellation, Show("shorter steps of jko")).Found,
                fewer = ways.Coordinates.Dimension > 1 ? movements
                    : Movements(ways, grid.Coarser(), step, bench.Cancellation, Show("fewer quantiles of jko")).Found;
            if (shorter is not null && fewer is not null)
                jkoError = 2 * movements.Distance(shorter, last) + movements.Distance(fewer, last);
        }
        return Result(model, [.. new[] { density, particles, movements }.OfType<Description>()], network,
            new(gridError, particleError, jkoError), why);
    }

    /// <summary>The minimizing movements, or why there are none: a kink in the risk, say.</summary>
    private static (Description? Found, string Why) Movements(DensityModel ways, Grid grid, double tau,
        CancellationToken cancellation, IProgress<double>? progress)
    {
        try
        {
            return ways.Proximal(grid, tau, cancellation, progress) is { } found ? (found, "")
                : (null, ways.IsGradient ? " No minimizing movements: particles in the plane have no entropy."
                    : " No minimizing movements: with the noise of SGD there is no energy to descend.");
        }
        catch (InvalidOperationException e)
        {
            return (null, $" No minimizing movements: {e.Message}.");
        }
    }

    private static StudyResult Result(Model model, Description[] ways, Description network,
        Errors errors, string why)
    {
        var times = model.SaveTimes;
        int[] measured = [.. Enumerable.Range(0, MostDistances + 1).Select(k => k * (times.Length - 1) / MostDistances)
            .Distinct()];
        (Description A, Description B)[] pairs =
            [.. ways.SelectMany((a, i) => ways.Skip(i + 1).Select(b => (a, b)))];
        double[][] distances = [.. measured.Select(k => pairs.Select(p => p.A.Distance(p.B, k)).ToArray())];
        var grid = ways[0];
        var last = times.Length - 1;

        List<Finding> findings =
        [
            .. pairs.Select((p, i) => Number($"w2-{p.A.Name}-{p.B.Name}", distances[^1][i],
                $"W2 of {p.A.Name} and {p.B.Name} at the end")),
            .. pairs.Select(p => Number($"predictions-{p.A.Name}-{p.B.Name}",
                Rms(p.A, p.B, model.OfLimit.Data.Train),
                $"rms difference of the predictions of {p.A.Name} and {p.B.Name} at the end")),
            Number("w2-network-grid", network.Distance(grid, last),
                "W2 of the neurons of one network to the density at the end"),
            Number("particles-error", errors.Particles,
                "W2 of the particles to those on other nodes, and other paths where there is noise, at the end"),
            Number("grid-error", errors.Grid,
                "W2 of the grid to one of half as many cells, and to one with half the step, at the end; the sum"),
            Number("jko-error", errors.Jko,
                "twice W2 of the minimizing movements, of order 1, to those with half the tau, and that to those of " +
                "half as many quantiles, at the end"),
            Number("mass-error", grid.Densities.Max(d => Math.Abs(d.Masses.Sum() - 1)), "largest |mass - 1| on the " +
                "grid"),
            Number("least-mass", grid.Densities.Min(d => d.Masses.Min()), "smallest mass of a cell"),
            Number("cut-mass", grid.Densities.Max(d => d.CutMass),
                "most mass in the outermost sixteenths of axes that are cut off: more than lies beyond"),
            Number("energy-rise", grid.Energies.Zip(grid.Energies.Skip(1), (a, b) => b - a).Max(),
                "largest change of the energy on the grid between save times; negative where it falls"),
        ];
        if (ways[^1].Steps is { Count: > 0 } steps)
            findings.AddRange([
                Number("jko-slack", steps.Min(s => s.Slack),
                    "least energy lost beyond W2^2 / (2 tau) in a minimizing movement; not negative in theory"),
                Number("jko-excess", steps.Max(s => s.SquaredDistance > 0 ? s.Excess / s.SquaredDistance : 0),
                    "largest part of the cost of a step's coupling that another one could save")]);
        var slid = string.Concat(ways.Where(w => w.Slid is not null).Select(w => $" The {w.Name} {w.Slid!.Account}."));
        return new(Headline(pairs, distances[^1], errors) + slid + why, findings,
        [
            new("study", ["t", .. pairs.Select(p => Column(p.A, p.B))], [.. measured.Select((k, i) =>
                (IReadOnlyList<object>)[times[k], .. distances[i].Cast<object>()])],
                grid.Laws[0].Dimension == 1
                    ? "W2 of the densities that the three stand for: at time 0 what their discretisations differ by."
                    : "W2 of particles and cells, exact: at time 0 what it takes to spread the one over the other."),
            new("study-energy", ["t", .. ways.Select(w => w.Name), "network", "mass", "cutMass"],
                [.. times.Select((t, k) => (IReadOnlyList<object>)[t, .. ways.Select(w => (object)w.Energies[k]),
                    network.Energies[k], grid.Densities[k].Masses.Sum(), grid.Densities[k].CutMass])],
                "Energies: risk, weight decay and, where the temperature is not 0, entropy, which particles have " +
                "none of."),
            new("study-density", ["t", .. Enumerable.Range(1, grid.Laws[0].Dimension).Select(k => $"theta{k}"),
                "density"],
                [.. DensityRows(times, grid.Densities)]),
        ])
        {
            Figures =
                [.. DensityFigures.All(model, ways, network, [.. measured.Select(k => times[k])], distances)],
        };
    }

    private static Finding Number(string name, double value, string meaning) =>
        new(name, value, double.NaN, double.NaN, meaning);

    private static double Rms(Description a, Description b, Dataset points) =>
        Math.Sqrt(a.Predictions.Zip(b.Predictions, (x, y) => x - y)
            .Select((v, i) => v * points.RootOfMass(i / points.Outputs)).Average(v => v * v));

    private static string Column(Description a, Description b) =>
        $"{a.Name}{char.ToUpperInvariant(b.Name[0])}{b.Name[1..]}";

    private static string Headline((Description A, Description B)[] pairs, double[] distances, Errors errors) =>
        string.Create(CultureInfo.InvariantCulture,
            $"W2 at the end: {string.Join(", ", pairs.Select((p, i) => Text(p.A.Name, p.B.Name, distances[i])))}; ") +
            string.Create(CultureInfo.InvariantCulture,
                $"the grid is known to about {errors.Grid:G2}, the particles to {errors.Particles:G2}") +
            (double.IsNaN(errors.Jko) ? "."
                : string.Create(CultureInfo.InvariantCulture, $", the minimizing movements to {errors.Jko:G2}."));

    private static string Text(string a, string b, double distance) =>
        string.Create(CultureInfo.InvariantCulture, $"{a} and {b} {distance:G3}");

    /// <summary>All save times on the line, the last one in the plane.</summary>
    private static IEnumerable<IReadOnlyList<object>> DensityRows(double[] times, IReadOnlyList<Density> densities)
    {
        var d = densities[0].Grid.Dimension;
        for (var k = d == 1 ? 0 : times.Length - 1; k < times.Length; k++)
            for (var cell = 0; cell < densities[k].Masses.Length; cell++)
                yield return [times[k], .. densities[k].Grid.Centres.Skip(cell * d).Take(d).Cast<object>(),
                    densities[k].Masses[cell] / densities[k].Grid.CellVolume];
    }

    /// <summary>What each way is known to, as W2 at the end; NaN where there is none.</summary>
    private readonly record struct Errors(double Grid, double Particles, double Jko);
}
