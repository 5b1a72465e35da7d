using System.Globalization;
using System.Xml.Linq;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>The parts that reports share.</summary>
internal static class Sections
{
    internal static IEnumerable<XElement> Question(Model model)
    {
        yield return new("h1", Html.Clean(model.Problem.Name));
        if (model.Problem.Description is { Length: > 0 } description) yield return Html.Paragraph(description);
    }

    internal static XElement Headline(string text) => Html.Paragraph(text, "headline");

    internal static IEnumerable<XElement> Figures(IEnumerable<(Figure Figure, XElement? Svg)> figures) =>
        figures.Select(f => Shown(f.Figure, f.Svg)).Prepend(Html.Heading("Figures"));

    /// <summary>The figure, or why there is none.</summary>
    internal static XElement Shown(Figure figure, XElement? svg) => svg is null
        ? Html.Paragraph($"The figure {figure.Name} is left out: {figure.Obstacle}.", "soft")
        : Html.Figure(svg, figure.Caption);

    /// <summary>How a run ended, after "the limit" or "the network".</summary>
    internal static string Outcome(Trained trained)
    {
        var run = trained.Run;
        if (run.Succeeded)
            return $"{(trained.Stop is null ? "completed" : "stopped")} at t = {run.Time:G6} in {Steps(run)}";
        var layer = trained.DivergedLayer;
        return $"ended early at t = {run.Time:G6} after {Steps(run)}: " +
            (layer > 0 ? $"parameters of layer {layer} became infinite or NaN" : run.Reason);
    }

    private static string Steps(RunResult run) =>
        $"{run.Steps} steps" + (run.Refused > 0 ? $", {run.Refused} more refused" : "");

    internal static IEnumerable<XElement> Error(Model model, LimitSolution solution, bool coupled)
    {
        var (error, sgd) = (solution.Error, model.Problem.Limit.Dynamics == DynamicsKind.Sgd);
        yield return Html.Heading("The error of the limit");
        yield return Html.Paragraph("Each part is the largest rms difference, over the save times, between the " +
            "predictions of two limits that differ in one respect." +
            (coupled ? " Gaps smaller than ten times the sum are flagged." : ""));
        yield return Html.Numbers(["part", "rms", "estimated by"],
        [
            .. solution.TypeErrors.Count > 1 ? solution.TypeErrors.Select(Row) : [],
            ["types", Short(error.Types), "limits with fewer nodes in the grid of each layer, and two other " +
                "randomisations of random nodes, half as many"],
            ["time", Short(error.Time), sgd
                ? "none needed: the steps of SGD are part of the problem"
                : "a limit with a hundredth of the tolerance, or half the step (an eighth at kinks)" +
                    (solution.Limit.Run.Slid is null ? ""
                    : "; along kinks steps are a tenth as long, their error being of order 1")],
            ["data", Short(error.Data), error.Data == 0
                ? "none needed: networks of this problem see the same data"
                : model.Data.Watched is not null
                    ? "limits trained on other sets of nodes for the data's law"
                    : "a limit trained on another sample of the data's law"],
            ["sum", Short(error.Total), ""],
        ]);
        if (solution.Certificate is not { } certificate) yield break;
        yield return Html.Paragraph($"Types and tolerance were chosen by the program: {certificate.Text}.");
        yield return Html.Numbers(["nodes", "tolerance", "types", "time", "data", "sum"],
            [.. certificate.Rounds.Select(r => (string[])[string.Join(" x ", r.Nodes), Short(r.Limit.Tolerance),
                Short(r.Error.Types), Short(r.Error.Time), Short(r.Error.Data), Short(r.Error.Total)])]);

        static string[] Row(TypeError part) =>
            [$"types of layer {string.Join(" and ", part.Layers)}", Short(part.Error), "their part of the next line"];
    }

    internal static IEnumerable<XElement> Settings(Model model, LimitSolution solution, bool coupled,
        RunInfo info)
    {
        var problem = model.Problem;
        var rows = new List<(string, string)> { ("data", Describe.Data(model)) };
        if (Describe.Embedding(problem.Network.Embedding) is { } embedding) rows.Add(("initialization", embedding));
        for (var i = 0; i < problem.Network.Layers.Count; i++)
            rows.Add(($"layer {i + 1}" + (i == problem.Network.Layers.Count - 1 ? " (output)" : ""),
                Describe.Layer(problem.Network.Layers[i], problem.Network.Biases)));
        rows.Add(("biases", problem.Network.Biases.ToString().ToLowerInvariant()));
        rows.Add(("loss", problem.Training.Loss));
        rows.Add((coupled ? "training of networks" : "training", Describe.Training(problem.Training)));
        rows.Add(("limit", Describe.Limit(problem.Limit)));
        for (var i = 0; i < solution.Nodes.Count; i++)
            rows.Add(($"types of layer {i + 1}",
                $"{Describe.Rule(problem.Limit.Types![i])}; {solution.Nodes[i]} in all"));
        rows.Add(("limit, run", Outcome(solution.Limit)));
        if (solution.Ending is { } ending) rows.Add(("limit, end", ending));
        rows.Add(("limit, steps by",
            $"{solution.Limit.Run.Account}; {solution.Limit.Run.Evaluations} evaluations of the velocity"));
        rows.Add(("recorded",
            $"{model.SaveTimes.Length} save times, predictions at {model.Watched.Count} " +
            (model.Data.Watched is null ? "training points" : "points drawn from the law of the data")));
        if (coupled)
            rows.Add(("networks", $"widths {string.Join(", ", problem.Couple.Widths)}; " +
                $"{problem.Couple.Seeds} of each"));
        rows.Add(("seed", problem.Seed.ToString(CultureInfo.InvariantCulture)));
        rows.Add(("program", info.Text));
        return [Html.Heading("Settings"), Html.Settings(rows)];
    }

    internal static IEnumerable<XElement> Ending(Model model, LimitSolution solution, string command,
        double? networks, RunInfo info)
    {
        var times = new List<(string, string)>
        {
            ("limit", $"{solution.SolveSeconds:0.00} s"), ("its error estimate", $"{solution.ErrorSeconds:0.00} s"),
        };
        if (networks is { } seconds) times.Add(("networks", $"{seconds:0.00} s"));
        yield return Html.Heading("Wall time");
        yield return Html.Settings(times);
        foreach (var part in Reproduction(model, command, info)) yield return part;
    }

    internal static IEnumerable<XElement> Reproduction(Model model, string command, RunInfo info)
    {
        yield return Html.Heading("How to reproduce");
        var files = model.Problem.Data is CsvData or IdxData ? " --data DIR" : "";
        var engine = info.EngineName == "managed" ? "" : $" --engine {info.EngineName.Split(' ')[0]}";
        yield return new("p", new XElement("code", $"mfl {command} problem.json --out again{files}{engine}"));
        yield return Html.Paragraph("problem.json lies beside this page, with every setting written out" +
            (files.Length > 0 ? "; DIR is the folder with the data files. " : ". ") +
            "The same problem, seed, program version, matrix engine and instruction set give the same numbers, for " +
            "any number of threads.", "soft");
    }

    /// <summary>Three digits, or a word where the number is not known.</summary>
    internal static string Short(double value) =>
        !double.IsFinite(value) ? "not known"
        : Math.Abs(value) is 0 or (>= 1e-3 and < 1e4) ? value.ToString("G3", CultureInfo.InvariantCulture)
        : value.ToString("0.00e0", CultureInfo.InvariantCulture);
}
