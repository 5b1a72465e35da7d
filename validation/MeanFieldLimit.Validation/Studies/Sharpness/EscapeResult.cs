using MathNet.Numerics.Statistics;
using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Sharpness;

/// <summary>Which branches leave the minima of gradient descent, beside which linear stability has leave.</summary>
internal sealed class EscapeResult
{
    private readonly Model model;
    private readonly Descent[] networks;
    private readonly EscapeBranch[] branches;

    internal EscapeResult(Model model, Descent[] networks, EscapeBranch[] branches)
    {
        (this.model, this.networks) = (model, [.. networks.Where(d => d.Batch is null)]);
        this.branches = [.. branches.Where(b => b.IsOne)];
    }

    internal static object Text(int? batch) => batch is { } points ? points : "all";

    private EscapeBranch[] Sgd => [.. branches.Where(b => b.Batch is not null)];

    // The largest stable step is that of a fit.
    private EscapeBranch[] Again => [.. Moved.Where(b => b.Fits)];

    private EscapeBranch[] Moved => [.. Sgd.Where(b => b.Left && !b.Diverged)];

    internal string Sentence
    {
        get
        {
            var (sgd, moved, control) = (Sgd, Moved, branches.Where(b => b.Batch is null).ToArray());
            if (sgd.Length == 0) return "No gradient descent ended at a minimum that SGD could leave.";
            EscapeBranch[] leave = [.. sgd.Where(b => b.IsToLeave)], stay = [.. sgd.Where(b => !b.IsToLeave)];
            string[] parts =
            [
                .. leave.Length > 0 ? [$"{leave.Count(b => b.Left)} of {leave.Length} branches that linear stability has leave"] : Array.Empty<string>(),
                .. stay.Length > 0 ? [$"{stay.Count(b => b.Left)} of {stay.Length} that it has stay"] : Array.Empty<string>(),
            ];
            return "From the minima of gradient descent SGD of the same step left, its risk rising tenfold, in " +
                $"{string.Join(" and in ", parts)}; gradient descent itself in {control.Count(b => b.Left)} of " +
                $"{control.Length}." + (moved.Length == 0 ? "" :
                $" Of the {moved.Length} that left and have not diverged {Again.Length} ended at a minimum again, " +
                $"{Again.Count(b => b.Step <= b.After.LargestStep)} of these where their step is stable; all of them at " +
                $"{LimitText.Short(moved.Select(b => b.After.Curvature.Sharpness / b.Before.Curvature.Sharpness).Median())} " +
                "of the sharpness (median)" + (moved[0].TestErrors.Length == 0 ? "." : ", with the test error changed " +
                $"by {Change(moved):+0.0;-0.0;0} points (mean)."));
        }
    }

    internal Finding[] Findings =>
    [
        Finding.Of("escape-agrees", Share(Sgd, b => b.Left == b.IsToLeave), "share of branches of SGD that left, or " +
            "stayed, as linear stability has it"),
        Finding.Of("escape-settled", Share(Again, b => b.Step <= b.After.LargestStep), "share of those branches of SGD " +
            "that left and ended at a minimum again whose step is stable there"),
    ];

    internal StudyTable[] Tables =>
    [
        new("study-escape", ["step", "batch", "seed", "predicted", "found", "leftAt", "riskBefore", "largestRisk",
            "riskAfter", "testErrorBefore", "testErrorAfter", "largestStepBefore", "largestStepAfter",
            "sharpnessBefore", "sharpnessAfter", "nonUniformityBefore", "nonUniformityAfter", "edge", "bound"],
            branches.Select(b => (object[])[b.Step, Text(b.Batch), b.Replicate, Verdict(b.IsToLeave), Verdict(b.Left),
                b.LeftAt, b.Risks[0], b.LargestRisk, b.Risks[^1], First(b.TestErrors), Last(b.TestErrors),
                b.Before.LargestStep, b.After.LargestStep, b.Before.Curvature.Sharpness, b.After.Curvature.Sharpness,
                b.Before.Curvature.NonUniformity, b.After.Curvature.NonUniformity, 2 / b.Step,
                b.Batch is { } points ? Math.Sqrt(points) / b.Step : double.PositiveInfinity]),
            "From the end of gradient descent: whether the step is beyond the largest one that is stable in mean " +
            "square for batches drawn with replacement, of the network linearised there; whether the risk rose " +
            "tenfold, and when; risk, test error, that step, sharpness and non-uniformity before and after, beside " +
            "2/eta and sqrt(B)/eta."),
        new("study-branches", ["step", "batch", "seed", "t", "risk", "testError"], branches.SelectMany(b =>
            b.Times.Select((t, k) => (object[])[b.Step, Text(b.Batch), b.Replicate, t, b.Risks[k],
                b.TestErrors.Length > 0 ? b.TestErrors[k] : double.NaN]))),
    ];

    internal Figure[] Figures => [.. model.Problem.Sharpness!.Steps.Index().Select(s => Draw(s.Item, s.Index))];

    /// <summary>Risk and test error against steps, gradient descent first.</summary>
    private Figure Draw(double step, int index)
    {
        int?[] batches = [.. model.Problem.Sharpness!.Escape!.Batches.Cast<int?>(), null];
        var hasErrors = branches.Any(b => b.TestErrors.Length > 0);
        var steps = new Scale("step", false);
        Panel risk = new("risk", steps, new("risk E[l(\u0177, y)]", true)),
            error = new("test error", steps, new("share misclassified", false));
        foreach (var d in networks.Where(d => d.Step == step))
        {
            double[] at = [.. d.Times.Select(t => t / step)];
            risk.Curve(at, d.Risks, FigureStyle.Limit, FigureStyle.CurveWidth);
            error.Curve(at, d.TestErrors, FigureStyle.Limit, FigureStyle.CurveWidth);
        }
        foreach (var (i, batch) in batches.Index())
            foreach (var b in branches.Where(b => b.Step == step && b.Batch == batch))
            {
                double[] at = [.. b.Times.Select(t => (model.Problem.Training.Time + t) / step)];
                risk.Curve(at, b.Risks, Colour(i), FigureStyle.CurveWidth);
                error.Curve(at, b.TestErrors, Colour(i), FigureStyle.CurveWidth);
            }
        return Figure.Of("sharpness-escape" + (index == 0 ? "" : $"-{index + 1}"), "Gradient descent of step " +
            $"{LimitText.Short(step)}, and SGD of the same step from its end, one line a seed: risk on the training " +
            "points" + (hasErrors ? ", and share of test points misclassified." : "."),
            hasErrors ? [risk, error] : [risk],
            [
                FigureStyle.Entry("gradient descent", FigureStyle.Limit, FigureStyle.CurveWidth),
                .. batches.Select((b, i) => FigureStyle.Entry(b is { } points ? $"SGD, B = {points}" : "all points",
                    Colour(i), FigureStyle.CurveWidth)),
            ]);

        Color Colour(int i) => FigureStyle.OfWidth(i, batches.Length);
    }

    private static string Verdict(bool leaves) => leaves ? "leaves" : "stays";

    private static double First(double[] values) => values.Length > 0 ? values[0] : double.NaN;

    private static double Last(double[] values) => values.Length > 0 ? values[^1] : double.NaN;

    // In percentage points.
    private static double Change(EscapeBranch[] those) =>
        100 * those.Average(b => Last(b.TestErrors) - First(b.TestErrors));

    private static double Share(EscapeBranch[] of, Func<EscapeBranch, bool> which) =>
        of.Length == 0 ? double.NaN : (double)of.Count(which) / of.Length;
}
