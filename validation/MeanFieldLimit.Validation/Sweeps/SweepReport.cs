using System.Text.Json;
using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Validation.Sweeps;

/// <summary>What a sweep leaves behind: sweep.csv, summary.json, a figure and report.html beside its points.</summary>
public static class SweepReport
{
    /// <summary>Runs the points in cells, one after the other on the whole machine, and writes their report.</summary>
    /// <param name="study">What is asked at every point.</param>
    /// <param name="points">The points, of the same keys.</param>
    /// <param name="run">Runs one in its folder; asked to stop it throws
    /// <see cref="OperationCanceledException"/>.</param>
    /// <param name="info">What runs them.</param>
    public static Plan Plan(string study, IReadOnlyList<SweepPoint> points,
        Func<SweepPoint, Machine, SweepResult> run, RunInfo info)
    {
        Cell<SweepResult>[] cells = [.. points.Select(point => new Cell<SweepResult>(point.Name, 1, [],
            context => run(point, context.Machine)) { WholeMachine = true })];
        return new(cells, (done, folder) =>
            Write(folder, study, SweepTable.Of(points, [.. cells.Select(done.Get)]), info));
    }

    private static Conclusion Write(ReportFolder folder, string study, SweepTable table, RunInfo info)
    {
        using var numbers = new InvariantNumbers();
        folder.WriteText("sweep.csv", w => CsvText.Write(w, table.Csv));
        var failed = table.Rows.Where(r => r.Result.Code != 0).ToArray();
        var headline = $"{table.Rows.Count} points of {study} over {string.Join(", ", table.Keys)}: " +
            (failed.Length == 0 ? "all done."
                : $"{failed.Length} of {table.Rows.Count} not done, " +
                    $"{string.Join("; ", failed.Select(r => $"{r.Point.Name} {r.Result.Status}"))}.");
        folder.WriteText("summary.json", w => w.Write(JsonSerializer.Serialize(new
        {
            info.Version,
            Engine = info.EngineName,
            info.Instructions,
            info.Threads,
            Study = "sweep",
            Of = study,
            Headline = headline,
            Points = table.Rows.Select(r => new
            {
                r.Point.Name,
                Settings = r.Point.Settings.ToDictionary(s => s.Key, s => s.Value),
                r.Result.Status,
                Numbers = table.Varying.ToDictionary(n => n, r.Value),
            }),
        }, Summary.Options) + "\n"));
        var figure = table.Draw() is { } drawn ? DrawnFigure.Of(drawn) : null;
        figure?.Write(folder);
        folder.WriteText("report.html", w => w.Write(Html.Page($"Sweep: {study}",
        [
            new("h1", $"Sweep: {study}"),
            Html.Paragraph(headline, "headline"),
            .. failed.SelectMany(r => r.Result.Failures.Select(f => Html.Paragraph($"{r.Point.Name}: {f}"))),
            figure is null ? Html.Paragraph("No setting has numbers for values: there is no figure.", "soft")
                : Sections.Shown(figure),
            Html.Heading("Points"),
            Html.Numbers(table.Headers, table.Cells),
            Html.Paragraph("sweep.csv has every number of their summaries that is not the same at all points.", "soft"),
            new("ul", table.Rows.Select(r => new XElement("li", new XElement("a",
                new XAttribute("href", $"{Uri.EscapeDataString(r.Point.Name)}/report.html"), r.Point.Name)))),
            Html.Heading("Settings"),
            Html.Settings(
            [
                .. table.Rows[0].Point.Settings.Where(s => !table.Keys.Contains(s.Key)).Select(s => (s.Key, s.Value)),
                ("program", info.Text),
            ]),
        ])));
        var told = failed.SelectMany(r => r.Result.Failures.Select(f => $"\n! {r.Point.Name}: {f}"));
        return new(TextTable.Of(table.Headers, table.Cells) + string.Concat(told) + $"\n{headline}",
            // That a run diverged has a smaller code than that an accuracy was not reached.
            failed.Length == 0 ? 0 : failed.Min(r => r.Result.Code));
    }
}
