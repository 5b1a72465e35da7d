using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// Records as JSON that reads back to the same bits: single numbers by the shortest text that does, arrays of them as
/// base64 of their bits.
/// </summary>
internal static class CellJson
{
    private static JsonSerializerOptions made = New();

    // Once used they take in no more kinds.
    private static JsonSerializerOptions Options => made.TypeInfoResolver == Catalogue.Contracts ? made : made = New();

    internal static void Write<T>(Stream stream, T value) => JsonSerializer.Serialize(stream, value, Options);

    /// <summary>Reads what fills the next <paramref name="length"/> bytes.</summary>
    /// <exception cref="JsonException">It has another shape.</exception>
    internal static T Read<T>(Stream stream, long length)
    {
        var text = new byte[length];
        stream.ReadExactly(text);
        return JsonSerializer.Deserialize<T>(text, Options)!;
    }

    private static JsonSerializerOptions New() => new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        // What is computed from the rest.
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(), new Bits() },
        TypeInfoResolver = Catalogue.Contracts,
    };

    private sealed class Bits : JsonConverter<double[]>
    {
        public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes)
                || bytes.Length % sizeof(double) != 0)
                throw new JsonException();
            return MemoryMarshal.Cast<byte, double>(bytes).ToArray();
        }

        public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes<double>(value));
    }
}
