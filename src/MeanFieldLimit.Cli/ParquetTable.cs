using MeanFieldLimit.Validation.Studies;
using Parquet;
using Parquet.Schema;

namespace MeanFieldLimit.Cli;

/// <summary>
/// Tables as Parquet files: a column of numbers is one of doubles, where all are whole of 64-bit integers, any other
/// one of text. What is not known is NaN.
/// </summary>
internal static class ParquetTable
{
    internal static void Write(Stream stream, StudyTable table)
    {
        var rows = table.Rows.ToArray();
        object[][] columns = [.. table.Columns.Select((_, j) => rows.Select(row => row[j]).ToArray())];
        DataField[] fields = [.. table.Columns.Zip(columns, (name, column) =>
            new DataField(name, column.All(IsWhole) ? typeof(long) : column.All(IsNumber) ? typeof(double)
                : typeof(string), isNullable: false))];
        Write(stream, fields, columns).GetAwaiter().GetResult();
    }

    private static async Task Write(Stream stream, DataField[] fields, object[][] columns)
    {
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        using var group = writer.CreateRowGroup();
        foreach (var (field, column) in fields.Zip(columns))
            if (field.ClrType == typeof(long))
                await group.WriteAsync<long>(field, column.Select(Convert.ToInt64).ToArray());
            else if (field.ClrType == typeof(double))
                await group.WriteAsync<double>(field, column.Select(Convert.ToDouble).ToArray());
            else
                await group.WriteAsync(field, [.. column.Select(v =>
                    Convert.ToString(v, CultureInfo.InvariantCulture)!)]);
        group.CompleteValidate();
    }

    private static bool IsWhole(object value) => value is int or long;

    private static bool IsNumber(object value) => value is double || IsWhole(value);
}
