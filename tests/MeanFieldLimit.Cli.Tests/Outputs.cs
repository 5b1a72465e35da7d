using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// What a run leaves for its user, to be compared byte for byte. Only these are left out: what it keeps in cells/; in
/// summary.json the keys seconds, errorSeconds and threads; in report.html times ("0.31 s") and the number of threads.
/// </summary>
internal static partial class Outputs
{
    internal static SortedDictionary<string, string> Of(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (File: file, Name: Path.GetRelativePath(folder, file)))
            .Where(f => !f.Name.Split(Path.DirectorySeparatorChar).Contains("cells"))
            .ToDictionary(f => f.Name, f => Path.GetFileName(f.File) switch
            {
                "summary.json" => Timeless(JsonNode.Parse(File.ReadAllText(f.File))!).ToJsonString(),
                "report.html" => Times().Replace(File.ReadAllText(f.File), "?"),
                _ => Encoding.Latin1.GetString(File.ReadAllBytes(f.File)),
            }), StringComparer.Ordinal);

    /// <summary>Compares two runs, with a word on which differ.</summary>
    internal static void AreEqual(SortedDictionary<string, string> expected, SortedDictionary<string, string> found,
        string what)
    {
        Assert.Contains("report.html", found.Keys);
        Assert.True(expected.Keys.SequenceEqual(found.Keys), $"{what}: {string.Join(' ', found.Keys)} are not " +
            string.Join(' ', expected.Keys));
        foreach (var (name, content) in found) Assert.True(content == expected[name], $"{what}: {name} differs");
    }

    private static JsonNode Timeless(JsonNode node)
    {
        if (node is JsonObject keys)
        {
            foreach (var time in new[] { "seconds", "errorSeconds" }) keys.Remove(time);
            keys.Remove("threads");
        }
        foreach (var child in node is JsonObject o ? o.Select(m => m.Value) : node as JsonArray ?? [])
            if (child is not null) Timeless(child);
        return node;
    }

    [GeneratedRegex(@"\d+(\.\d+)?(E[+-]\d+)? s\b|threads \d+")]
    private static partial Regex Times();
}
