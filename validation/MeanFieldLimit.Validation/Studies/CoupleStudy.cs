using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>Finite networks beside the limit, and the rate of their gap.</summary>
internal sealed class CoupleStudy : IStudy
{
    public string Name => "couple";

    public string Question => "How far are finite networks from their limit, and how does that fall with the width?";

    public string Help => "Couple finite networks to the limit and fit the rate of their gap. " +
        "Example: mfl couple problem.json --widths 50,100,200 --seeds 8";

    public bool HasUntil => true;

    public StudyPlan Plan(Model model, int threads)
    {
        var networks = new CouplingCells(model, predicts: true);
        return new([.. networks.Cells], done => done.Failure(networks.Limit.Cell) is { } unsolved
            ? SolveStudy.Result(networks.Limit.Of(done), networks.Limit.Predicted(done), unsolved)
            : Result(networks.Of(done), networks.Limit.Predicted(done)), MemoryText.Networks(model, threads));
    }

    private static StudyResult Result(CouplingResult result, Prediction predicted)
    {
        var (limit, model, rate) = (result.Limit, result.Limit.Model, result.Rate);
        var points = predicted.Gap is { } gap ? new PredictedPoints(gap, result) : null;
        var mean = predicted.Gap?.Bias is { } bias ? new MeasuredBias(bias, result) : null;
        return new(CouplingText.Headline(result),
            [.. result.Rates.Select(r => Finding.Of(r.Quantity.Name, r.Fitted,
                $"exponent of N, theory {r.Quantity.TheoryInWords}, in the {r.Quantity.Meaning}"))],
            [
                .. rate is null ? [] : new[] { Tables.Widths(rate, result), Tables.Times(rate, result) },
                .. predicted.Beside(result), .. points?.Tables() ?? [], .. mean?.Tables() ?? [],
                .. Tables.OfLimit(limit, predicted.Gap),
                Tables.Gaps(result), Tables.Networks(result),
            ])
        {
            Limit = limit,
            Coupled = result,
            Failures = [.. result.Failures.Select(f => f.Failure)],
            Text = CouplingText.Of(result) + $"\n{predicted.Line(limit)}" +
                (mean?.Sentence() is { } measured ? $"\n{measured}" : ""),
            Parts = predicted.Parts,
            Figures =
            [
                GapRateFigure.Draw(result, predicted.Gap), CurveFigures.Risk(model, limit.Trained, result.Networks),
                CurveFigures.GapTime(model, result), points?.Draw(), PredictionFigure.Draw(model, limit.Trained),
            ],
        };
    }
}
