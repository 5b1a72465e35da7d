using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace MeanFieldLimit.Problems;

/// <summary>The JSON Schema of problem files (draft 2020-12), made from the records they are read into.</summary>
public static class ProblemSchema
{
    /// <summary>The name of its file, which lies beside every problem file that is written.</summary>
    public const string FileName = "problem.schema.json";

    /// <summary>The schema as indented JSON.</summary>
    public static string Text()
    {
        var exported = ProblemJson.Options.GetJsonSchemaAsNode(typeof(Problem), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Complete,
        });
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "MeanFieldLimit problem",
        };
        foreach (var (key, value) in exported.AsObject()) schema[key] = value?.DeepClone();
        return schema.ToJsonString(ProblemJson.Options) + "\n";
    }

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema) return node;
        var about = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (about.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute text, ..])
            schema["description"] = text.Description;
        foreach (var constraint in context.PropertyInfo?.Constraints() ?? []) Describe(constraint, schema);
        if (schema["properties"] is JsonObject properties) AddDefaults(context.TypeInfo, properties);
        return schema;
    }

    private static void Describe(ConstraintAttribute constraint, JsonObject schema)
    {
        if (!constraint.OnWholeList)
            while (schema["items"] is JsonObject items) schema = items;
        constraint.Describe(schema);
        // An optional name may be null too, and enum overrules type.
        if (schema["enum"] is JsonArray names && schema["type"] is JsonArray) names.Add(null);
    }

    private static void AddDefaults(JsonTypeInfo contract, JsonObject properties)
    {
        if (contract.Type.IsAbstract) return;
        var fresh = contract.CreateObject!();
        foreach (var property in contract.Properties.Where(p => !p.IsRequired))
        {
            var isSimple = ProblemJson.Contract(property.PropertyType).Kind is not JsonTypeInfoKind.Object;
            if (isSimple && properties[property.Name] is JsonObject schema && property.Get!(fresh) is { } value)
                schema["default"] = JsonSerializer.SerializeToNode(value, property.PropertyType, ProblemJson.Options);
        }
    }
}
