using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>A check that was run, with the text of each problem that it measured by its name.</summary>
internal sealed record CheckRun(string Check, IReadOnlyList<Measurement> Measurements, double Seconds,
    IReadOnlyList<DrawnFigure> Figures, IReadOnlyDictionary<string, string> Problems)
{
    internal bool Holds => Measurements.All(m => m.Holds);

    internal static CheckRun Of(ITheoryCheck check, CheckSetting setting)
    {
        var clock = Stopwatch.StartNew();
        var result = check.Run(setting);
        return new(check.Name, result.Measurements, clock.Elapsed.TotalSeconds,
            [.. result.Figures.Select(DrawnFigure.Of)], result.Models.Select(m => m.Problem).DistinctBy(p => p.Name)
                .ToDictionary(p => p.Name, ProblemFile.Write));
    }
}

/// <summary>What theory checks leave behind: summary.json, figures, report.html and the problems measured.</summary>
public static class CheckReport
{
    /// <summary>
    /// Runs checks in cells, one after the other, and writes their report; the exit code is <paramref name="failed"/>
    /// where one does not hold.
    /// </summary>
    public static Plan Plan(IReadOnlyList<ITheoryCheck> checks, CheckSetting setting, RunInfo info, int failed)
    {
        Cell<CheckRun>[] cells = [.. checks.Select(check => new Cell<CheckRun>(check.Name, 1, [],
            context => Run(check, context.Machine)) { WholeMachine = true })];
        return new(cells, (done, folder) => Write(folder, [.. cells.Select(done.Find).OfType<CheckRun>()],
            [.. cells.Select(done.Failure).OfType<CellFailure>()], setting, info, failed));

        CheckRun Run(ITheoryCheck check, Machine machine)
        {
            var progress = machine.Show(check.Name, 1);
            // Its runs have no names of their own: a check that was killed is done again.
            var run = CheckRun.Of(check, setting with
            {
                Machine = machine with { Journal = new NoJournal(), Show = (_, _) => null },
            });
            progress?.Report(1);
            return run;
        }
    }

    internal static Conclusion Write(ReportFolder folder, IReadOnlyList<CheckRun> runs,
        IReadOnlyList<CellFailure> failures, CheckSetting setting, RunInfo info, int failed)
    {
        using var numbers = new InvariantNumbers();
        foreach (var (name, text) in runs.SelectMany(r => r.Problems).DistinctBy(p => p.Key))
            folder.WriteText($"problems/{name}.json", w => w.Write(text));
        var size = setting.Small ? "small" : "full";
        var holds = runs.All(r => r.Holds);
        var broken = runs.Where(r => !r.Holds).Select(r => r.Check).ToArray();
        var headline = $"{runs.Count - broken.Length} of {runs.Count + failures.Count} theory checks hold" +
            (holds ? "" : $"; these fail: {string.Join(", ", broken)}") +
            (failures.Count == 0 ? "." : $"; {failures.Count} did not reach their end.");
        folder.WriteText("summary.json", w => w.Write(JsonSerializer.Serialize(new
        {
            info.Version,
            Engine = info.EngineName,
            info.Instructions,
            info.Threads,
            setting.Seed,
            Size = size,
            Holds = holds,
            Headline = headline,
            Checks = runs.Select(r => (Run: r, Check: Catalogue.Find<ITheoryCheck>(r.Check))).Select(r => new
            {
                r.Check.Name,
                r.Check.Claim,
                r.Check.Source,
                r.Run.Holds,
                r.Run.Measurements,     // an end of an interval that is open is null
                r.Run.Seconds,
            }),
        }, Summary.Options) + "\n"));
        foreach (var figure in runs.SelectMany(r => r.Figures)) figure.Write(folder);
        folder.WriteText("report.html", w => w.Write(Html.Page("Theory checks",
        [
            new("h1", "Theory checks"),
            Html.Paragraph("Each check sets what a theorem says beside what limits and networks do."),
            Html.Paragraph(headline, "headline"),
            .. failures.Select(f => Html.Paragraph(Sections.Outcome(f))),
            .. runs.Count > 1 ? [Contents(runs)] : Array.Empty<XElement>(),
            .. runs.SelectMany(Section),
            Html.Heading("Settings"),
            Html.Settings(
            [
                ("size", size),
                ("seed", setting.Seed.ToString(CultureInfo.InvariantCulture)),
                ("program", info.Text),
                ("problems", "in the folder problems, for mfl solve and mfl couple"),
            ]),
        ])));
        return new(string.Join('\n', runs.Select(Text).Append(headline)), holds ? 0 : failed);
    }

    private static string Text(CheckRun run) =>
        $"{run.Check}: {(run.Holds ? "holds" : "FAILS")} ({run.Seconds:0.0} s)" +
        string.Concat(run.Measurements.Where(m => !m.Holds).Select(m =>
            $"\n  ! {m.Quantity}: {LimitText.Short(m.Value)}, theory {m.Theory}, allowed {Allowed(m)}"));

    private static string Verdict(CheckRun run) => run.Holds ? "holds" : "fails";

    /// <summary>Where the checks are on the page.</summary>
    private static XElement Contents(IReadOnlyList<CheckRun> runs) => new("ul", runs.Select(run => new XElement("li",
        new XElement("a", new XAttribute("href", $"#check-{run.Check}"), run.Check), $": {Verdict(run)}")));

    private static IEnumerable<XElement> Section(CheckRun run)
    {
        var check = Catalogue.Find<ITheoryCheck>(run.Check);
        yield return Html.Heading($"{check.Name}: {Verdict(run)}", $"check-{check.Name}");
        yield return Html.Paragraph(check.Claim);
        yield return Html.Paragraph($"Source: {check.Source}. Wall time {run.Seconds:0.0} s.", "soft");
        foreach (var figures in Sections.Shown(run.Figures)) yield return figures;
        yield return Html.Numbers(["quantity", "measured", "theory", "allowed", "why so much"],
            run.Measurements.Select(m => (string[])
            [m.Quantity, (m.Holds ? "" : "! ") + LimitText.Short(m.Value), m.Theory, Allowed(m), m.Reason]));
    }

    internal static string Allowed(Measurement m) => (double.IsFinite(m.Low), double.IsFinite(m.High)) switch
    {
        (true, true) when m.Low == 0 => $"up to {LimitText.Short(m.High)}",
        (true, true) => $"{LimitText.Short(m.Low)} to {LimitText.Short(m.High)}",
        (true, false) => $"{LimitText.Short(m.Low)} or more",
        _ => $"{LimitText.Short(m.High)} or less",
    };
}
