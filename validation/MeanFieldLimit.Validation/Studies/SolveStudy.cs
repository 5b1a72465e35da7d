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
        var limit = new LimitCell(model);
        var prediction = new PredictionCell(limit);
        return new([limit.Cell, prediction.Cell], done => done.Failure(limit.Cell) is { } failure
            ? Result(limit.Of(done), new(null, null), failure)
            : Result(limit.Of(done), prediction.Of(done), null), MemoryText.Limit(model));
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
