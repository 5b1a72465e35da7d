using System.Xml.Linq;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// Writes what the solution of a limit leaves behind: problem.json, summary.json, trajectory.csv, predictions.csv,
/// figures and report.html.
/// </summary>
public static class SolveReport
{
    /// <summary>Writes everything. A limit that ended early is written as far as it came.</summary>
    public static void Write(RunFolder folder, Model model, LimitSolution solution, RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var numbers = new InvariantNumbers();
        WriteLimit(folder, model, solution);
        folder.WriteText("summary.json", w => w.Write(Summary.Of(model, solution, null, info).ToJson()));
        var figures = WriteFigures(folder,
            [CurveFigures.Risk(model, solution.Limit, []), PredictionFigure.Draw(model, solution.Limit)]);
        folder.WriteText("report.html", w => w.Write(Html.Page($"{model.Problem.Name}: limit",
        [
            .. Sections.Question(model),
            Sections.Headline(Headline(solution)),
            .. Sections.Figures(figures),
            .. Sections.Error(model, solution, coupled: false),
            .. Sections.Settings(model, solution, coupled: false, info),
            .. Sections.Ending(model, solution, "solve", null, info),
        ])));
    }

    /// <summary>The files that both commands write of the limit.</summary>
    internal static void WriteLimit(RunFolder folder, Model model, LimitSolution solution)
    {
        var trajectory = solution.Trajectory;
        folder.WriteText("problem.json", w => w.Write(ProblemFile.Write(model.Problem)));
        folder.WriteText("trajectory.csv", w => Tables.WriteTrajectory(w, trajectory));
        folder.WriteText("predictions.csv", w => Tables.WritePredictions(w, trajectory, model.Watched.Outputs));
    }

    /// <summary>Writes each figure that can be drawn as PNG and SVG, and returns all.</summary>
    internal static List<(Figure Figure, XElement? Svg)> WriteFigures(RunFolder folder, IEnumerable<Figure?> figures)
    {
        var written = new List<(Figure, XElement?)>();
        foreach (var figure in figures.OfType<Figure>())
        {
            if (figure.Obstacle is not null)
            {
                written.Add((figure, null));
                continue;
            }
            var svg = figure.Svg();
            folder.Write($"figures/{figure.Name}.png", figure.WritePng);
            folder.WriteText($"figures/{figure.Name}.svg", w => w.Write(svg));
            written.Add((figure, svg));
        }
        return written;
    }

    private static string Headline(LimitSolution solution)
    {
        var trajectory = solution.Trajectory;
        var (first, last) = (Tables.At(trajectory.Train, 0), Tables.At(trajectory.Train, trajectory.Times.Count - 1));
        if (!solution.Limit.Run.Succeeded)
            return $"The limit {Sections.Outcome(solution.Limit)}. What was recorded until then is below.";
        return $"The limit's risk goes from {Sections.Short(first.Risk)} to {Sections.Short(last.Risk)} " +
            $"at t = {solution.Limit.Run.Time:G6}" +
            (double.IsNaN(last.ErrorRate)
                ? ""
                : $", with {100 * last.ErrorRate:0.##} % of the training points misclassified") +
            $". Its predictions are known to {Sections.Short(solution.Error.Total)} (rms)." +
            (solution.Ending is { } ending ? $" It {ending}." : "");
    }
}
