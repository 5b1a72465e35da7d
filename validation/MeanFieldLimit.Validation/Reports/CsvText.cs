using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>Tables as CSV.</summary>
internal static class CsvText
{
    /// <summary>A table as CSV. Numbers read back to the same bits; a field without a number is empty.</summary>
    internal static void Write(TextWriter writer, StudyTable table)
    {
        writer.WriteLine(string.Join(',', table.Columns));
        foreach (var row in table.Rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                if (i > 0) writer.Write(',');
                writer.Write(row[i] is double d ? Field(d) : Text(row[i]));
            }
            writer.WriteLine();
        }
    }

    internal static string Text(object field) => Convert.ToString(field, CultureInfo.InvariantCulture)!;

    private static string Field(double value) => double.IsNaN(value) ? ""
        : value.ToString("R", CultureInfo.InvariantCulture);
}
