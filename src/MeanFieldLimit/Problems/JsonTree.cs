using System.Text.Json;

namespace MeanFieldLimit.Problems;

/// <summary>The values of a JSON file, each knowing its line and its path.</summary>
internal sealed class JsonTree(string file, Located root)
{
    internal string File => file;
    internal Located Root => root;

    /// <summary>The line of the value at <paramref name="path"/>, or of its nearest ancestor in the file.</summary>
    internal int LineOf(string path)
    {
        var node = root;
        while (node.Items.FirstOrDefault(c => Leads(c.Path, path)) is { } child) node = child;
        return node.Line;
    }

    private static bool Leads(string ancestor, string path) =>
        path.StartsWith(ancestor, StringComparison.Ordinal)
        && (path.Length == ancestor.Length || path[ancestor.Length] is '.' or '[');
}

/// <summary>A JSON value and where it stands: in its parent, under a name (objects) or an index (lists).</summary>
internal sealed class Located(JsonTokenType kind, string text, int line, Located? parent, string? name, int nameLine)
{
    private readonly int _index = parent?.Items.Count ?? 0;

    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    internal JsonTokenType Kind => kind;

    /// <summary>A string's content; a number as it is written.</summary>
    internal string Text => text;

    /// <summary>The line it starts on, from 1.</summary>
    internal int Line => line;

    /// <summary>The key it stands under in an object, and that key's line.</summary>
    internal string? Name => name;
    internal int NameLine => nameLine;

    internal Located? Parent => parent;

    /// <summary>The values of an object or a list, in the order of the file.</summary>
    internal List<Located> Items { get; } = kind is JsonTokenType.StartObject or JsonTokenType.StartArray ? [] : _none;

    // Computed when asked: a file of points has a million values and reports one.
    internal string Path => parent is null ? "$" : parent.Path + (name is null ? $"[{_index}]" : Segment(name));

    /// <summary>The last key of the path, which messages name: widths for $.couple.widths[2].</summary>
    internal string Key => name ?? parent?.Key ?? "the problem";

    internal Located? this[string key] => Items.Find(m => m.Name == key);

    /// <summary>What is found, in words.</summary>
    internal string Found => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => $"a list of {Items.Count}",
        JsonTokenType.String => $"the string '{Short(text)}'",
        JsonTokenType.Number => $"the number {Short(text)}",
        _ => text,
    };

    internal static string Short(string text) => text.Length <= 40 ? text : text[..37] + "...";

    internal static string Segment(string key) =>
        key.Length is > 0 and <= 40 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '-')
            ? $".{key}"
            : $"['{Short(key)}']";

    private static readonly List<Located> _none = [];
}
