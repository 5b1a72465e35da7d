using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeanFieldLimit.Problems;

/// <summary>A rule on the value of one key, kept by the check of problems and printed by their schema.</summary>
internal interface IConstraint
{
    /// <summary>Whether the rule is on a list as a whole; otherwise it is on every entry of a list.</summary>
    bool OnWholeList { get; }

    /// <summary>"must be at least 1, got 0; use 1 or more", or null where the value keeps the rule.</summary>
    string? Refuse(object value);

    /// <summary>Writes the rule into the schema of the value (of the entry, where the rule is on entries).</summary>
    void Describe(JsonObject schema);
}

/// <summary>value >= least.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AtLeastAttribute(double least) : Attribute, IConstraint
{
    public string? Remedy { get; init; }
    public bool OnWholeList => false;
    public string? Refuse(object value) => Number.Of(value) >= least ? null
        : $"must be at least {Number.Text(least)}, got {Number.Text(value)}; " +
            (Remedy ?? $"use {Number.Text(least)} or more");
    public void Describe(JsonObject schema) => schema["minimum"] = least;
}

/// <summary>value > 0.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PositiveAttribute : Attribute, IConstraint
{
    public bool OnWholeList => false;
    public string? Refuse(object value) => Number.Of(value) > 0 ? null
        : $"must be positive, got {Number.Text(value)}; use a number above 0";
    public void Describe(JsonObject schema) => schema["exclusiveMinimum"] = 0;
}

/// <summary>low &lt;= value &lt;= high.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute(double low, double high) : Attribute, IConstraint
{
    public bool OnWholeList => false;
    public string? Refuse(object value) => Number.Of(value) >= low && Number.Of(value) <= high ? null
        : $"must be between {Number.Text(low)} and {Number.Text(high)}, got {Number.Text(value)}; " +
            "use a number in that range";
    public void Describe(JsonObject schema) => (schema["minimum"], schema["maximum"]) = (low, high);
}

/// <summary>low &lt; value &lt; high.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InsideAttribute(double low, double high) : Attribute, IConstraint
{
    public bool OnWholeList => false;
    public string? Refuse(object value) => Number.Of(value) > low && Number.Of(value) < high ? null
        : $"must be above {Number.Text(low)} and below {Number.Text(high)}, got {Number.Text(value)}; " +
            "use a number strictly inside";
    public void Describe(JsonObject schema) =>
        (schema["exclusiveMinimum"], schema["exclusiveMaximum"]) = (low, high);
}

/// <summary>A list with at least, and perhaps at most, so many entries.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemsAttribute(int least, int most = int.MaxValue) : Attribute, IConstraint
{
    public string? Remedy { get; init; }
    public bool OnWholeList => true;

    public string? Refuse(object value)
    {
        var count = ((ICollection)value).Count;
        if (count >= least && count <= most) return null;
        var rule = least == most ? "exactly" : count < least ? "at least" : "at most";
        var bound = count < least ? least : most;
        return $"must have {rule} {bound} {(bound == 1 ? "entry" : "entries")}, got {count}; " +
            (Remedy ?? $"give {rule} {bound}");
    }

    public void Describe(JsonObject schema)
    {
        schema["minItems"] = least;
        if (most < int.MaxValue) schema["maxItems"] = most;
    }
}

/// <summary>A text with at least one character that is not blank.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NonEmptyAttribute : Attribute, IConstraint
{
    public bool OnWholeList => false;
    public string? Refuse(object value) => !string.IsNullOrWhiteSpace((string)value) ? null
        : $"must not be empty, got '{value}'; write some text";
    public void Describe(JsonObject schema) => schema["minLength"] = 1;
}

/// <summary>The name of a member of the family <typeparamref name="T"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NameOfAttribute<T> : Attribute, IConstraint where T : INamed
{
    private static string[] Known => [.. Catalogue.All<T>().Select(m => m.Name)];
    public bool OnWholeList => false;
    public string? Refuse(object value) => Names.Refuse((string)value, Known);
    public void Describe(JsonObject schema) => schema["enum"] = JsonSerializer.SerializeToNode(Known);
}

/// <summary>The name of a time stepping method.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MethodNameAttribute : Attribute, IConstraint
{
    public bool OnWholeList => false;
    public string? Refuse(object value) => Names.Refuse((string)value, Methods.All);
    public void Describe(JsonObject schema) => schema["enum"] = JsonSerializer.SerializeToNode(Methods.All);
}

/// <summary>Numbers of any type in rules and messages.</summary>
internal static class Number
{
    internal static double Of(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
    internal static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
