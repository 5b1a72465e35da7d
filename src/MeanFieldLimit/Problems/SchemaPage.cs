using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeanFieldLimit.Problems;

/// <summary>The keys of problem files as a page of Markdown: a section an object, made from the schema.</summary>
public sealed class SchemaPage
{
    private const string Top = "the file";
    private static readonly JsonSerializerOptions Plain = new(ProblemJson.Options) { WriteIndented = false };

    private readonly List<(string Path, string Body)> _sections = [];

    private SchemaPage()
    {
    }

    /// <summary>The page: key, values, default and meaning of all that a problem file may have.</summary>
    public static string Text()
    {
        var page = new SchemaPage();
        page.Section(Top, JsonNode.Parse(ProblemSchema.Text())!.AsObject());
        var sections = page._sections.Select(s => $"## {s.Path}\n\n{s.Body}");
        return "# Keys of problem files\n\nWritten by `mfl schema --markdown`. A key without a default may be left out "
            + "where it is not said to be required.\n\n" + string.Join('\n', sections);
    }

    /// <summary>Adds a section on an object, unless there is one that says the same; its path.</summary>
    private string Section(string path, JsonObject schema)
    {
        var place = _sections.Count;
        var body = schema["anyOf"] is JsonArray kinds
            ? string.Join('\n', kinds.Select(k => Alternative(path, k!.AsObject())))
            : Table(path, schema);
        if (_sections.Find(s => s.Body == body) is { Path: { } same }) return same;
        _sections.Insert(place, (path, body));
        return path;
    }

    private string Alternative(string path, JsonObject schema)
    {
        var (name, value) = schema["properties"]!.AsObject().First(p => p.Value!["const"] is not null);
        var meaning = (string?)schema["description"];
        return $"**`\"{name}\": {value!["const"]!.ToJsonString(Plain)}`** {meaning}\n\n{Table(path, schema)}";
    }

    private string Table(string path, JsonObject schema)
    {
        var required = schema["required"]?.AsArray().Select(r => (string)r!).ToHashSet() ?? [];
        var rows = schema["properties"]!.AsObject().Where(p => p.Value!["const"] is null).Select(p =>
        {
            var values = Values(path == Top ? p.Key : $"{path}.{p.Key}", p.Value!.AsObject());
            var initial = required.Contains(p.Key) ? "required"
                : p.Value["default"] is { } value ? $"`{value.ToJsonString(Plain)}`" : "";
            return $"| `{p.Key}` | {values} | {initial} | {(string?)p.Value["description"]} |\n";
        }).ToArray();
        return rows.Length == 0 ? ""
            : $"| key | values | default | meaning |\n|---|---|---|---|\n{string.Concat(rows)}";
    }

    private string Values(string path, JsonObject schema)
    {
        if (schema["enum"] is JsonArray names)
            return string.Join(", ", names.Where(n => n is not null).Select(n => $"`{n!.ToJsonString(Plain)}`"));
        if (schema["anyOf"] is not null || schema["properties"] is not null)
        {
            var section = Section(path, schema);
            return $"[{section}](#{section.ToLowerInvariant().Replace(".", "").Replace("[]", "")})";
        }
        // The schema refers to one list of coordinates from another.
        if (schema["$ref"] is not null) return "list of number";
        var type = schema["type"] is JsonArray types ? types.First(t => (string?)t != "null") : schema["type"];
        var isList = (string?)type == "array";
        var values = isList ? $"list of {Values($"{path}[]", schema["items"]!.AsObject())}" : (string)type!;
        var bounds = string.Join(", ", Bounds(schema));
        return bounds == "" ? values : $"{values}{(isList ? ";" : "")} {bounds}";
    }

    private static IEnumerable<string> Bounds(JsonObject schema) =>
        from bound in new[]
        {
            ("minimum", ">="), ("exclusiveMinimum", ">"), ("maximum", "<="), ("exclusiveMaximum", "<"),
            ("minItems", "at least"), ("maxItems", "at most"),
        }
        where schema[bound.Item1] is not null
        select $"{bound.Item2} {schema[bound.Item1]!.ToJsonString(Plain)}";
}
