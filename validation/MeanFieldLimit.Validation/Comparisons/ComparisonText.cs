using System.Text.Json;
using MeanFieldLimit.Validation.Reports;
using static MeanFieldLimit.Validation.Studies.LimitText;

namespace MeanFieldLimit.Validation.Comparisons;

/// <summary>Comparisons for readers and for programs.</summary>
public static class ComparisonText
{
    private const int MostNamed = 5;
    private static readonly string[] Ends = [".low", ".high", "]"];

    // Ends of intervals are told by their errors; of lists, and of rates, which are findings too, the JSON has all.
    private static bool IsShown(NumberDifference n, RunComparison of) =>
        !Ends.Any(end => n.Name.EndsWith(end, StringComparison.Ordinal))
        && !(n.Name.StartsWith("findings.", StringComparison.Ordinal)
            && of.Numbers.Any(m => m.Name.StartsWith("rates.", StringComparison.Ordinal)));

    /// <summary>Tables of what differs, and the verdict.</summary>
    public static string Of(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (c, shown) = (comparison, comparison.Numbers.Where(n => IsShown(n, comparison)).ToArray());
        List<string> parts = [];
        Add([.. c.Settings.Select(s => (string[])[s.Path, s.There, s.Here])], "setting", c.There, c.Here);
        Add([.. shown.Select(n => (string[])[n.Name, Cell(n.There), Cell(n.Here), Cell(n.Difference),
            Cell(n.Relative), Cell(n.InErrors)])], "number", c.There, c.Here, "difference", "relative", "in errors");
        if (shown.Length < c.Numbers.Count)
            parts.Add($"{c.Numbers.Count - shown.Length} more numbers differ: --json has them");
        Add([.. c.Columns.Select(d => (string[])[d.Table, d.Column, Cell(d.Largest)])], "table", "column",
            "largest difference");
        return string.Join("\n\n", parts.Append(Verdict(c)));

        void Add(string[][] rows, params string[] headers)
        {
            if (rows.Length > 0) parts.Add(TextTable.Of(headers, rows));
        }
    }

    /// <summary>Whether they are equal, in a sentence.</summary>
    public static string Verdict(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var runs = $"{comparison.There} and {comparison.Here}";
        return comparison.Numbers.Count == 0 && comparison.AreEqual ? $"{runs} have the same numbers."
            : comparison.AreEqual ? $"{runs} are equal within their errors."
            : $"{runs} differ by more than their errors: {string.Join(", ", comparison.Beyond.Take(MostNamed))}" +
                (comparison.Beyond.Count > MostNamed ? $" and {comparison.Beyond.Count - MostNamed} more." : ".");
    }

    /// <summary>All of them as JSON, a number that is not known being null.</summary>
    public static string Json(IReadOnlyList<RunComparison> comparisons) => JsonSerializer.Serialize(
        new { AreEqual = comparisons.All(c => c.AreEqual), Comparisons = comparisons }, Summary.Options);
}
