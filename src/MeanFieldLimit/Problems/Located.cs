using System.Text.Json;

namespace MeanFieldLimit.Problems;

/// <summary>A JSON value and where it stands: in its parent, under a name (objects) or an index (lists).</summary>
/// <param name="Kind">StartObject, StartArray, String, Number, True, False or Null.</param>
/// <param name="Text">A string's content; a number as it is written.</param>
/// <param name="Line">The line it starts on, from 1.</param>
/// <param name="Parent">Null for the root.</param>
/// <param name="Name">The key it stands under in an object.</param>
/// <param name="NameLine">That key's line.</param>
internal sealed record Located(
    JsonTokenType Kind, string Text, int Line, Located? Parent, string? Name, int NameLine)
{
    private static readonly List<Located> None = [];

    private readonly int index = Parent?.Items.Count ?? 0;

    /// <summary>The values of an object or a list, in the order of the file.</summary>
    internal List<Located> Items { get; } = Kind is JsonTokenType.StartObject or JsonTokenType.StartArray ? [] : None;

    // Computed when asked: a file of points has a million values and reports one.
    internal string Path => Parent is null ? "$" : Parent.Path + (Name is null ? $"[{index}]" : Segment(Name));

    /// <summary>The last key of the path, which messages name: widths for $.couple.widths[2].</summary>
    internal string Key => Name ?? Parent?.Key ?? "the problem";

    internal Located? this[string key] => Items.Find(m => m.Name == key);

    /// <summary>What is found, in words.</summary>
    internal string Found => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => $"a list of {Items.Count}",
        JsonTokenType.String => $"the string '{Short(Text)}'",
        JsonTokenType.Number => $"the number {Short(Text)}",
        _ => Text,
    };

    /// <summary>The line of the value at <paramref name="path"/>, or of its nearest ancestor in the file.</summary>
    internal int LineOf(string path) => Items.Find(child => child.Leads(path))?.LineOf(path) ?? Line;

    private bool Leads(string path) => Path is var here && path.StartsWith(here, StringComparison.Ordinal)
        && (path.Length == here.Length || path[here.Length] is '.' or '[');

    internal static string Short(string text) => text.Length <= 40 ? text : text[..37] + "...";

    internal static string Segment(string key) =>
        key.Length is > 0 and <= 40 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '-')
            ? $".{key}"
            : $"['{Short(key)}']";
}
