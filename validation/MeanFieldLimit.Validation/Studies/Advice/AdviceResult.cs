using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Studies.Advice;

/// <summary>What is made of predictions and of limits beside each other.</summary>
internal static class AdviceResult
{
    internal static StudyResult Of(LimitSolution solution, Prediction predicted, OtherLimits others)
    {
        var model = solution.Model;
        if (predicted.Gap is not { } gap)
            return new($"No advice is given, for nothing is predicted: {predicted.Reason}.", [], []) { Limit = solution };
        var advice = new Advice(solution, gap, others);
        var widths = model.Problem.Couple.Widths;
        return new(string.Join(" ", advice.Sentences()),
            [
                Finding.Of("accuracy", advice.Accuracy, "the rms gap at the final time that is asked for"),
                Finding.Of("per-root-width", gap.Gap, "the rms gap of networks of width N times sqrt(N)"),
                Finding.Of("step", advice.Step, "the rms gap that the steps of networks make at any width"),
                Finding.Of("limit-error", advice.LimitError, "what the limit is known to"),
                Finding.Of("kernel-limit", others.Frozen, "rms distance of the limit with its features frozen"),
                Finding.Of("least-width", advice.LeastWidth, "from it on the limit describes networks to the accuracy asked for"),
            ],
            [
                new("study", ["width", "fromWidth", "fromSteps", "limitError", "gap", "share", "described"],
                    widths.Select(n => (object[])[n, advice.Width(n), advice.Step, advice.LimitError, advice.Gap(n),
                        advice.Gap(n) / advice.Size, double.IsNaN(advice.Step) ? "unknown"
                        : advice.Describes(n) ? "yes" : "no"]),
                    "The predicted rms gap at the final time by its parts, which add in squares, and over the rms of the " +
                    "limit's predictions; what the limit is known to; and whether gap and error together are within the " +
                    "accuracy."),
                new("study-limits", ["limit", "distance", "fromN", "showsFromN"], advice.Limits(),
                    "Limits that there are, their rms distance at the final time to the limit of the flow, and the width from " +
                    "which on networks are within the accuracy of them; and the width from which on the middle of networks " +
                    "is further from them than these spread. Nan: at no width."),
            ])
        {
            Limit = solution,
            Parts = predicted.Parts,
            Figures = [Draw(advice, widths)],
        };
    }

    private static Figure Draw(Advice advice, IReadOnlyList<int> widths)
    {
        return SeriesFigure.Draw("advice", "Parts of the rms gap at the final time against the width, on logarithmic axes: " +
            "what widths and steps make, what the limit is known to, the limit with frozen features, and the accuracy asked " +
            "for.", Scale.Widths(widths), new("rms", true),
            [
                new("width", widths, [.. widths.Select(n => advice.Width(n))]),
                .. Level("steps", advice.Step), .. Level("error of the limit", advice.LimitError),
                .. Level("features frozen", advice.Frozen), .. Level("accuracy", advice.Accuracy),
            ]);

        IEnumerable<Series> Level(string label, double value) => value > 0
            ? [new(label, widths, [.. widths.Select(_ => value)])] : [];
    }
}
