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

    private static JsonSerializerOptions made = New();

    // Once used they take in no more kinds.
    internal static JsonSerializerOptions Options =>
        made.TypeInfoResolver == Catalogue.Contracts ? made : made = New();

    internal static JsonTypeInfo Contract(Type type) => Options.GetTypeInfo(type);

    internal static IEnumerable<ConstraintAttribute> Constraints(this JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(inherit: true).OfType<ConstraintAttribute>() ?? [];

    private static JsonSerializerOptions New() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(EnumNames, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        TypeInfoResolver = Catalogue.Contracts,
    };
}
