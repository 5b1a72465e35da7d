using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace MeanFieldLimit.Data;

/// <summary>A CSV file with a header line and numbers as a data set.</summary>
public static class CsvTable
{
    // Numbers are held in a list that grows, twice while it does, and then in an array.
    private const int Copies = 4;

    /// <summary>
    /// Columns <paramref name="inputs"/> are x and <paramref name="outputs"/> y; without names the last column is y
    /// and all others are x.
    /// </summary>
    /// <exception cref="InvalidDataException">A column is missing, or a field is no finite number: the message has the
    /// line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dataset Read(string path, IReadOnlyList<string>? inputs, IReadOnlyList<string>? outputs,
        LabelKind labels)
    {
        using var csv = new CsvReader(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            TrimOptions = TrimOptions.Trim,
            BadDataFound = a =>
                throw new InvalidDataException($"line {a.Context.Parser!.RawRow}: a quote is not closed"),
        });
        if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord is not { Length: > 1 } header)
            throw new InvalidDataException("line 1: a header line with at least 2 columns is needed");
        CheckHeader(header);
        var y = outputs ?? [header[^1]];
        var x = inputs ?? [.. header.Except(y)];
        if (x.Count == 0) throw new InvalidDataException("line 1: no column is left for the inputs");
        if (x.Intersect(y).FirstOrDefault() is { } both)
            throw new InvalidDataException($"line 1: column '{both}' cannot be an input and an output");
        int[] columns = [.. x.Concat(y).Select(name => Column(header, name))];
        List<double> xs = [], ys = [];
        while (csv.Read())
        {
            if (csv.Parser.Count != header.Length)
                throw new InvalidDataException(
                    $"line {csv.Parser.RawRow}: {header.Length} fields are needed, got {csv.Parser.Count}");
            CheckMemory(csv, (double)xs.Count + ys.Count);
            for (var j = 0; j < columns.Length; j++) (j < x.Count ? xs : ys).Add(Number(csv, header, columns[j]));
        }
        if (ys.Count == 0) throw new InvalidDataException("there is no line of data after the header");
        return new(x.Count, y.Count, [.. xs], [.. ys], labels);
    }

    private static void CheckMemory(CsvReader csv, double numbers)
    {
        if (numbers > Array.MaxLength / 2 || Copies * sizeof(double) * numbers > Arrays.Memory)
            throw new InvalidDataException($"line {csv.Parser.RawRow}: the lines before fill the memory, {numbers:G3} " +
                $"numbers of at most {Math.Min(Array.MaxLength / 2, Arrays.Memory / Copies / sizeof(double)):G3}");
    }

    private static void CheckHeader(string[] header)
    {
        if (header.All(name => double.TryParse(name, CultureInfo.InvariantCulture, out _)))
            throw new InvalidDataException(
                $"line 1: a header line with names is needed, got the numbers {string.Join(", ", header)}");
        if (header.GroupBy(name => name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidDataException(
                $"line 1: column names must differ, '{twice.Key}' stands there {twice.Count()} times");
    }

    private static int Column(string[] header, string name)
    {
        var column = Array.IndexOf(header, name);
        return column >= 0 ? column : throw new InvalidDataException(
            $"line 1: there is no column '{name}'; the columns are {string.Join(", ", header)}");
    }

    private static double Number(CsvReader csv, string[] header, int column)
    {
        var text = csv.GetField(column);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? value
            : throw new InvalidDataException(
                $"line {csv.Parser.RawRow}: column '{header[column]}' must be a finite number, got '{text}'");
    }
}
