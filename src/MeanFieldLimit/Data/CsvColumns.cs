namespace MeanFieldLimit.Data;

/// <summary>The columns of a table that are asked for; those that are not named follow from the header.</summary>
/// <param name="Inputs">Those of x; all that are left where null.</param>
/// <param name="Outputs">Those of y; the one that is left where null.</param>
/// <param name="Masses">That of the masses; none where null.</param>
internal sealed record CsvColumns(IReadOnlyList<string>? Inputs = null, IReadOnlyList<string>? Outputs = null,
    string? Masses = null)
{
    private const int Shown = 8;

    /// <summary>The same with x and y written out, as a header has them.</summary>
    /// <remarks>
    /// Without outputs other programs take the last column, or all that are not of x. Here one column must be left: of
    /// more, each is a plausible input, and a second target among the inputs makes any risk look small.
    /// </remarks>
    /// <exception cref="DataKeyException">A column is missing, or it is not clear which are outputs.</exception>
    internal CsvColumns In(string[] header)
    {
        string[] given = [.. Inputs ?? [], .. Outputs ?? [], .. Masses is null ? Array.Empty<string>() : [Masses]];
        Check(Inputs, "inputs");
        Check(Outputs, "outputs");
        if (Masses is not null) CheckName(Masses, "masses", header);
        string[] left = [.. header.Except(given)];
        var missing = Outputs is null ? "outputs" : "inputs";
        var needed = new[] { Inputs, Outputs }.Count(key => key is null);
        if (left.Length < needed)
            throw new DataKeyException(missing, $"a column must be left for the {missing}, the file has " +
                $"{List(header)}; name fewer of them for others");
        if (Outputs is null && left.Length > needed)
            throw new DataKeyException("outputs", "outputs must be named where more than one column could be meant, " +
                $"found {List(left)}; write \"outputs\": [\"{left[^1]}\"] if that is the one");
        var outputs = Outputs ?? [left[^1]];
        return this with { Inputs = Inputs ?? [.. left.Except(outputs)], Outputs = outputs };

        void Check(IReadOnlyList<string>? names, string key)
        {
            for (var i = 0; i < (names?.Count ?? 0); i++) CheckName(names![i], $"{key}[{i}]", header);
        }
    }

    /// <summary>What is taken for what, in words.</summary>
    public override string ToString() => $"inputs {List(Inputs!)}; outputs {List(Outputs!)}" +
        (Masses is null ? "" : $"; masses {Masses}");

    private static void CheckName(string name, string key, string[] header)
    {
        if (!header.Contains(name))
            throw new DataKeyException(key, $"there is no column '{name}' in the file, found {List(header)}; " +
                "name one of these");
    }

    private static string List(IReadOnlyList<string> names) => string.Join(", ", names.Take(Shown)) +
        (names.Count > Shown ? $", ... ({names.Count} in all)" : "");
}
