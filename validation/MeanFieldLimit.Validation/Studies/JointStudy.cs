using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// Width and step together: quantiles over seeds of the gap between networks of N neurons under SGD of step eps and
/// the limit, against the bound of <see cref="JointPoint"/>. Its constant is fitted on every other point of the grid
/// of widths and steps and tested on the rest.
/// </summary>
internal sealed class JointStudy : IStudy
{
    private const int Levels = 3, Ratio = 4;

    private static readonly string[] Quantities = ["prediction", "parameters-l2", "parameters-max"];

    public string Name => "joint";

    public string Question => "Does C sqrt(log(N / delta)) (1/sqrt N + sqrt eps) bound the gap between networks " +
        "under SGD and the limit, with one C for all widths and steps?";

    public string Help => "Quantiles of the gap over widths and steps against the bound of the coupling theorem. " +
        "Example: mfl joint problem.json --widths 50,100,200";

    public IEnumerable<(string Name, string Value)> Settings(Model model) =>
        SgdVariants.Settings(Variant(model), "the flow of the limit", "limit");

    public StudyPlan Plan(Model model, int threads)
    {
        if (model.Problem.Scaling is not null)
            throw model.Loaded.Error("$.scaling", "a scaling must be left out of the joint study, whose networks " +
                "have one limit together, found one; use couple, or remove it");
        var (couple, variant) = (model.Problem.Couple, Variant(model));
        var limit = new LimitCell(variant);
        Cell<Found>[] cells = [.. couple.Widths.SelectMany(width => Enumerable.Range(0, couple.Seeds).Select(
            replicate => new Cell<Found>($"networks/width={width}/replicate={replicate}",
                CouplingCells.Parameters(variant, width), [limit.Cell],
                context => RunNetwork(limit.Of(context), width, replicate, context.Machine))))];
        return new([limit.Cell, .. cells],
            done => Result(limit.Of(done), done.Found(cells), done.Failures([limit.Cell, .. cells])),
            MemoryText.Networks(variant, threads, variant.Problem.Couple.Steps!.Count + 1));
    }

    private static Model Variant(Model model) => model.Problem.Couple.Widths is var widths
        ? SgdVariants.Of(model, widths, widths[^1], Levels, Ratio) : model;

    private static StudyResult Result(LimitSolution limit, IReadOnlyList<Found> found,
        IReadOnlyList<CellFailure> failures)
    {
        var (variant, couple) = (limit.Model, limit.Model.Problem.Couple);
        var widths = couple.Widths;
        double[] steps = [0, .. couple.Steps!];
        var all = new StudyTable("gaps", ["width", "step", "seed", .. Quantities], found.SelectMany(f => steps.Select(
            (step, j) => (object[])[f.Width, step, f.Replicate, .. f.Gaps[j].Cast<object>()])));
        if (widths.Any(n => found.All(f => f.Width != n))) return StudyResult.Ended(failures, all);
        var replicates = widths.Min(n => found.Count(f => f.Width == n));

        var (findings, rows, verdicts) = (new List<Finding>(), new List<object[]>(), new List<Verdict>());
        double Ratio(JointPoint point) => point.Ratio(couple.Delta);
        foreach (var (q, quantity) in Quantities.Index())
        {
            JointPoint[] grid = [.. widths.SelectMany(width => steps.Select((step, j) => new JointPoint(width, step,
                JointPoint.QuantileOf(found.Where(f => f.Width == width).Select(f => f.Gaps[j][q]), couple.Delta))))];
            bool IsFitted(int n) => (n / steps.Length + n % steps.Length) % 2 == 0;
            var constant = grid.Where((_, n) => IsFitted(n)).Max(Ratio);
            JointPoint[] tested = [.. grid.Where((_, n) => !IsFitted(n))];
            var worst = tested.Length > 0 ? tested.Max(Ratio) / constant : double.NaN;
            var (ofWidth, ofStep) = JointPoint.Separate(grid, couple.Delta);
            findings.AddRange(
            [
                Of("constant", constant, "C, the largest quantile over the bound on the fitted points"),
                Of("tested-over-bound", worst, "largest quantile over the fitted bound on the other points"),
                Of("constant-of-width", ofWidth, "a of sqrt(log(N/delta)) (a/sqrt N + b sqrt eps), all points"),
                Of("constant-of-step", ofStep, "b of the same"),
            ]);
            rows.AddRange(grid.Select((p, n) => (object[])[quantity, p.Width, p.Step, p.Quantile,
                constant * p.Bound(couple.Delta), Ratio(p) / constant, IsFitted(n) ? "fitted" : "tested",
                q == 0 ? limit.Error.Total / p.Quantile : double.NaN]));
            verdicts.Add(new(quantity, constant, tested.Count(p => Ratio(p) <= constant), tested.Length, worst));

            Finding Of(string name, double value, string meaning) => Finding.Of($"{quantity}-{name}", value, meaning);
        }
        // Of fewer than 1/delta values the largest is the best guess of the quantile, and is too low.
        var few = replicates * couple.Delta < 1 - 1e-9 ? ", which of so few is the largest" : "";
        var gaps = $"{1 - couple.Delta:G3} quantiles of {replicates} seeds{few}";
        return new($"{InWords(verdicts)} The gaps are {gaps}.", findings,
            [
                new("study", ["quantity", "width", "step", "quantile", "bound", "quantileOverBound", "point",
                    "limitErrorOverQuantile"],
                    rows, "Quantiles of the gap, largest over the save times, and the bound with the fitted " +
                        "constant; step 0 is the gradient flow."),
                all,
            ])
        {
            Text = $"{InWords(verdicts)}\n{"gap",-15}{"C",8}{"under bound",13}{"worst",7}" +
                string.Concat(verdicts.Select(v => $"\n{v.Quantity,-15}{v.Constant,8:G3}" +
                    $"{$"{v.Under} of {v.Tested}",13}{v.Worst,7:0.00}")) +
                $"\ngaps: {gaps}; worst: the largest gap over its bound",
            Neurons = limit.Neurons(),
            Figures = [Draw(rows, couple.Delta)],
            Failures = failures,
        };
    }

    /// <summary>Whether the bounds hold where they were not fitted.</summary>
    internal static string InWords(IReadOnlyList<Verdict> verdicts)
    {
        const string bound = "C sqrt(log(N/delta)) (1/sqrt N + sqrt eps)";
        var (under, tested) = (verdicts.Sum(v => v.Under), verdicts.Sum(v => v.Tested));
        var fitted = $", with C fitted on every other width and step: {under} of {tested} other gaps";
        return tested == 0 ? $"Whether {bound} is a bound cannot be tested: there is one width and step."
            : under == tested ? $"{bound} bounds the gap{fitted} are under it, the largest at " +
                $"{verdicts.Max(v => v.Worst):0.00} of it."
            : $"{bound} does not bound the gap everywhere{fitted} are under it, the largest is " +
                $"{verdicts.Max(v => v.Worst):0.00} times it.";
    }

    /// <summary>A bound with its constant, and the points on which it was tested.</summary>
    internal sealed record Verdict(string Quantity, double Constant, int Under, int Tested, double Worst);

    // Quantile against bound: under the diagonal the bound holds.
    private static Figure Draw(List<object[]> rows, double delta)
    {
        var panel = new Panel("quantiles and their bound",
            new("bound C \u221alog(N/\u03b4) (1/\u221aN + \u221a\u03b5)", true), new("quantile of the gap", true));
        foreach (var (q, of) in rows.GroupBy(r => r[0]).Index())
            panel.Points(of.Select(r => (double)r[4]), of.Select(r => (double)r[3]),
                FigureStyle.OfWidth(q, Quantities.Length), shape: FigureStyle.ShapeOf(q));
        double[] ends = [rows.Min(r => (double)r[4]), rows.Max(r => (double)r[4])];
        panel.Curve(ends, ends, FigureStyle.Guide, FigureStyle.CurveWidth, ScottPlot.LinePattern.Dashed);
        return Figure.Of("joint", $"Quantiles at {1 - delta:G3} of the gap of networks under SGD against the bound " +
            "with its fitted constant, over widths and steps, on logarithmic axes; dashed: equality. Points on or " +
            "under it keep the bound.", [panel],
            [.. Quantities.Select((q, i) => FigureStyle.PointEntry(q,
                FigureStyle.OfWidth(i, Quantities.Length), FigureStyle.ShapeOf(i))),
                FigureStyle.GuideEntry("equality")]);
    }

    private static Found RunNetwork(LimitSolution solution, int width, int replicate, Machine machine)
    {
        var variant = solution.Model;
        IDynamics[] motions =
            [variant.LimitDynamics, .. variant.Problem.Couple.Steps!.Select((_, j) => SgdVariants.Sgd(variant, j))];
        var run = new SideBySide(variant, machine, replicate, [.. motions.Select(m => (width, m))],
            (ITraceable)solution.Limit);
        if (run.Failed is { } failed)
            throw new CellFailedException(run.Failure(failed < 0 ? $"the tracers of width {width}, seed {replicate}"
                : $"the network of width {width}, seed {replicate}, under {motions[failed].InWords}"));
        return new(width, replicate, [.. motions.Select((_, n) => (double[])
            [run.Trained(n).Trajectory.LargestRmsDistance(solution.Trajectory), run.Gaps(n).Max(g => g.ParametersL2),
                run.Gaps(n).Max(g => g.ParametersMax)])]);
    }

    /// <summary>The gaps of a network, [step][quantity].</summary>
    private sealed record Found(int Width, int Replicate, double[][] Gaps);
}
