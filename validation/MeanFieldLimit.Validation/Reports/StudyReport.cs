using System.Text.RegularExpressions;
using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// Writes what a study leaves behind: problem.json with its schema, summary.json, its tables, its figures and
/// report.html.
/// </summary>
public static partial class StudyReport
{
    /// <summary>Writes everything. Of runs that ended early it writes what had been reached.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="asked">The model that the study was asked of.</param>
    /// <param name="study">The study.</param>
    /// <param name="result">What it found.</param>
    /// <param name="info">What ran it.</param>
    public static void Write(ReportFolder folder, Model asked, IStudy study, StudyResult result, RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(result);
        using var numbers = new InvariantNumbers();
        // With the resolution that an accuracy led to.
        var model = result.Limit?.Model ?? asked;
        // Where editors find it without a network: the program may be all that is installed.
        folder.WriteText(ProblemSchema.FileName, w => w.Write(ProblemSchema.Text()));
        folder.WriteText("problem.json",
            w => w.Write(ProblemFile.Write(model.Problem with { Schema = ProblemSchema.FileName })));
        foreach (var table in result.Tables) folder.WriteText($"{table.Name}.csv", w => CsvText.Write(w, table));
        folder.WriteText("summary.json", w => w.Write(Summary.Of(model, study, result, info)));
        foreach (var (name, array) in result.Arrays) folder.Write($"{name}.npy", array.Write);
        if (result.Neurons is { } neurons)
            folder.Write("state.npz", stream => NumPyArchive.Write(stream, neurons));
        if (result.Failures is [var first, ..])
            folder.Write("last-state.npz",
                stream => NumPyArchive.Write(stream, LastState.Of(first, model.Problem.Network.Biases)));
        DrawnFigure[] figures = [.. result.Figures.OfType<Figure>().Select(DrawnFigure.Of)];
        foreach (var figure in figures) figure.Write(folder);
        folder.WriteText("report.html", w => w.Write(Html.Page($"{model.Problem.Name}: {study.Name}",
        [
            new("h1", Html.Clean(model.Problem.Name)),
            .. model.Problem.Description is { Length: > 0 } description
                ? [Html.Paragraph(description)] : Array.Empty<XElement>(),
            Html.Paragraph(study.Question),
            Html.Paragraph(result.Headline, "headline"),
            .. result.Failures.Select(f => Html.Paragraph(Sections.Outcome(f))),
            .. Sections.Shown(figures),
            .. result.Tables.Where(t => t.Note is not null).SelectMany(Shown),
            // Rates are the findings of a coupling, with what the theory has.
            .. result.Coupled is { } coupled ? Sections.Rates(coupled)
                : result.Findings.Count > 0 ? Findings(result) : [],
            .. result.Limit is { } limit ? Sections.Error(limit, result.Coupled is not null) : [],
            .. Frames.Section(result.Frames),
            .. Sections.Settings(model, result.Limit, study, info),
            .. Sections.Reproduction(model, study.Name, info),
        ])));
    }

    private static IEnumerable<XElement> Shown(StudyTable table) => Sections.Table(table.Heading,
        table.Columns.Select(Spelt),
        [.. table.Rows.Select(r => r.Select(c => c is double d ? LimitText.Cell(d) : CsvText.Text(c)))],
        $"{table.Note} In {table.Name}.csv.");

    private static IEnumerable<XElement> Findings(StudyResult result) => Sections.Table("Numbers of summary.json",
        ["name", "value", "95 % interval", "meaning"],
        [.. result.Findings.Select(f => (IEnumerable<string>)
            [f.Name, LimitText.Cell(f.Value), LimitText.Interval(f.Low, f.High), f.Meaning])]);

    // gapTimesSqrtN: gap times sqrt N.
    private static string Spelt(string column) => Hump().Replace(column, hump =>
        hump.Length > 1 ? $" {hump.Value.ToLowerInvariant()}" : $" {hump.Value}");

    [GeneratedRegex("[A-Z][a-z]*")]
    private static partial Regex Hump();
}
