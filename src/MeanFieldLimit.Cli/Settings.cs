using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeanFieldLimit.Cli;

/// <summary>
/// <c>--set training.time=5</c>: any key of a problem file. A value is JSON, or a list without its brackets, or else a
/// text.
/// </summary>
internal static class Settings
{
    /// <summary>The problem with its settings in place, checked.</summary>
    /// <exception cref="UsageException">One is no setting, or the problem is refused with it.</exception>
    internal static LoadedProblem In(LoadedProblem loaded, IReadOnlyList<string> settings)
    {
        if (settings.Count == 0) return loaded;
        var problem = JsonNode.Parse(ProblemFile.Write(loaded.Problem))!;
        foreach (var setting in settings) Set(problem, setting);
        try
        {
            return ProblemFile.Parse(loaded.File, Encoding.UTF8.GetBytes(problem.ToJsonString()));
        }
        catch (ProblemException e)
        {
            // Lines are not those of the file.
            throw new UsageException($"--set {string.Join(' ', settings)}: {e.Path}: {e.Rule}");
        }
    }

    private static void Set(JsonNode problem, string setting)
    {
        if (setting.Split('=', 2) is not [{ Length: > 0 } key, var value])
            throw new UsageException($"--set: a setting must be a key and its value, got '{setting}'; " +
                "write it as training.time=5");
        // "types[0].nodes" is types, 0, nodes.
        var steps = key.Replace("]", "", StringComparison.Ordinal).Split('.', '[');
        var at = problem;
        try
        {
            foreach (var step in steps[..^1]) at = Child(at, step) ?? (at[step] = new JsonObject());
            if (at is JsonArray list) list[Index(steps[^1])] = Parse(value);
            else at[steps[^1]] = Parse(value);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException
            or ArgumentOutOfRangeException)
        {
            throw new UsageException($"--set: {key} must lead to a value of the problem, it does not; " +
                "write keys as limit.types[0].nodes");
        }
    }

    private static JsonNode? Child(JsonNode at, string step) => at is JsonArray list ? list[Index(step)] : at[step];

    private static int Index(string step) => int.Parse(step, NumberStyles.None, CultureInfo.InvariantCulture);

    private static JsonNode? Parse(string value)
    {
        foreach (var text in (string[])[value, $"[{value}]"])
            try
            {
                return JsonNode.Parse(text);
            }
            catch (JsonException)
            {
            }
        return value;
    }
}
