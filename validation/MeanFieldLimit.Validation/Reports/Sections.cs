using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>The parts that reports share.</summary>
internal static class Sections
{
    // As many as are read at a glance.
    internal const int MostRows = 12;

    /// <summary>How a run that did not reach its end ended, a sentence.</summary>
    internal static string Outcome(CellFailure failure)
    {
        // A cell that says no more has the name of its key: "networks/replicate=3".
        var what = failure.What.Replace("/", ", ", StringComparison.Ordinal).Replace('=', ' ');
        return $"{char.ToUpperInvariant(what[0])}{what[1..]} {LimitText.EndedEarly(failure.Run, failure.Layer)}.";
    }

    /// <summary>A table under its heading, folded where it is long.</summary>
    internal static IEnumerable<XElement> Table(string heading, IEnumerable<string> columns,
        IReadOnlyList<IEnumerable<string>> rows, string? note = null)
    {
        var table = Html.Numbers(columns, rows);
        XElement[] content = note is null ? [table] : [table, Html.Paragraph(note, "soft")];
        return rows.Count > MostRows ? [Html.Folded($"{heading}: {rows.Count} rows", content)]
            : content.Prepend(Html.Heading(heading));
    }

    /// <summary>Figures, two in a row where the page is wide enough.</summary>
    internal static IEnumerable<XElement> Shown(IReadOnlyList<DrawnFigure> figures) => figures.Count == 0 ? []
        : [new("div", new XAttribute("class", "figures"), figures.Select(Shown))];

    /// <summary>The figure, or why there is none.</summary>
    internal static XElement Shown(DrawnFigure figure) => figure.Obstacle is { } obstacle
        ? Html.Paragraph($"The figure {figure.Name} is left out: {obstacle}.", "soft")
        : Html.Figure(XElement.Parse(figure.Svg), figure.Caption);

    internal static IEnumerable<XElement> Error(LimitSolution solution, bool coupled)
    {
        var (model, error) = (solution.Model, solution.Error);
        yield return Html.Heading("The error of the limit");
        yield return Html.Paragraph("Each part is the largest rms difference, over the save times, between the " +
            "predictions of two limits that differ in one respect." +
            (coupled ? " Gaps smaller than ten times the sum are flagged." : ""));
        yield return Html.Numbers(["part", "rms", "estimated by"],
        [
            .. solution.TypeErrors.Count > 1 ? solution.TypeErrors.Select(Row) : [],
            ["types", LimitText.Short(error.Types), model.Problem.Limit.Paths is not null
                ? "two limits on other nodes and other paths of the noise"
                : "limits with fewer nodes in the grid of each layer, and two other randomisations of random nodes, " +
                    "half as many"],
            ["time", LimitText.Short(error.Time), model.Problem.Limit.Dynamics == DynamicsKind.Sgd
                ? "none needed: the steps of SGD are part of the problem"
                : model.IsNoisy ? "a limit with half the step, on the same paths of the noise"
                : "a limit with a hundredth of the tolerance, or half the step (an eighth at kinks)" +
                    (solution.Trained.Result.Slid is null ? ""
                    : "; along kinks steps are a tenth as long, their error being of order 1")],
            ["data", LimitText.Short(error.Data), error.Data == 0
                ? "none needed: networks of this problem see the same data"
                : model.Data.Watched is not null
                    ? "limits trained on other sets of nodes for the data's law"
                    : "a limit trained on another sample of the data's law"],
            ["sum", LimitText.Short(error.Total), ""],
        ]);
        if (solution.Certificate is not { } certificate) yield break;
        yield return Html.Paragraph($"Types and tolerance were chosen by the program: {certificate.Text}.");
        yield return Html.Numbers(["nodes", "tolerance", "types", "time", "data", "sum"],
            certificate.Rounds.Select(r =>
                new[] { r.Limit.Tolerance, r.Error.Types, r.Error.Time, r.Error.Data, r.Error.Total }
                    .Select(LimitText.Short).Prepend(string.Join(" x ", r.Nodes))));

        static string[] Row(TypeError part) => [$"types of layer {string.Join(" and ", part.Layers)}",
            LimitText.Short(part.Error), "their part of the next line"];
    }

    internal static XElement[] Settings(Model model, LimitSolution? solution, IStudy study, RunInfo info)
    {
        var (problem, layers) = (model.Problem, model.Problem.Network.Layers);
        // A study may record at other times than the problem.
        var rows = study.Settings(model).ToLookup(row => row.Name == MotionText.RecordedName);
        var (moved, recorded) = (rows[false], rows[true].Append(MotionText.Recorded(model)).First());
        return [Html.Heading("Settings"), Html.Settings(
        [
            ("data", Describe.Data(model)),
            .. Describe.Embedding(problem.Network.Embedding) is { } embedding ? Row("initialization", embedding) : [],
            .. layers.Select((layer, i) => ($"layer {i + 1}{(i == layers.Count - 1 ? " (output)" : "")}",
                Describe.Layer(layer, problem.Network.Biases))),
            ("biases", Names.Of(problem.Network.Biases)),
            .. NetworkNotes.Of(model).Select(note => ("note", note)),
            .. problem.Scaling is { } scaling ? Row("scaling", Describe.Scaling(scaling)) : [],
            ("loss", problem.Training.Loss),
            .. moved,
            .. solution is { Nodes: [] } ? [] : problem.Limit.Types!.Select((rule, i) => ($"types of layer {i + 1}",
                rule + (solution is null ? "" : $"; {solution.Nodes[i]} in all"))),
            .. solution is null ? [] : OfLimit(solution),
            recorded,
            ("seed", problem.Seed.ToString(CultureInfo.InvariantCulture)),
            ("program", info.Text),
        ])];

        static (string, string)[] Row(string name, string value) => [(name, value)];

        static (string, string)[] OfLimit(LimitSolution solution) =>
        [
            ("limit, run", LimitText.Outcome(solution.Trained)),
            .. solution.Ending is { } ending ? Row("limit, end", ending) : [],
            ("limit, steps by",
                $"{solution.Trained.Result.InWords}; {solution.Trained.Result.Evaluations} evaluations of the " +
                "velocity"),
            ("limit, wall time",
                $"{solution.SolveSeconds:0.00} s, and {solution.ErrorSeconds:0.00} s for its error estimate"),
        ];
    }

    internal static IEnumerable<XElement> Rates(CouplingResult result) => Table("Rates of all quantities",
        ["quantity", "slope", "95 % interval", "theory", "rms over theory, by width", "seeds", "meaning"],
        [.. result.Rates.Select(r => (string[])
            [r.Quantity.Name, r.Fitted.Reason is null ? Exponent(r.Fitted.Slope) : "-",
                r.Fitted.Reason is null && double.IsFinite(r.Fitted.Low)
                    ? $"[{Exponent(r.Fitted.Low)}, {Exponent(r.Fitted.High)}]" : "-",
                r.Quantity.TheoryInWords, string.Join(", ", r.OverTheory.Select(LimitText.Short)), $"{r.Replicates}",
                r.Quantity.Meaning + r.Fitted.Remark])]);

    internal static IEnumerable<XElement> Reproduction(Model model, string command, RunInfo info)
    {
        yield return Html.Heading("How to reproduce");
        var files = model.Problem.Data is CsvData or IImageFiles or NumPyData ? " --data DIR" : "";
        var engine = info.EngineName == "managed" ? "" : $" --engine {info.EngineName.Split(' ')[0]}";
        var plugins = string.Concat(info.Plugins.Select(p => $" --plugin {p[..p.LastIndexOf(' ')]}"));
        yield return new("p", new XElement("code", $"mfl {command} problem.json --out again{files}{engine}{plugins}"));
        yield return Html.Paragraph("problem.json lies beside this page, with every setting written out" +
            (files.Length > 0 ? "; DIR is the folder with the data files. " : ". ") +
            "The same problem, seed, program version, matrix engine and instruction set give the same numbers, for " +
            "any number of threads.", "soft");
    }

    private static string Exponent(double value) => double.IsFinite(value) ? $"{value:0.000}" : "-";
}
