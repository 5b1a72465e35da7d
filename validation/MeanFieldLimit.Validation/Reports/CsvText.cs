using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>Tables as CSV: numbers read back to the same bits; a field without a number is empty.</summary>
internal static class CsvText
{
    internal static void Write(TextWriter writer, StudyTable table)
    {
        writer.WriteLine(string.Join(',', table.Columns));
        foreach (var row in table.Rows) writer.WriteLine(string.Join(',', row.Select(Quoted)));
    }

    private static string Quoted(object field) => Text(field) is var text && text.AsSpan().ContainsAny(",\"\n")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    internal static string Text(object field) =>
        field is double.NaN ? "" : Convert.ToString(field, CultureInfo.InvariantCulture)!;
}
