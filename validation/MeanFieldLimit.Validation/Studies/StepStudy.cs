using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// The rate in the step: a network under SGD and under explicit Euler on all data, which is SGD without its noise,
/// against its own gradient flow, for several steps. The noise of batches of one size is of order sqrt(eps)
/// (Nguyen and Pham, arXiv:2001.11443, the theorem on the connection to the mean-field limit), the error of Euler eps.
/// </summary>
internal sealed class StepStudy : IStudy
{
    private const int Levels = 6, Ratio = 2;
    private const double Tighter = 100, LeastTolerance = 1e-13;

    private static readonly string[] Dynamics = ["sgd", "euler"];
    private static readonly string[] Quantities = ["prediction", "parameters-l2"];

    /// <inheritdoc/>
    public string Name => "step";

    /// <inheritdoc/>
    public string Question => "How does a network under SGD of step eps approach its own gradient flow as eps goes " +
        "to 0?";

    /// <inheritdoc/>
    public string Help => "SGD and Euler against the gradient flow of the same network, for several steps. " +
        "Example: mfl step problem.json --seeds 8";

    /// <inheritdoc/>
    public StudyPlan Plan(Model model, int threads)
    {
        var variant = SgdVariants.Of(model, [model.Problem.Couple.Widths[0]], tracers: 0, Levels, Ratio);
        var (steps, seeds) = (variant.Problem.Couple.Steps!.Count, variant.Problem.Couple.Seeds);
        Cell<Found>[] cells = [.. Enumerable.Range(0, seeds).Select(seed =>
            new Cell<Found>($"network/replicate={seed}", 1, [], context => RunSeed(variant, seed, context.Machine)))];
        return new(cells, done => Result(variant, [.. cells.Select(done.Find).OfType<Found>()],
            [.. cells.Select(done.Failure).OfType<CellFailure>()]))
        {
            Memory = MemoryText.Networks(variant, threads, Dynamics.Length * steps + 1),
        };
    }

    private static StudyResult Result(Model variant, IReadOnlyList<Found> records, IReadOnlyList<CellFailure> failures)
    {
        Found[] found = [.. records.Where(f => f.Failure is null)];
        var (couple, seeds) = (variant.Problem.Couple, found.Length);
        var steps = couple.Steps!;
        var all = new StudyTable("gaps", ["dynamics", "step", "seed", .. Quantities],
            Dynamics.SelectMany((name, d) => steps.SelectMany((step, j) => found
                .Select(f => (IReadOnlyList<object>)[name, step, f.Seed, .. f.Gaps[d][j].Cast<object>()]))));
        if (seeds == 0) return StudyResult.Ended(failures, all);
        // The error of the flow is told by the first seed, where it finished.
        var errors = found[0].Errors is [_, _] known ? known : [double.NaN, double.NaN];
        // gaps[dynamics][quantity][step, seed]
        var gaps = Dynamics.Select((_, d) => Quantities.Select((_, q) =>
        {
            var values = new double[steps.Count, seeds];
            for (var j = 0; j < steps.Count; j++)
                for (var s = 0; s < seeds; s++) values[j, s] = found[s].Gaps[d][j][q];
            return values;
        }).ToArray()).ToArray();
        var laws = gaps.Select(g => g.Select(q => PowerLaw.Fit(steps, q, variant.Seed)).ToArray()).ToArray();
        var rows = Dynamics.SelectMany((name, d) => Quantities.SelectMany((quantity, q) => steps.Select((step, j) =>
            (IReadOnlyList<object>)[name, quantity, step, laws[d][q].Rms[j], laws[d][q].RmsLow[j],
                laws[d][q].RmsHigh[j], errors[q] / laws[d][q].Rms[j]])));
        var findings = Dynamics.SelectMany((name, d) => Quantities.Select((quantity, q) => new Finding(
            $"{name}-{quantity}", laws[d][q].Slope, laws[d][q].Low, laws[d][q].High,
            $"exponent of eps in the gap of {quantity} of {name}{PowerLaw.Unfitted(laws[d][q].Reason)}"))).ToArray();
        var (sgd, euler) = (laws[0][0], laws[1][0]);
        return new($"At width {couple.Widths[0]} the prediction gap between SGD (batches of " +
            $"{variant.Problem.Training.Batch}) and the gradient flow of the same network goes as " +
            $"{sgd.InWords("eps")}, that of Euler on all data as {euler.InWords("eps")} ({seeds} seeds). The theory " +
            "has 1/2 and 1.",
            findings,
            [
                new("study", ["dynamics", "quantity", "step", "rms", "low", "high", "flowErrorOverRms"], [.. rows],
                    "Gaps to the network's own gradient flow, largest over the save times, rms over seeds with 95 " +
                    "% intervals, and the error of that flow beside them (a hundredth of its tolerance)."),
                all,
            ])
        {
            Failures = failures,
            Figures = [SeriesFigure.Draw("step", "Gap between a network under SGD, and under Euler, and its own " +
                "gradient flow against the step, rms over seeds with 95 % intervals, on logarithmic axes; " +
                "lines: least squares.", new("step \u03b5", true), new("rms prediction gap, largest over t", true),
                [.. laws.Select((l, d) => new Series(Dynamics[d] + (l[0].Reason is null && double.IsFinite(l[0].Slope)
                    ? $": \u03b5^({l[0].Slope:0.00})" : ""), steps, l[0].Rms)
                {
                    Bars = (l[0].RmsLow, l[0].RmsHigh),
                    Slope = double.IsFinite(l[0].Slope) ? l[0].Slope : null,
                })])],
        };
    }

    private static Found RunSeed(Model variant, int seed, Machine machine)
    {
        var (embedding, problem) = (variant.Embedding, variant.Problem);
        var width = problem.Couple.Widths[0];
        var network = embedding.Sample([.. Enumerable.Repeat(width, embedding.Architecture.Depth - 1)],
            Streams.Replicate(variant.Seed, seed));
        var flow = (GradientFlow)variant.LimitDynamics;
        var tighter = flow with
        {
            Tolerance = Math.Max(LeastTolerance, flow.Tolerance / Tighter),
            Step = flow.Step / 2,
        };
        // The flow, SGD and Euler with each step, and, once, the flow more tightly for its error.
        var steps = problem.Couple.Steps!;
        (string Name, IDynamics Dynamics)[] motions =
        [
            ("its flow", flow),
            .. steps.Select((eps, j) => ($"SGD of step {LimitText.Short(eps)}", SgdVariants.Sgd(variant, j))),
            .. steps.Select(eps => ($"Euler of step {LimitText.Short(eps)}", (IDynamics)new GradientFlow("euler", Step: eps))),
            .. seed == 0 ? [("its flow at a tighter tolerance", tighter)] : Array.Empty<(string, IDynamics)>(),
        ];
        var run = new Run(variant, machine);
        Mover[] movers = [.. motions.Select(m => run.Add(network, m.Dynamics, variant.OfNetwork(seed)))];
        PathwiseProbe[] probes = [.. movers.Select(m => new PathwiseProbe(m, movers[0], variant.Watched,
            machine.Engine(1)))];
        foreach (var mover in movers) run.Record(mover);
        foreach (var probe in probes) run.Watch(probe);
        if (run.Complete().Failed is { } failed)
            return new(seed, [], [])
            {
                Failure = new($"the network of seed {seed} under {motions[Array.IndexOf(movers, failed)].Name}", failed.Result,
                    failed.Trained.DivergedLayer),
            };
        var reference = movers[0].Trained.Trajectory;
        double[] Gaps(int r) =>
            [movers[r].Trained.Trajectory.LargestRmsDistance(reference), probes[r].Gaps.Max(g => g.ParametersL2)];
        return new(seed, [.. Dynamics.Select((_, d) => steps.Select((_, j) => Gaps(1 + d * steps.Count + j)).ToArray())],
            seed == 0 ? Gaps(movers.Length - 1) : []);
    }

    /// <summary>The gaps of a seed, [dynamics][step][quantity], and of the first one the error of its flow.</summary>
    private sealed record Found(int Seed, double[][][] Gaps, double[] Errors) : IMayFail
    {
        public CellFailure? Failure { get; init; }
    }
}
