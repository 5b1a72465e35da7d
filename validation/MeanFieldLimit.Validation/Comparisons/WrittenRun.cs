using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Validation.Comparisons;

/// <summary>What a run has written, as far as it is compared.</summary>
internal sealed class WrittenRun
{
    private static readonly string[] OfProgram = ["study", "version", "engine", "instructions"];
    private readonly string folder;
    private readonly JsonObject summary;

    /// <exception cref="RunFolderException">The folder has no finished run.</exception>
    internal WrittenRun(string folder)
    {
        this.folder = folder;
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "summary.json"));
            summary = JsonNode.Parse(text)!.AsObject();
            Numbers = SummaryNumber.Read(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException)
        {
            throw new RunFolderException($"a run to compare must have its summary.json, found none in {folder}; " +
                "name the folder of a run that is done", e);
        }
    }

    internal string Study => (string?)summary["study"] ?? "check";

    internal IReadOnlyDictionary<string, SummaryNumber> Numbers { get; }

    /// <summary>The rms error of the limit's predictions; NaN where there is none.</summary>
    internal double ErrorEstimate => Numbers.GetValueOrDefault("limit.errorEstimate")?.Value ?? double.NaN;

    /// <summary>How its limit ended; null where it is of none.</summary>
    internal string? Status => (string?)summary["limit"]?["status"];

    /// <summary>What ran it and its problem.</summary>
    internal JsonObject Settings => new(OfProgram.Select(key => KeyValuePair.Create(key, summary[key]?.DeepClone()))
        .Append(KeyValuePair.Create("problem", Path.Combine(folder, "problem.json") is var path && File.Exists(path)
            ? JsonNode.Parse(File.ReadAllText(path)) : null)));

    internal IEnumerable<string> Tables =>
        Directory.EnumerateFiles(folder, "*.csv").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    /// <summary>The lines of a table, its header first.</summary>
    internal string[][] Read(string table)
    {
        using var parser = new CsvParser(new StreamReader(Path.Combine(folder, table)), CultureInfo.InvariantCulture);
        List<string[]> lines = [];
        while (parser.Read()) lines.Add(parser.Record!);
        return [.. lines];
    }
}
