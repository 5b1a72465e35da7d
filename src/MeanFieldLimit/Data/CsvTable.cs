using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace MeanFieldLimit.Data;

/// <summary>A CSV file with a header line and numbers as a data set.</summary>
/// <param name="Points">The data set.</param>
/// <param name="Masses">The column of masses, at least 0; null where none was asked for.</param>
/// <param name="Found">What was found out of the file, in words: which columns are taken for what, what separates them,
/// and what became of classes.</param>
internal sealed record CsvTable(Dataset Points, IReadOnlyList<double>? Masses, string Found)
{
    // Numbers are held in a list that grows, twice while it does, and then in an array.
    private const int Copies = 4;

    /// <summary>
    /// Reads the columns that are asked for. One column of y names classes where <paramref name="labels"/> are no real
    /// numbers: see <see cref="ClassLabels"/>. Fields are separated by commas, semicolons or tabs.
    /// </summary>
    /// <exception cref="InvalidDataException">A field is no finite number.</exception>
    /// <exception cref="DataKeyException">A column is missing, or it is not clear which are outputs.</exception>
    public static CsvTable Read(string path, CsvColumns asked, LabelKind labels)
    {
        try
        {
            return ReadText(path, asked, labels);
        }
        catch (Exception e) when (e is DecoderFallbackException || e.InnerException is DecoderFallbackException)
        {
            throw new InvalidDataException("the file must be UTF-8, found a byte that is not; save it as UTF-8", e);
        }
    }

    private static CsvTable ReadText(string path, CsvColumns asked, LabelKind labels)
    {
        var separator = Separator.Of(path);
        using var csv = new CsvReader(Separator.Open(path), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.Text,
            TrimOptions = TrimOptions.Trim,
            BadDataFound = a =>
                throw new InvalidDataException($"line {a.Context.Parser!.RawRow}: a quote is not closed"),
        });
        if (!csv.Read() || !csv.ReadHeader() || csv.HeaderRecord is not { Length: > 1 } header)
            throw new InvalidDataException("line 1: a header line with at least 2 columns is needed, " +
                "separated by commas, semicolons or tabs");
        CheckHeader(header);
        var taken = asked.In(header);
        var (x, y, masses) = (taken.Inputs!, taken.Outputs!, taken.Masses);
        string[] of = masses is null ? [] : [masses];
        int[] columns = [.. x.Concat(y).Concat(of).Select(name => Array.IndexOf(header, name))];
        List<double> xs = [], ys = [], ms = [];
        var classes = labels != LabelKind.Real && y.Count == 1 ? new List<string>() : null;
        while (csv.Read())
        {
            if (csv.Parser.Count != header.Length)
                throw new InvalidDataException(
                    $"line {csv.Parser.RawRow}: {header.Length} fields are needed, got {csv.Parser.Count} " +
                    $"({separator})");
            CheckMemory(csv, (double)xs.Count + ys.Count + ms.Count);
            for (var j = 0; j < columns.Length; j++)
                if (j == x.Count && classes is not null) classes.Add(csv.GetField(columns[j])!);
                else (j < x.Count ? xs : j < x.Count + y.Count ? ys : ms).Add(Number(csv, header, columns[j]));
            if (ms.Count > 0 && ms[^1] < 0)
                throw new InvalidDataException(
                    $"line {csv.Parser.RawRow}: column '{masses}' must have masses of at least 0, got {ms[^1]}");
        }
        if (xs.Count == 0) throw new InvalidDataException("there is no line of data after the header");
        var named = classes is null ? new([.. ys], y.Count, null) : ClassLabels.Of(classes, $"column '{y[0]}'", labels);
        return new(new(x.Count, named.Outputs, [.. xs], named.Y, labels), masses is null ? null : ms,
            $"{taken}; {separator}" + (named.Mapping is null ? "" : $"; {named.Mapping}"));
    }

    private static void CheckMemory(CsvReader csv, double numbers)
    {
        var most = Math.Min(Array.MaxLength / 2, MemoryLimit.Bytes / Copies / sizeof(double));
        if (numbers > most)
            throw new InvalidDataException($"line {csv.Parser.RawRow}: the lines before fill the memory, " +
                $"{numbers:G3} numbers of at most {most:G3}");
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

    private static double Number(CsvReader csv, string[] header, int column)
    {
        var text = csv.GetField(column);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || !double.IsFinite(value))
            throw new InvalidDataException(
                $"line {csv.Parser.RawRow}: column '{header[column]}' must be a finite number, got '{text}'" +
                (text!.Contains(',', StringComparison.Ordinal) ? ", a comma in place of the decimal point" : ""));
        return !NumberText.Vanishes(text!, value) ? value : throw new InvalidDataException(
            $"line {csv.Parser.RawRow}: column '{header[column]}' must be 0 or a number that is not read as 0, " +
            $"got '{text}'");
    }
}

/// <summary>What separates the fields of a text file.</summary>
internal sealed record Separator(string Text, string Name)
{
    // On a tie the first one.
    private static readonly Separator[] All = [new(",", "commas"), new(";", "semicolons"), new("\t", "tabs")];

    /// <summary>The one that the first line has most of, outside quotes.</summary>
    /// <exception cref="InvalidDataException">The file is UTF-16 or UTF-32 and does not say so.</exception>
    internal static Separator Of(string path)
    {
        using var reader = Open(path);
        // No header line is longer; a file without lines would not fit.
        var start = new char[1 << 20];
        var line = new string(start, 0, reader.ReadBlock(start)).Split('\n')[0];
        // UTF-16 with its byte order mark is read as such.
        if (line.Contains('\0', StringComparison.Ordinal))
            throw new InvalidDataException(
                "the file must be UTF-8, found UTF-16 (by the zeros in it); save it as UTF-8");
        var unquoted = string.Concat(line.Split('"').Where((_, part) => part % 2 == 0));
        return All.MaxBy(s => unquoted.Count(c => c == s.Text[0]))!;
    }

    /// <summary>The text of a file: UTF-8, or what its byte order mark says.</summary>
    internal static StreamReader Open(string path) =>
        new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    public override string ToString() => $"fields separated by {Name}";
}
