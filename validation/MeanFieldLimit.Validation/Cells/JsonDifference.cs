using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>A place where two JSON texts differ, and what stands there in both, shortened.</summary>
public readonly record struct JsonDifference(string Path, string There, string Here)
{
    private const int LongestValue = 60;
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All of them, as far down as they have the same keys, or lists of one length.</summary>
    internal static IEnumerable<JsonDifference> Of(string path, JsonNode? there, JsonNode? here)
    {
        if (JsonNode.DeepEquals(there, here)) return [];
        if (there is JsonObject a && here is JsonObject b)
            return a.Select(m => m.Key).Union(b.Select(m => m.Key))
                .SelectMany(key =>
                    Of(path.Length > 0 ? $"{path}.{key}" : key == "problem" ? "$" : key, a[key], b[key]));
        if (there is JsonArray x && here is JsonArray y && x.Count == y.Count)
            return Enumerable.Range(0, x.Count).SelectMany(i => Of($"{path}[{i}]", x[i], y[i]));
        return [new(path, Text(there), Text(here))];
    }

    private static string Text(JsonNode? node)
    {
        var text = node?.ToJsonString(Plain) ?? "absent";
        return text.Length > LongestValue ? text[..LongestValue] + "..." : text;
    }
}
