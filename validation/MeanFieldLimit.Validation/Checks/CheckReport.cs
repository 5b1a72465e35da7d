using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// Writes what theory checks leave behind: summary.json, figures, report.html and the problems that were measured.
/// </summary>
internal static class CheckReport
{
    private const int Fails = 4;

    /// <summary>Writes everything of the checks that were run, under the setting that they had.</summary>
    internal static Conclusion Write(RunFolder folder, IReadOnlyList<CheckRun> runs, IReadOnlyList<CellFailure> failures,
        CheckSetting setting, RunInfo info)
    {
        using var numbers = new InvariantNumbers();
        foreach (var (name, text) in runs.SelectMany(r => r.Problems).DistinctBy(p => p.Key))
            folder.WriteText($"problems/{name}.json", w => w.Write(text));
        folder.WriteText("summary.json", w => w.Write(CheckSummary.Of(runs, setting, info).ToJson()));
        foreach (var figure in runs.SelectMany(r => r.Figures)) figure.Write(folder);
        var failed = runs.Where(r => !r.Holds).Select(r => r.Check).ToArray();
        folder.WriteText("report.html", w => w.Write(Html.Page("Theory checks",
        [
            new("h1", "Theory checks"),
            Html.Paragraph("Each check sets what a theorem says beside what limits and networks do."),
            Html.Paragraph(failed.Length == 0
                ? $"All {runs.Count} hold."
                : $"{failed.Length} of {runs.Count} fail: {string.Join(", ", failed)}.", "headline"),
            .. failures.Select(f => Html.Paragraph(Sections.Outcome(f))),
            .. runs.SelectMany(Section),
            Html.Heading("Settings"),
            Html.Settings(
            [
                ("size", setting.Small ? "small" : "full"),
                ("seed", setting.Seed.ToString(CultureInfo.InvariantCulture)),
                ("program", info.Text),
                ("problems", "in the folder problems, for mfl solve and mfl couple"),
            ]),
        ])));
        return new(string.Join('\n', runs.Select(Text)), failed.Length > 0 ? Fails : 0);
    }

    private static string Text(CheckRun run) => $"{run.Check}: {(run.Holds ? "holds" : "FAILS")} ({run.Seconds:0.0} s)" +
        string.Concat(run.Measurements.Where(m => !m.Holds).Select(m =>
            $"\n  ! {m.Quantity}: {LimitText.Short(m.Value)}, theory {m.Theory}, allowed {Allowed(m)}"));

    private static IEnumerable<XElement> Section(CheckRun run)
    {
        var check = Catalogue.Find<ITheoryCheck>(run.Check);
        yield return Html.Heading($"{check.Name}: {(run.Holds ? "holds" : "fails")}");
        yield return Html.Paragraph(check.Claim);
        yield return Html.Paragraph($"Source: {check.Source}. Wall time {run.Seconds:0.0} s.", "soft");
        yield return Html.Numbers(["quantity", "measured", "theory", "allowed", "why so much"],
            run.Measurements.Select(m => (string[])
            [m.Quantity, (m.Holds ? "" : "! ") + LimitText.Short(m.Value), m.Theory, Allowed(m), m.Reason]));
        foreach (var figure in run.Figures) yield return Sections.Shown(figure);
    }

    /// <summary>The interval that a value may lie in, in words.</summary>
    internal static string Allowed(Measurement measurement) => (double.IsFinite(measurement.Low), double.IsFinite(measurement.High)) switch
    {
        (true, true) when measurement.Low == 0 => $"up to {LimitText.Short(measurement.High)}",
        (true, true) => $"{LimitText.Short(measurement.Low)} to {LimitText.Short(measurement.High)}",
        (true, false) => $"{LimitText.Short(measurement.Low)} or more",
        _ => $"{LimitText.Short(measurement.High)} or less",
    };
}
