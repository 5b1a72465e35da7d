using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Studies.Advice;

/// <summary>
/// The widths of the hidden layers with the smallest predicted gap, by the number of parameters, beside equal widths.
/// </summary>
internal sealed class WidthsStudy : IStudy
{
    public string Name => "widths";

    public string Question => "How wide should each hidden layer be, with so many parameters?";

    public string Help => "Choose the widths whose networks come nearest to the limit, by the number of parameters. " +
        "Example: mfl widths problem.json --parameters 1e5,1e6";

    public bool HasNetworks => false;

    public bool HasParameters => true;

    public Problem Complete(Problem problem) => Predicting.Complete(problem);

    public StudyPlan Plan(Model model, int threads)
    {
        if (model.Problem.Couple.Ratios is { } ratios)
            throw model.Loaded.Error("$.couple.ratios", $"ratios must not be given for {Name}, which chooses them, got " +
                $"{ratios.Count}; remove them");
        model = Predicting.Of(model, Name);
        var choice = new WidthChoice(Enumerable.Repeat(1.0, model.Problem.Limit.Types!.Count).ToArray(),
            model.Embedding.Architecture);
        var budgets = model.Problem.Advise!.Parameters;
        for (var i = 0; i < budgets.Count; i++)
            if (choice.Equal(budgets[i]) is null)
                throw model.Loaded.Error($"$.advise.parameters[{i}]", "parameters must be at least those of a network " +
                    FormattableString.Invariant($"of width 1, {choice.Parameters([.. model.Problem.Limit.Types.Select(_ => 1.0)])}, ") +
                    FormattableString.Invariant($"got {budgets[i]:R}; use more"));
        var limit = new LimitCell(model, predicts: true);
        return new([limit.Cell], done => done.Failures([limit.Cell]) is { Length: > 0 } failures
            ? StudyResult.Ended(failures) : Result(limit.Of(done), limit.Predicted(done)), MemoryText.Limit(model));
    }

    private static StudyResult Result(LimitSolution solution, Prediction predicted)
    {
        var model = solution.Model;
        if (predicted.Gap is not { } gap || gap.Gap == 0)
            return new($"No widths are chosen: {predicted.Reason ?? "the predicted gap is 0"}.", [], [])
            {
                Limit = solution,
            };
        var choice = new WidthChoice(gap.PerLayer, model.Embedding.Architecture);
        Choice[] choices = [.. model.Problem.Advise!.Parameters.Select(p => new Choice(choice, p))];
        var last = choices[^1];
        var untold = gap.PerLayer.Any(c => c == 0);
        return new($"With {LimitText.Short(last.Parameters)} parameters the widths {string.Join(", ", last.Best)} are predicted " +
            $"the smallest gap, {LimitText.Short(last.Gap)} (rms at the final time); equal widths of {last.Equal[0]}, " +
            $"{LimitText.Short(last.EqualGap)}." + (untold ? " A layer of one type has no share in it at this order, and is as wide as " +
                "the nearest that has." : "") + $" {Char(predicted.Line(solution))}.",
            [
                Finding.Of("gap", last.Gap, "predicted rms gap of the chosen widths, at the largest number of parameters"),
                Finding.Of("equal-gap", last.EqualGap, "that of equal widths"),
            ],
            [
                new("study", ["parameters", .. gap.PerLayer.Select((_, i) => $"n{i + 1}"), "predictedGap", "equalWidth", "equalGap",
                    "equalOverBest", "operationsAStep"], choices.Select(c => (object[])
                    [c.Parameters, .. c.Best.Cast<object>(), c.Gap, c.Equal[0], c.EqualGap, c.EqualGap / c.Gap,
                        Predicting.OperationsAStep(model, choice.Parameters([.. c.Best.Select(n => (double)n)]))]),
                    "Widths of the smallest predicted gap by the number of parameters, rms at the final time to first order, " +
                    "beside equal widths; and the floating-point operations of one step of their training."),
            ])
        {
            Limit = solution,
            Parts = predicted.Parts,
            Figures =
            [
                SeriesFigure.Draw("widths-gap", "Predicted rms gap at the final time against the number of parameters, " +
                    "on logarithmic axes: of the widths chosen, and of equal widths.", new("parameters", true),
                    new("predicted rms gap", true),
                    [
                        new("chosen", [.. choices.Select(c => c.Parameters)], [.. choices.Select(c => c.Gap)]),
                        new("equal", [.. choices.Select(c => c.Parameters)], [.. choices.Select(c => c.EqualGap)]),
                    ]),
                .. gap.PerLayer.Count < 2 ? Array.Empty<Figure>() : [SeriesFigure.Draw("widths", "The widths chosen against the " +
                    "number of parameters, on logarithmic axes.", new("parameters", true), new("width N", true),
                    [.. gap.PerLayer.Select((_, i) => new Series($"layer {i + 1}", [.. choices.Select(c => c.Parameters)],
                        [.. choices.Select(c => (double)c.Best[i])]))])],
            ],
        };

        static string Char(string line) => char.ToUpperInvariant(line[0]) + line[1..];
    }

    private sealed record Choice(double Parameters, int[] Best, int[] Equal, double Gap, double EqualGap)
    {
        internal Choice(WidthChoice choice, double parameters)
            : this(parameters, choice.Of(parameters)!, choice.Equal(parameters)!, 0, 0) =>
            (Gap, EqualGap) = (choice.Gap([.. Best.Select(n => (double)n)]), choice.Gap([.. Equal.Select(n => (double)n)]));
    }
}
