using System.Text.Json.Nodes;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

public class ProblemSchemaTests
{
    private static readonly JsonNode _schema = JsonNode.Parse(ProblemSchema.Text())!;

    private static JsonNode At(string path) => path.Split('/').Aggregate(_schema, (node, key) =>
        (node is JsonArray array ? array[int.Parse(key, null)] : node["properties"]?[key] ?? node[key])
        ?? throw new KeyNotFoundException($"{key} of {path}"));

    private static string[] Strings(JsonNode node) =>
        [.. node.AsArray().Where(n => n is not null).Select(n => (string)n!)];

    [Fact]
    public void It_is_a_draft202012_schema() =>
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string)_schema["$schema"]!);

    [Fact]
    public void Required_keys_are_required()
    {
        Assert.Equal(["data", "network", "training"], Strings(_schema["required"]!));
        Assert.Equal(["loss", "time"], Strings(At("training/required")));
        Assert.Equal(["kind"], Strings(At("data/required")));
        Assert.Equal(["x", "y"], Strings(At("data/anyOf/0/required")));
    }

    // Of the plugin of PluginTests.
    private static readonly string[] Registered = ["parabola"];

    [Fact]
    public void Names_are_listed()
    {
        Assert.Equal(["none", "frozen", "trained"], Strings(At("network/biases/enum")));
        Assert.Equal(Methods.All, Strings(At("limit/method/enum")));
        Assert.Equal(Catalogue.All<ILoss>().Select(l => l.Name), Strings(At("training/loss/enum")));
        Assert.Equal(Catalogue.All<IActivation>().Select(a => a.Name),
            Strings(At("network/layers/items/activation/enum")));
        Assert.Equal(["points", "csv", "idx", "cifar", "numpy", "isotropic-gaussians", "synthetic", "textures",
            .. Registered], At("data/anyOf").AsArray().Select(kind => (string)kind!["properties"]!["kind"]!["const"]!));
    }

    [Fact]
    public void Ranges_are_written()
    {
        Assert.Equal(1, (double)At("couple/widths/items/minimum"));
        Assert.Equal(1, (int)At("couple/widths/minItems"));
        Assert.Equal(2, (int)At("network/layers/minItems"));
        Assert.Equal(0, (int)At("training/time/exclusiveMinimum"));
        Assert.Equal(0.1, (double)At("training/tolerance/maximum"));
        Assert.Equal(1, (double)At("data/anyOf/5/delta/exclusiveMaximum"));
        Assert.Equal(0, (double)At("network/layers/items/weights/anyOf/0/std/minimum"));
    }

    [Fact]
    public void Simple_defaults_are_written()
    {
        Assert.Equal(24, (int)At("couple/seeds/default"));
        Assert.Equal("flow", (string)At("training/dynamics/default")!);
        Assert.Equal(1, (double)At("network/layers/items/weights/anyOf/2/scale/default"));
        Assert.Equal(5, At("couple/widths/default").AsArray().Count);
    }

    [Fact]
    public void Every_object_is_closed_and_every_key_described()
    {
        Walk(_schema, "$");

        static void Walk(JsonNode? node, string path)
        {
            if (node is JsonArray array)
                foreach (var entry in array) Walk(entry, path);
            if (node is not JsonObject schema) return;
            if (schema["properties"] is JsonObject properties)
            {
                Assert.False((bool)(schema["additionalProperties"] ?? true), $"{path} is open");
                foreach (var (key, value) in properties)
                    Assert.True(value!["const"] is not null || value["description"] is not null,
                        $"{path}.{key} is not described");
            }
            foreach (var (key, value) in schema) Walk(value, $"{path}.{key}");
        }
    }

    /// <summary>The schema knows every key of the good file and of what is written with all defaults.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_good_file_is_accepted(bool resolved) =>
        Accept(JsonNode.Parse(resolved ? ProblemFile.Write(Texts.Parse(Texts.Good).Problem) : Texts.Good),
            _schema, "$");

    // The part of a validator that these schemas need: types, closed objects, required keys, anyOf by its const.
    private static void Accept(JsonNode? value, JsonNode schema, string path)
    {
        while (schema["$ref"] is { } reference)
            schema = ((string)reference!)[2..].Split('/')
                .Aggregate(_schema, (n, key) => n is JsonArray a ? a[int.Parse(key, null)]! : n[key]!);
        if (schema["const"] is { } constant) Assert.True(JsonNode.DeepEquals(constant, value), path);
        if (schema["enum"] is JsonArray names) Assert.Contains(names, n => JsonNode.DeepEquals(n, value));
        if (schema["minimum"] is { } minimum) Assert.True((double)value! >= (double)minimum, path);
        foreach (var key in schema["required"]?.AsArray() ?? [])
            Assert.True(value!.AsObject().ContainsKey((string)key!), $"{path} lacks {key}");
        if (schema["anyOf"] is JsonArray kinds)
            schema = kinds.Single(k => k!["properties"]!.AsObject()
                .Any(p => p.Value!["const"] is { } c && JsonNode.DeepEquals(c, value![p.Key])))!;
        if (value is JsonObject members)
            foreach (var (key, member) in members)
                Accept(member, schema["properties"]?[key] ?? throw new KeyNotFoundException($"{path}.{key}"),
                    $"{path}.{key}");
        if (value is JsonArray entries)
            foreach (var entry in entries) Accept(entry, schema["items"]!, path);
    }
}
