namespace MeanFieldLimit.Validation.Reports;

/// <summary>A table for a terminal: columns as wide as they must be, numbers at the right.</summary>
internal static class TextTable
{
    /// <summary>Its lines, without an end of line after the last one.</summary>
    internal static string Of(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [headers, .. rows];
        var widths = headers.Select((_, j) => all.Max(row => row[j].Length)).ToArray();
        var isNumber = headers.Select((_, j) =>
            rows.All(row => row[j] is "" or "-" or [(>= '0' and <= '9') or '-' or '[', ..])).ToArray();
        return string.Join('\n', all.Select(row => string.Join("  ", row.Select((cell, j) =>
            isNumber[j] ? cell.PadLeft(widths[j]) : cell.PadRight(widths[j]))).TrimEnd()));
    }
}
