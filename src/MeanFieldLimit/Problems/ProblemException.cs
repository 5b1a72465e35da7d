namespace MeanFieldLimit.Problems;

/// <summary>
/// A problem is refused. The message is one line, "file:line: path: rule, value, remedy", for example
/// "three-layer.json:12: $.couple.widths[2]: widths must be at least 1, got 0; use a positive number of neurons".
/// </summary>
public sealed class ProblemException(string file, int line, string path, string rule, Exception? inner = null)
    : Exception(OneLine($"{Place(file, line, path)}: {rule}"), inner)
{
    /// <summary>The file as its user named it.</summary>
    public string File { get; } = file;

    /// <summary>The line, from 1, or 0 where none is known: no file, or not a readable one.</summary>
    public int Line { get; } = line;

    /// <summary>The key path, such as $.couple.widths[2].</summary>
    public string Path { get; } = OneLine(path);

    /// <summary>The rule, the value and the remedy.</summary>
    public string Rule { get; } = OneLine(rule);

    private static string Place(string file, int line, string path) =>
        line > 0 ? $"{file}:{line}: {path}" : path == "$" ? file : $"{file}: {path}";

    // Keys and values come from the file: a line break inside one must not break the line of the message.
    private static string OneLine(string text) => string.Concat(text.Select(c =>
        char.IsControl(c) || c is '\u2028' or '\u2029' ? $"\\u{(int)c:x4}" : $"{c}"));
}
