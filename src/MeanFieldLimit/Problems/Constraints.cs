using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeanFieldLimit.Problems;

/// <summary>A rule on the value of one key, kept by the check of problems and printed by their schema.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ConstraintAttribute : Attribute
{
    /// <summary>Whether the rule is on a list as a whole; otherwise it is on every entry of a list.</summary>
    internal bool OnWholeList => this is ItemsAttribute;

    /// <summary>"must be at least 1, got 0; use 1 or more", or null where the value keeps the rule.</summary>
    internal abstract string? Refuse(object value);

    /// <summary>Writes the rule into the schema of the value (of the entry, where the rule is on entries).</summary>
    internal abstract void Describe(JsonObject schema);
}

/// <summary>value >= least.</summary>
public sealed class AtLeastAttribute(double least) : ConstraintAttribute
{
    /// <summary>What to do in place, where that is not to keep the bound.</summary>
    public string? Remedy { get; init; }
    internal override string? Refuse(object value) => Number.Refuse(value, v => v >= least,
        $"at least {Number.Text(least)}", Remedy ?? $"use {Number.Text(least)} or more");
    internal override void Describe(JsonObject schema) => schema["minimum"] = least;
}

/// <summary>value > 0.</summary>
public sealed class PositiveAttribute : ConstraintAttribute
{
    internal override string? Refuse(object value) =>
        Number.Refuse(value, v => v > 0, "positive", "use a number above 0");
    internal override void Describe(JsonObject schema) => schema["exclusiveMinimum"] = 0;
}

/// <summary>low &lt;= value &lt;= high.</summary>
public sealed class BetweenAttribute(double low, double high) : ConstraintAttribute
{
    internal override string? Refuse(object value) => Number.Refuse(value, v => v >= low && v <= high,
        $"between {Number.Text(low)} and {Number.Text(high)}", "use a number in that range");
    internal override void Describe(JsonObject schema) => (schema["minimum"], schema["maximum"]) = (low, high);
}

/// <summary>low &lt; value &lt; high.</summary>
public sealed class InsideAttribute(double low, double high) : ConstraintAttribute
{
    internal override string? Refuse(object value) => Number.Refuse(value, v => v > low && v < high,
        $"above {Number.Text(low)} and below {Number.Text(high)}", "use a number strictly inside");
    internal override void Describe(JsonObject schema) =>
        (schema["exclusiveMinimum"], schema["exclusiveMaximum"]) = (low, high);
}

/// <summary>A list with at least, and perhaps at most, so many entries.</summary>
public sealed class ItemsAttribute(int least, int most = int.MaxValue) : ConstraintAttribute
{
    /// <summary>What to do in place, where that is not to keep the bound.</summary>
    public string? Remedy { get; init; }

    internal override string? Refuse(object value)
    {
        var count = ((ICollection)value).Count;
        if (count >= least && count <= most) return null;
        var rule = least == most ? "exactly" : count < least ? "at least" : "at most";
        var bound = count < least ? least : most;
        return $"must have {rule} {bound} {(bound == 1 ? "entry" : "entries")}, got {count}; " +
            (Remedy ?? $"give {rule} {bound}");
    }

    internal override void Describe(JsonObject schema)
    {
        schema["minItems"] = least;
        if (most < int.MaxValue) schema["maxItems"] = most;
    }
}

/// <summary>A text with at least one character that is not blank.</summary>
public sealed class NonEmptyAttribute : ConstraintAttribute
{
    internal override string? Refuse(object value) => !string.IsNullOrWhiteSpace((string)value) ? null
        : $"must not be empty, got '{value}'; write some text";
    internal override void Describe(JsonObject schema) => schema["minLength"] = 1;
}

/// <summary>The name of a member of the family <typeparamref name="T"/>.</summary>
public sealed class NameOfAttribute<T> : ConstraintAttribute where T : INamed
{
    private static string[] Known => [.. Catalogue.All<T>().Select(m => m.Name)];
    internal override string? Refuse(object value) => Names.Refuse((string)value, Known);
    internal override void Describe(JsonObject schema) => schema["enum"] = JsonSerializer.SerializeToNode(Known);
}

/// <summary>The name of a time stepping method.</summary>
internal sealed class MethodNameAttribute : ConstraintAttribute
{
    internal override string? Refuse(object value) => Names.Refuse((string)value, Methods.All);
    internal override void Describe(JsonObject schema) => schema["enum"] = JsonSerializer.SerializeToNode(Methods.All);
}

/// <summary>Numbers of any type in rules and messages.</summary>
internal static class Number
{
    internal static string? Refuse(object value, Func<double, bool> keeps, string rule, string remedy) =>
        keeps(Convert.ToDouble(value, CultureInfo.InvariantCulture)) ? null
        : $"must be {rule}, got {Text(value)}; {remedy}";

    internal static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
