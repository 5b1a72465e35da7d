using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>The limit alone.</summary>
internal sealed class SolveStudy : IStudy
{
    public string Name => "solve";

    public string Question => "What does the infinitely wide network do, and how well is that known?";

    public string Help => "Solve the infinite-width limit of a problem. " +
        "Example: mfl solve problem.json --out runs/limit";

    public bool HasNetworks => false;

    public bool HasUntil => true;

    public StudyPlan Plan(Model model, int threads)
    {
        var limit = new LimitCell(model, predicts: true);
        return new([limit.Cell], done => Result(limit.Of(done), limit.Predicted(done), done.Failure(limit.Cell)),
            MemoryText.Limit(model));
    }

    internal static StudyResult Result(LimitSolution solution, Prediction predicted, CellFailure? failure)
    {
        var neurons = solution.Neurons();
        return new(LimitText.Headline(solution), [], [.. Tables.OfLimit(solution, predicted.Gap)])
        {
            Parts = predicted.Parts,
            Neurons = neurons,
            Limit = solution,
            Failures = failure is null ? [] : [failure],
            Text = LimitText.Line(solution) + (failure is null ? $"\n{predicted.Line(solution)}" : ""),
            Figures =
            [
                CurveFigures.Risk(solution.Model, solution.Trained, []),
                PredictionFigure.Draw(solution.Model, solution.Trained),
                WeightFigure.Draw(neurons),
            ],
        };
    }
}
