using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MeanFieldLimit.Problems;

/// <summary>
/// The contract between the records and JSON: keys, kinds, enumerations. Reading, checking, writing and the
/// schema all take it from here, so that a key is written once, as a property.
/// </summary>
internal static class ProblemJson
{
    internal static readonly JsonNamingPolicy EnumNames = JsonNamingPolicy.KebabCaseLower;

    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(EnumNames, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>As <see cref="Options"/>, with a list of numbers or names on one line.</summary>
    internal static readonly JsonSerializerOptions Compact = new(Options)
    {
        Converters = { new OneLine<double>(), new OneLine<int>(), new OneLine<string>() },
    };

    internal static JsonTypeInfo Contract(Type type) => Options.GetTypeInfo(type);

    internal static IEnumerable<IConstraint> Constraints(this JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(inherit: true).OfType<IConstraint>() ?? [];

    private sealed class OneLine<T> : JsonConverter<IReadOnlyList<T>>
    {
        private static readonly JsonSerializerOptions Flat = new(Options) { WriteIndented = false };

        public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException("problems are read by their binder");

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
            writer.WriteRawValue($"[{string.Join(", ", value.Select(v => JsonSerializer.Serialize(v, Flat)))}]");
    }
}
