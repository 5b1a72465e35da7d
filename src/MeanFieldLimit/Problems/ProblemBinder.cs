using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeanFieldLimit.Problems;

/// <summary>Turns located values into records: keys, kinds and types. Ranges are checked afterwards.</summary>
internal sealed class ProblemBinder(string file)
{
    internal object Bind(Located node, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var contract = ProblemJson.Contract(type);
        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => BindObject(node, contract),
            JsonTypeInfoKind.Enumerable => BindList(node, contract.ElementType!),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(BindName(node, Names.Of(type)))!,
            _ when type == typeof(string) => Expect(node, JsonTokenType.String, "a string").Text,
            _ when type == typeof(double) => ToDouble(Expect(node, JsonTokenType.Number, "a number")),
            _ when type == typeof(bool) => BindBool(node),
            _ when type == typeof(int) => (int)BindInteger(node, int.MinValue, int.MaxValue),
            _ => BindInteger(node, long.MinValue, long.MaxValue),
        };
    }

    private object BindObject(Located node, JsonTypeInfo contract)
    {
        Expect(node, JsonTokenType.StartObject, "an object");
        string? discriminator = null;
        if (contract.PolymorphismOptions is { } kinds)
        {
            discriminator = kinds.TypeDiscriminatorPropertyName;
            contract = ProblemJson.Contract(Kind(node, kinds));
        }
        var properties = contract.Properties;
        string[] known = [.. discriminator is null ? [] : new[] { discriminator }, .. properties.Select(p => p.Name)];
        if (node.Items.Find(m => !known.Contains(m.Name)) is { Name: { } name } unknown)
            throw new ProblemException(file, unknown.NameLine, unknown.Path, $"key '{Located.Short(name)}' is " +
                $"unknown here{Names.Suggest(name, known)} (known: {string.Join(", ", known)})");
        var result = contract.CreateObject!();
        foreach (var property in properties)
        {
            var value = node[property.Name];
            if (value is null && property.IsRequired) throw Missing(node, property.Name, "");
            // null is another spelling of absent, where a key may be absent at all.
            if (value is null || (value.Kind == JsonTokenType.Null && property.IsSetNullable)) continue;
            property.Set!(result, Bind(value, property.PropertyType));
        }
        return result;
    }

    private Type Kind(Located node, JsonPolymorphismOptions kinds)
    {
        var key = kinds.TypeDiscriminatorPropertyName;
        string[] names = [.. kinds.DerivedTypes.Select(t => (string)t.TypeDiscriminator!)];
        var found = node[key] ?? throw Missing(node, key, $", one of {string.Join(", ", names)}");
        return kinds.DerivedTypes[BindName(found, names)].DerivedType;
    }

    private Array BindList(Located node, Type entry)
    {
        Expect(node, JsonTokenType.StartArray, "a list");
        var list = Array.CreateInstance(entry, node.Items.Count);
        for (var i = 0; i < list.Length; i++) list.SetValue(Bind(node.Items[i], entry), i);
        return list;
    }

    /// <summary>The index of a name among those that are known.</summary>
    private int BindName(Located node, string[] names)
    {
        var name = Expect(node, JsonTokenType.String, $"one of {string.Join(", ", names)}").Text;
        return Names.Refuse(name, names) is { } refusal
            ? throw Error(node, $"{node.Key} {refusal}")
            : Array.IndexOf(names, name);
    }

    private bool BindBool(Located node) => node.Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Error(node, $"{node.Key} must be true or false, found {node.Found}; write it without quotes"),
    };

    private long BindInteger(Located node, long low, long high)
    {
        var real = ToDouble(Expect(node, JsonTokenType.Number, "a whole number"));
        if (real != Math.Truncate(real))
            throw Error(node, $"{node.Key} must be a whole number, got {Located.Short(node.Text)}; " +
                (real is > 0 and < 1 ? "give a count, not a share" : "round it"));
        // Through decimal: 1e3 and 24.0 are whole too, and it holds every long exactly, where double does not.
        if (!decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || value < low || value > high)
            throw Error(node,
                $"{node.Key} must be a whole number from {low} to {high}, got {Located.Short(node.Text)}; " +
                "use one that fits");
        return (long)value;
    }

    private static double ToDouble(Located number) => double.Parse(number.Text, CultureInfo.InvariantCulture);

    private Located Expect(Located node, JsonTokenType kind, string what)
    {
        if (node.Kind == kind) return node;
        var remedy = kind switch
        {
            JsonTokenType.StartObject => "write { ... }",
            JsonTokenType.StartArray => "write [ ... ]",
            JsonTokenType.String => "write it in double quotes",
            _ => "write digits without quotes",
        };
        throw Error(node, $"{node.Key} must be {what}, found {node.Found}; {remedy}");
    }

    private ProblemException Missing(Located node, string key, string choice)
    {
        var keys = string.Join(", ", node.Items.Take(20).Select(m => Located.Short(m.Name!)));
        return new ProblemException(file, node.Line, $"{node.Path}.{key}",
            $"key '{key}' is required here, found {(keys.Length > 0 ? keys : "no keys")}; add '{key}'{choice}");
    }

    private ProblemException Error(Located node, string rule) => new(file, node.Line, node.Path, rule);
}
