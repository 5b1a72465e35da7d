using System.Text;

namespace MeanFieldLimit.Data;

/// <summary>What separates the fields of a text file.</summary>
/// <param name="Text">The separator.</param>
/// <param name="Name">Its name, of several of them.</param>
internal sealed record Separator(string Text, string Name)
{
    // On a tie the first one.
    private static readonly Separator[] All = [new(",", "commas"), new(";", "semicolons"), new("\t", "tabs")];

    /// <summary>The one that the first line has most of, outside quotes.</summary>
    /// <exception cref="InvalidDataException">The file is UTF-16 or UTF-32 and does not say so.</exception>
    internal static Separator Of(string path)
    {
        using var reader = Open(path);
        // No header line is longer; a file without lines would not fit.
        var start = new char[1 << 20];
        var line = new string(start, 0, reader.ReadBlock(start)).Split('\n')[0];
        // UTF-16 with its byte order mark is read as such.
        if (line.Contains('\0', StringComparison.Ordinal))
            throw new InvalidDataException(
                "the file must be UTF-8, found UTF-16 (by the zeros in it); save it as UTF-8");
        var unquoted = string.Concat(line.Split('"').Where((_, part) => part % 2 == 0));
        return All.MaxBy(s => unquoted.Count(c => c == s.Text[0]))!;
    }

    /// <summary>The text of a file: UTF-8, or what its byte order mark says.</summary>
    internal static StreamReader Open(string path) =>
        new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    /// <summary>"fields separated by commas".</summary>
    public override string ToString() => $"fields separated by {Name}";
}
