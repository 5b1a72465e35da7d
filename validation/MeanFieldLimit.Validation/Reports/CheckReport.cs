using System.Globalization;
using System.Xml.Linq;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Checks;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// Writes what theory checks leave behind: summary.json, figures, report.html and the problems that were measured.
/// </summary>
public static class CheckReport
{
    /// <summary>Writes everything of the checks that were run, under the setting that they had.</summary>
    public static void Write(RunFolder folder, IReadOnlyList<CheckRun> runs, CheckSetting setting, RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var numbers = new InvariantNumbers();
        foreach (var problem in runs.SelectMany(r => r.Result.Models).Select(e => e.Problem)
            .DistinctBy(p => p.Name))
            folder.WriteText($"problems/{problem.Name}.json", w => w.Write(ProblemFile.Write(problem)));
        folder.WriteText("summary.json", w => w.Write(CheckSummary.Of(runs, setting, info).ToJson()));
        var failed = runs.Where(r => !r.Result.Holds).Select(r => r.Check.Name).ToArray();
        folder.WriteText("report.html", w => w.Write(Html.Page("Theory checks",
        [
            new("h1", "Theory checks"),
            Html.Paragraph("Each check sets what a theorem says beside what limits and networks do."),
            Sections.Headline(failed.Length == 0
                ? $"All {runs.Count} hold."
                : $"{failed.Length} of {runs.Count} fail: {string.Join(", ", failed)}."),
            .. runs.SelectMany(r => Section(folder, r)),
            Html.Heading("Settings"),
            Html.Settings(
            [
                ("size", setting.Small ? "small" : "full"),
                ("seed", setting.Seed.ToString(CultureInfo.InvariantCulture)),
                ("program", info.Text),
                ("problems", "in the folder problems, for mfl solve and mfl couple"),
            ]),
        ])));
    }

    private static IEnumerable<XElement> Section(RunFolder folder, CheckRun run)
    {
        var (check, result, seconds) = run;
        yield return Html.Heading($"{check.Name}: {(result.Holds ? "holds" : "fails")}");
        yield return Html.Paragraph(check.Claim);
        yield return Html.Paragraph($"Source: {check.Source}. Wall time {seconds:0.0} s.", "soft");
        yield return Html.Numbers(["quantity", "measured", "theory", "allowed", "why so much"],
            result.Measurements.Select(m => (string[])
            [m.Quantity, (m.Holds ? "" : "! ") + Sections.Short(m.Value), m.Theory, Allowed(m), m.Reason]));
        foreach (var (figure, svg) in SolveReport.WriteFigures(folder, result.Figures))
            yield return Sections.Shown(figure, svg);
    }

    /// <summary>The interval that a value may lie in, in words.</summary>
    public static string Allowed(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        return (double.IsFinite(measurement.Low), double.IsFinite(measurement.High)) switch
        {
            (true, true) when measurement.Low == 0 => $"up to {Sections.Short(measurement.High)}",
            (true, true) => $"{Sections.Short(measurement.Low)} to {Sections.Short(measurement.High)}",
            (true, false) => $"{Sections.Short(measurement.Low)} or more",
            _ => $"{Sections.Short(measurement.High)} or less",
        };
    }
}
