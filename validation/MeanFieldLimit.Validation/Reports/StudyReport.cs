using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// Writes what a study leaves behind: problem.json, summary.json, its tables, its figures and report.html.
/// </summary>
public static partial class StudyReport
{
    /// <summary>Writes everything. Of a study that ended early it writes the tables of what had finished.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="model">The model that the study varied.</param>
    /// <param name="heading">What it is called and asks.</param>
    /// <param name="result">What it found.</param>
    /// <param name="seconds">Its wall time.</param>
    /// <param name="info">What ran it.</param>
    public static void Write(RunFolder folder, Model model, StudyHeading heading, StudyResult result,
        double seconds, RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var numbers = new InvariantNumbers();
        ArgumentNullException.ThrowIfNull(heading);
        folder.WriteText("problem.json", w => w.Write(ProblemFile.Write(model.Problem)));
        foreach (var table in result.Tables)
            folder.WriteText($"{table.Name}.csv", w => WriteCsv(w, table));
        folder.WriteText("summary.json", w => w.Write(StudySummary.Of(model, heading.Name, result, seconds,
            info).ToJson()));
        var figures = SolveReport.WriteFigures(folder, result.Figures);
        folder.WriteText("report.html", w => w.Write(Html.Page($"{model.Problem.Name}: {heading.Name}",
        [
            .. Sections.Question(model),
            Html.Paragraph(heading.Question),
            Sections.Headline(result.Headline),
            .. result.Tables.Where(t => t.Note is not null).SelectMany(Shown),
            .. figures.Count > 0 ? Sections.Figures(figures) : [],
            .. result.Findings.Count > 0 ? Findings(result) : [],
            .. Sections.Reproduction(model, heading.Command, info),
            Html.Paragraph($"Wall time {seconds:0.0} s, {info.Text}.", "soft"),
        ])));
    }

    private static IEnumerable<XElement> Shown(StudyTable table)
    {
        yield return Html.Heading(table.Name == "study" ? "Result" : table.Name);
        yield return Html.Numbers(table.Columns.Select(Spelt), table.Rows.Select(r =>
            r.Select(c => c is double d ? Number(d) : Text(c))));
        yield return Html.Paragraph(table.Note!, "soft");
    }

    private static IEnumerable<XElement> Findings(StudyResult result)
    {
        yield return Html.Heading("Numbers of summary.json");
        yield return Html.Numbers(["name", "value", "95 % interval", "meaning"],
            result.Findings.Select(f => (IEnumerable<string>)
            [f.Name, Number(f.Value), double.IsFinite(f.Low) ? $"[{Number(f.Low)}, {Number(f.High)}]" : "-",
                f.Meaning]));
    }

    private static void WriteCsv(TextWriter writer, StudyTable table)
    {
        writer.WriteLine(string.Join(',', table.Columns));
        foreach (var row in table.Rows)
            writer.WriteLine(string.Join(',', row.Select(c => c is double d ? Tables.Field(d) : Text(c))));
    }

    // gapTimesSqrtN: gap times sqrt N.
    private static string Spelt(string column) => Hump().Replace(column, hump =>
        hump.Length > 1 ? $" {hump.Value.ToLowerInvariant()}" : $" {hump.Value}");

    [GeneratedRegex("[A-Z][a-z]*")]
    private static partial Regex Hump();

    private static string Number(double value) => double.IsNaN(value) ? "-" : Sections.Short(value);

    private static string Text(object cell) => Convert.ToString(cell, CultureInfo.InvariantCulture)!;
}
