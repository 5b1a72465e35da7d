using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Limits.Particles;
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

    // Of the noise of batches, among all replicates.
    private const int Draws = 384, LeastDraws = 8, MostDraws = 64;

    private static readonly string[] Dynamics = ["sgd", "euler"];
    private static readonly string[] Quantities = ["prediction", "parameters-l2"];

    public string Name => "step";

    public string Question =>
        "How does a network under SGD of step eps approach its own gradient flow as eps goes to 0?";

    public string Help => "SGD and Euler against the gradient flow of the same network, for several steps. " +
        "Example: mfl step problem.json --seeds 8";

    public IEnumerable<(string Name, string Value)> Settings(Model model) =>
        SgdVariants.Settings(Variant(model), "euler on all data", "their gradient flow");

    public StudyPlan Plan(Model model, int threads)
    {
        var variant = Variant(model);
        var (steps, replicates) = (variant.Problem.Couple.Steps!.Count, variant.Problem.Couple.Seeds);
        Cell<Found>[] cells = [.. Enumerable.Range(0, replicates).Select(replicate =>
            new Cell<Found>($"network/replicate={replicate}", 1, [],
                context => RunNetwork(variant, replicate, context.Machine)))];
        return new(cells, done => Result(variant, done.Found(cells), done.Failures(cells)),
            MemoryText.Networks(variant, threads, Dynamics.Length * steps + 1));
    }

    private static Model Variant(Model model) =>
        SgdVariants.Of(model, [model.Problem.Couple.Widths[0]], tracers: 0, Levels, Ratio);

    private static StudyResult Result(Model variant, Found[] found, IReadOnlyList<CellFailure> failures)
    {
        var (couple, replicates) = (variant.Problem.Couple, found.Length);
        var steps = couple.Steps!;
        var all = new StudyTable("gaps", ["dynamics", "step", "seed", .. Quantities],
            Dynamics.SelectMany((name, d) => steps.SelectMany((step, j) => found
                .Select(f => (object[])[name, step, f.Replicate, .. f.Gaps[d][j].Cast<object>()]))));
        if (replicates == 0) return StudyResult.Ended(failures, all);
        // The error of the flow is told by the first replicate, where it finished.
        var errors = found[0].Errors is [_, _] known ? known : [double.NaN, double.NaN];
        var laws = Dynamics.SelectMany((name, d) => Quantities.Select((quantity, q) => (Dynamics: name,
            Quantity: quantity, Error: errors[q], Law: PowerLaw.Fit("step", steps, DenseMatrix.Create(steps.Count,
                replicates, (j, s) => found[s].Gaps[d][j][q]).ToArray(), variant.Seed)))).ToArray();
        var predictions = laws.Where(l => l.Quantity == Quantities[0]).Select(l => (l.Dynamics, l.Law)).ToArray();
        var (sgd, euler) = (predictions[0].Law, predictions[1].Law);
        var seeds = replicates == 1 ? "1 seed" : $"{replicates} seeds";
        var batch = variant.Problem.Training.Batch;
        var predicted = Predicted(found);
        return new(sgd.Sentence($"The prediction gap between SGD on batches of {batch} and the gradient flow of the " +
            $"same network, of width {couple.Widths[0]},", "eps") + " (theory: eps^0.5). " +
            euler.Sentence("That of Euler on all data, which is SGD without its noise,", "eps") +
            $" (theory: eps). Both are of {seeds}." + (predicted is { } law
                ? $" The noise of SGD is predicted {LimitText.Short(law.Gap)} sqrt(eps) along the flow of the networks " +
                    $"(standard error {LimitText.Short(law.StandardError)}, intervals {LimitText.Short(law.IntervalsError)})."
                : ""),
            [.. laws.Select(l => Finding.Of($"{l.Dynamics}-{l.Quantity}", l.Law,
                $"exponent of eps in the gap of {l.Quantity} of {l.Dynamics}"))],
            [
                new("study", ["dynamics", "quantity", "step", "rms", "low", "high", "flowErrorOverRms"],
                    [.. laws.SelectMany(l => steps.Select((step, j) => (object[])[l.Dynamics, l.Quantity, step,
                        l.Law.Rms[j], l.Law.RmsLow[j], l.Law.RmsHigh[j], l.Error / l.Law.Rms[j]]))],
                    "Gaps to the network's own gradient flow, largest over the save times, rms over seeds with 95 " +
                    "% intervals, and the error of that flow beside them (a hundredth of its tolerance)."),
                .. predicted is { } of ? [Beside(of, sgd, couple.Steps!, found, variant.Seed)] : Array.Empty<StudyTable>(),
                all,
            ])
        {
            Parts = predicted is not { } c ? [] : new Dictionary<string, object>
            {
                ["predicted"] = new { PerStepLargest = c.Gap, c.StandardError, c.IntervalsError },
            },
            Failures = failures,
            Figures = [SeriesFigure.Draw("step", "Gap between a network under SGD, and under Euler, and its own " +
                "gradient flow against the step, rms over seeds with 95 % intervals, on logarithmic axes; " +
                "lines: least squares" + (predicted is null ? "." : "; dashed green: that of SGD predicted along the flow."),
                new("step \u03b5", true), new("rms prediction gap, largest over t", true),
                [.. predictions.Select(p => new Series(p.Dynamics +
                    (double.IsFinite(p.Law.Slope) ? $": \u03b5^({p.Law.Slope:0.00})" : ""), steps, p.Law.Rms)
                {
                    Bars = (p.Law.RmsLow, p.Law.RmsHigh),
                    Slope = double.IsFinite(p.Law.Slope) ? p.Law.Slope : null,
                    Predicted = predicted is { } d && p.Dynamics == Dynamics[0]
                        ? [.. steps.Select(eps => d.Gap * Math.Sqrt(eps))] : null,
                })])],
        };
    }

    /// <summary>
    /// The rms over networks and draws of the largest over save times, over sqrt(eps); null without noise or prediction.
    /// </summary>
    private static (double Gap, double StandardError, double IntervalsError)? Predicted(Found[] found)
    {
        if (!found.All(f => f.Predicted is { Largest: > 0 })) return null;
        double[] squares = [.. found.Select(f => f.Predicted!.Largest * f.Predicted.Largest)];
        var gap = Math.Sqrt(squares.Average());
        // Of the draws alone: the networks are those that are measured.
        return (gap, found.Select(f => f.Predicted!.StandardError / f.Predicted.Gap).Average() / Math.Sqrt(found.Length) * gap,
            found.Max(f => f.Predicted!.IntervalsError / f.Predicted.Gap) * gap);
    }

    private static StudyTable Beside((double Gap, double StandardError, double IntervalsError) predicted, PowerLaw sgd,
        IReadOnlyList<double> steps, Found[] found, ulong seed)
    {
        // Networks are resampled with their predictions: what these differ in counts for neither.
        double Log(int j, IEnumerable<int> drawn) => Math.Log(drawn.Average(s => Math.Pow(found[s].Gaps[0][j][0], 2))
            / drawn.Average(s => Math.Pow(found[s].Predicted!.Largest, 2)) / steps[j]) / 2;
        int[] every = [.. Enumerable.Range(0, found.Length)];
        var half = Bootstrap.HalfLengths(found.Length, seed, drawn => [.. steps.Select((_, j) => Log(j, drawn))]);
        return new("predicted", ["step", "rmsGap", "low", "high", "predicted", "ratio", "ratioLow", "ratioHigh"],
            steps.Select((eps, j) => (object[])[eps, sgd.Rms[j], sgd.RmsLow[j], sgd.RmsHigh[j],
                predicted.Gap * Math.Sqrt(eps), Math.Exp(Log(j, every)), Math.Exp(Log(j, every) - half[j]),
                Math.Exp(Log(j, every) + half[j])]),
            "The prediction gap of SGD, largest over the save times, rms over seeds with its 95 % interval, beside what the " +
            "flow of each network predicts to first order in sqrt(eps), and their ratio with its 95 % interval.")
        {
            Heading = "Gaps predicted",
        };
    }

    private static Found RunNetwork(Model variant, int replicate, Machine machine)
    {
        var (width, steps, flow) = (variant.Problem.Couple.Widths[0], variant.Problem.Couple.Steps!,
            (GradientFlow)variant.LimitDynamics);
        var tighter = flow with
        {
            Tolerance = Math.Max(LeastTolerance, flow.Tolerance / Tighter),
            Step = flow.Step / 2,
        };
        var draws = Math.Clamp((variant.Problem.Limit.Predict?.Draws ?? Draws) / variant.Problem.Couple.Seeds, LeastDraws,
            MostDraws);
        // The flow, SGD and Euler with each step, and, once, the flow more tightly for its error.
        (string Name, IDynamics Dynamics)[] motions =
        [
            ("its flow", flow),
            .. steps.Select((eps, j) => ($"SGD of step {LimitText.Short(eps)}", SgdVariants.Sgd(variant, j))),
            .. steps.Select(eps => ($"Euler of step {LimitText.Short(eps)}", new GradientFlow("euler", Step: eps))),
            .. replicate == 0 ? [("its flow at a tighter tolerance", tighter)] : Array.Empty<(string, IDynamics)>(),
        ];
        var run = new SideBySide(variant, machine, replicate, [.. motions.Select(m => (width, m.Dynamics))],
            traced: null);
        if (run.Failed is { } failed)
            throw new CellFailedException(run.Failure($"the network of seed {replicate} under {motions[failed].Name}"));
        var reference = run.Trained(0).Trajectory;
        double[] Gaps(int n) =>
            [run.Trained(n).Trajectory.LargestRmsDistance(reference), run.Gaps(n).Max(g => g.ParametersL2)];
        return new(replicate, [.. steps.Concat(steps).Select((_, n) => Gaps(1 + n)).Chunk(steps.Count)],
            replicate == 0 ? Gaps(motions.Length - 1) : [])
        {
            Predicted = GapPrediction.OfSteps(variant,
                variant.Sample(variant.Hidden(width), replicate),
                variant.Problem.Training.Batch!.Value, (replicate * draws, draws), machine,
                run.Trained(0).Result.Evaluations),
        };
    }

    /// <summary>Gaps of a replicate, [dynamics][step][quantity], and of the first one the error of its flow.</summary>
    private sealed record Found(int Replicate, double[][][] Gaps, double[] Errors)
    {
        /// <summary>What the flow of its network predicts of SGD, over sqrt(eps).</summary>
        public PredictedSteps? Predicted { get; init; }
    }
}
