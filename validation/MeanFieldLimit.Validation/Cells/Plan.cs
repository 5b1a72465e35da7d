namespace MeanFieldLimit.Validation.Cells;

/// <summary>What a study has come to, for the one who ran it.</summary>
/// <param name="Text">What it found, in a few lines.</param>
/// <param name="Code">The program's exit code, where all runs reached their ends.</param>
public sealed record Conclusion(string Text, int Code = 0);

/// <summary>A study as cells and what is made of their records.</summary>
public sealed class Plan
{
    private const int LongestName = 200;

    /// <param name="cells">The cells, those that others need among them.</param>
    /// <param name="reduce">Writes the report from the records, or failures, of all cells.</param>
    /// <exception cref="ArgumentException">Keys are not distinct on every file system, or too long; a cell needs one
    /// that is not in the plan; a cost is negative.</exception>
    internal Plan(IReadOnlyList<ICell> cells, Func<Done, ReportFolder, Conclusion> reduce)
    {
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var planned = cells.ToHashSet();
        foreach (var cell in cells)
        {
            if (cell.Key is "" or ['.', ..] || CellStore.FileName(cell.Key).Length > LongestName)
                throw new ArgumentException($"a key must be a name of 1 to {LongestName} characters, escaped, that " +
                    $"starts with no point, got '{cell.Key}'");
            if (!keys.Add(cell.Key)) throw new ArgumentException($"keys must differ, got '{cell.Key}' twice");
            if (!(cell.Cost >= 0)) throw new ArgumentException($"costs must not be negative, got {cell.Cost}");
            if (cell.Needs.FirstOrDefault(n => !planned.Contains(n)) is { } other)
                throw new ArgumentException($"{cell.Key} needs {other.Key}, which must be in the plan");
        }
        // Those that take long first; of equal ones, an order that every process has.
        Cells = [.. cells.OrderByDescending(c => c.Cost).ThenBy(c => c.Key, StringComparer.Ordinal)];
        Reduce = reduce;
    }

    /// <summary>Its cells, in the order in which they begin where nothing else decides.</summary>
    internal IReadOnlyList<ICell> Cells { get; }

    internal Func<Done, ReportFolder, Conclusion> Reduce { get; }
}
