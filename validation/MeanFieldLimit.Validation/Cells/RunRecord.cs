using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>What makes a run the run it is: those with the same record have the same cells, bit for bit.</summary>
/// <param name="Command">The command: "couple".</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Options">Whatever else bits depend on: matrix engine, instruction set, a sum of the data.</param>
/// <param name="Problem">The resolved problem; empty without one.</param>
/// <param name="Arguments">The command line that goes on with it, in which <see cref="ProblemFile"/> stands for the
/// problem file.</param>
public sealed record RunRecord(string Command, string Version, IReadOnlyDictionary<string, string> Options,
    string Problem, IReadOnlyList<string> Arguments)
{
    /// <summary>Stands for the problem file of the run in its arguments.</summary>
    public const string ProblemFile = "{problem}";

    private const int Format = 1, Shown = 3;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A name that no other run has.</summary>
    public string Hash => SumOf(Encoding.UTF8.GetBytes(Identity().ToJsonString()));

    /// <summary>A name that no other bytes have: the beginning of their SHA-256.</summary>
    public static string SumOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];

    /// <summary>Writes it to a folder, with its plan for those who look.</summary>
    internal void Write(string folder, Plan plan)
    {
        var run = new JsonObject
        {
            ["format"] = Format,
            ["command"] = Command,
            ["version"] = Version,
            ["options"] = JsonSerializer.SerializeToNode(Options),
            ["arguments"] = JsonSerializer.SerializeToNode(Arguments),
            ["plan"] = JsonSerializer.SerializeToNode(plan.Cells.Select(c => new { key = c.Key, cost = c.Cost })),
        };
        WholeFile.Write(Path.Combine(folder, "run.json"), run.ToJsonString(Indented) + "\n");
        if (Problem.Length > 0) WholeFile.Write(Path.Combine(folder, "problem.json"), Problem);
    }

    /// <summary>That of a folder; null where it has none.</summary>
    internal static RunRecord? Read(string folder)
    {
        try
        {
            var run = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!;
            if ((int?)run["format"] != Format) return null;
            var problem = Path.Combine(folder, "problem.json");
            return new((string)run["command"]!, (string)run["version"]!,
                run["options"].Deserialize<Dictionary<string, string>>()!, File.Exists(problem)
                    ? File.ReadAllText(problem) : "", run["arguments"].Deserialize<string[]>()!);
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The first keys in which another run differs, with both values.</summary>
    internal string Difference(RunRecord there)
    {
        string[] all = [.. JsonDifference.Of("", there.Identity(), Identity())
            .Select(d => $"{d.Path} is {d.There} there and {d.Here} here")];
        return string.Join(", ", all.Take(Shown)) + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }

    private JsonObject Identity() => new()
    {
        ["format"] = Format,
        ["command"] = Command,
        ["version"] = Version,
        ["options"] = new JsonObject(Options.OrderBy(o => o.Key, StringComparer.Ordinal)
            .Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
        ["problem"] = Problem.Length > 0 ? JsonNode.Parse(Problem) : null,
    };
}
