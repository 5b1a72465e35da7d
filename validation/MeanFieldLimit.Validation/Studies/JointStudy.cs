using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Coupling;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// Width and step together: quantiles over seeds of the gap between networks of N neurons under SGD of step eps and
/// the limit, against the bound of <see cref="JointPoint"/>. Its constant is fitted on every other point of the grid
/// of widths and steps and tested on the rest.
/// </summary>
public sealed class JointStudy : IStudy
{
    private const int Levels = 3, Ratio = 4;

    private static readonly string[] Quantities = ["prediction", "parameters-l2", "parameters-max"];

    /// <inheritdoc/>
    public string Name => "joint";

    /// <inheritdoc/>
    public string Question => "Does C sqrt(log(N / delta)) (1/sqrt N + sqrt eps) bound the gap between networks " +
        "under SGD and the limit, with one C for all widths and steps?";

    /// <inheritdoc/>
    public IReadOnlyList<Model> Variants(Model model) => [SgdVariants.Of(model,
        model.Problem.Couple.Widths, model.Problem.Couple.Widths[^1], Levels, Ratio)];

    /// <inheritdoc/>
    public int NetworksAtOnce(Model variant) => variant.Problem.Couple.Steps!.Count + 1;

    /// <inheritdoc/>
    public StudyResult Run(IReadOnlyList<Model> variants, Workbench bench)
    {
        var variant = variants[0];
        var couple = variant.Problem.Couple;
        var (widths, seeds) = (couple.Widths, couple.Seeds);
        double[] steps = [0, .. couple.Steps!];
        var limit = bench.Solve(variant, "limit");
        if (StudyFailure.Of("the limit", limit) is { } unsolved) return StudyResult.Ended(unsolved);

        // gaps[width, seed][step][quantity]
        var gaps = new double[widths.Count * seeds][][];
        var failure = bench.Each(gaps.Length, "networks", n =>
        {
            var (failed, found) = RunNetwork(bench, limit, widths[n / seeds], n % seeds);
            if (failed is null) gaps[n] = found;
            return failed;
        });
        var all = new StudyTable("gaps", ["width", "step", "seed", .. Quantities],
            [.. Enumerable.Range(0, gaps.Length).Where(n => gaps[n] is not null).SelectMany(n => steps.Select(
                (step, j) => (IReadOnlyList<object>)[widths[n / seeds], step, n % seeds, .. gaps[n][j]]))]);
        if (failure is not null) return StudyResult.Ended(failure, all);

        var findings = new List<Finding>();
        var rows = new List<IReadOnlyList<object>>();
        var sentences = new List<string>();
        for (var q = 0; q < Quantities.Length; q++)
        {
            JointPoint[] grid = [.. widths.SelectMany((width, i) =>
                steps.Select((step, j) => new JointPoint(width, step,
                JointPoint.QuantileOf(Enumerable.Range(0, seeds).Select(s => gaps[i * seeds + s][j][q]),
                    couple.Delta))))];
            bool IsFitted(int n) => (n / steps.Length + n % steps.Length) % 2 == 0;
            JointPoint[] fitted = [.. grid.Where((_, n) => IsFitted(n))],
                tested = [.. grid.Where((_, n) => !IsFitted(n))];
            var constant = fitted.Max(p => p.Ratio(couple.Delta));
            var worst = tested.Length > 0 ? tested.Max(p => p.Ratio(couple.Delta)) / constant : double.NaN;
            var (ofWidth, ofStep) = JointPoint.Separate(grid, couple.Delta);
            var under = tested.Count(p => p.Ratio(couple.Delta) <= constant);
            findings.Add(Number("constant", constant, "C, the largest quantile over the bound on the fitted points"));
            findings.Add(Number("tested-over-bound", worst,
                "largest quantile over the fitted bound on the other points"));
            findings.Add(Number("constant-of-width", ofWidth,
                "a of sqrt(log(N/delta)) (a/sqrt N + b sqrt eps), all points"));
            findings.Add(Number("constant-of-step", ofStep, "b of the same"));
            rows.AddRange(grid.Select((p, n) => (IReadOnlyList<object>)[Quantities[q], p.Width, p.Step, p.Quantile,
                constant * p.Bound(couple.Delta), p.Ratio(couple.Delta) / constant, IsFitted(n) ? "fitted" : "tested",
                Quantities[q] == "prediction" ? limit.Error.Total / p.Quantile : double.NaN]));
            sentences.Add($"{Quantities[q]}: C = {constant:G3}, {under} of {tested.Length} other points under it " +
                $"(the largest at {worst:0.00} of the bound), a = {ofWidth:G3}, b = {ofStep:G3}");

            Finding Number(string name, double value, string meaning) =>
                new($"{Quantities[q]}-{name}", value, double.NaN, double.NaN, meaning);
        }
        // Of fewer than 1/delta values the largest is the best guess of the quantile, and is too low.
        var few = seeds * couple.Delta < 1 - 1e-9 ? ", the largest of so few," : "";
        return new($"Quantiles at 1 - delta = {1 - couple.Delta:G3} of {seeds} seeds{few} against " +
            $"C sqrt(log(N/delta)) (1/sqrt N + sqrt eps), C fitted on every other point. " +
            string.Join("; ", sentences) + ".",
            findings,
            [
                new("study", ["quantity", "width", "step", "quantile", "bound", "quantileOverBound", "point",
                    "limitErrorOverQuantile"],
                    rows, "Quantiles of the gap, largest over the save times, and the bound with the fitted " +
                        "constant; step 0 is the gradient flow."),
                all,
            ])
        { Figures = [Draw(rows, couple.Delta)] };
    }

    // Quantile against bound: under the diagonal the bound holds.
    private static Figure Draw(List<IReadOnlyList<object>> rows, double delta)
    {
        var panel = new Panel("quantiles and their bound",
            new("bound C \u221alog(N/\u03b4) (1/\u221aN + \u221a\u03b5)", true),
            new("quantile of the gap", true));
        for (var q = 0; q < Quantities.Length; q++)
        {
            double[][] points = [.. rows.Where(r => (string)r[0] == Quantities[q]).Select(r =>
                new[] { (double)r[4], (double)r[3] })];
            double[] xs = [.. points.Select(p => p[0])], ys = [.. points.Select(p => p[1])];
            panel.Points(xs, ys, FigureStyle.OfWidth(q, Quantities.Length));
        }
        double[] bounds = [.. rows.Select(r => (double)r[4])];
        panel.Curve([bounds.Min(), bounds.Max()], [bounds.Min(), bounds.Max()], FigureStyle.Guide,
            FigureStyle.CurveWidth, ScottPlot.LinePattern.Dashed);
        return Figure.Of("joint", $"Quantiles at {1 - delta:G3} of the gap of networks under SGD against the bound " +
            "with its fitted constant, over widths and steps, on logarithmic axes; dashed: equality. Points on or " +
            "under it keep the bound.",
            [panel],
            [
                .. Quantities.Select((q, i) => FigureStyle.PointEntry(q, FigureStyle.OfWidth(i, Quantities.Length))),
                FigureStyle.GuideEntry("equality"),
            ]);
    }

    private static (StudyFailure?, double[][]) RunNetwork(Workbench bench, LimitSolution limit, int width,
        int replicate)
    {
        var variant = limit.Model;
        var (embedding, problem) = (variant.Embedding, variant.Problem);
        var network = embedding.Sample([.. Enumerable.Repeat(width, embedding.Architecture.Depth - 1)],
            Streams.Replicate(variant.Seed, replicate));
        var run = new Run(variant, bench.Machine with { Threads = 1 });
        var tracers = run.Add(embedding.WithTracers(variant.InitialLimit(), network), variant.LimitDynamics,
            variant.OfAll);
        run.Record(tracers);
        IDynamics[] motions =
            [variant.LimitDynamics, .. problem.Couple.Steps!.Select((_, j) => SgdVariants.Sgd(variant, j))];
        Mover[] movers = [.. motions.Select(m => run.Add(network, m, variant.OfNetwork(replicate)))];
        PathwiseProbe[] probes = [.. movers.Select(m =>
            new PathwiseProbe(m, tracers, variant.Watched, bench.Engine(1)))];
        foreach (var mover in movers) run.Record(mover);
        foreach (var probe in probes) run.Watch(probe);
        if (run.Complete().Failed is { } failed)
            return (new(failed == tracers ? $"the tracers of width {width}, seed {replicate}"
                : $"the network of width {width}, seed {replicate}, under {motions[Array.IndexOf(movers, failed)]}",
                failed.Trained), []);
        return (null, [.. movers.Zip(probes, (mover, probe) => (double[])
            [mover.Trained.Trajectory.LargestRmsDistance(limit.Trajectory), probe.Gaps.Max(g => g.ParametersL2),
                probe.Gaps.Max(g => g.ParametersMax)])]);
    }
}
