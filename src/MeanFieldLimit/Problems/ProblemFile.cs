using System.Text.Json;
using System.Text.RegularExpressions;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Problems;

/// <summary>Reads and writes problem files: JSON, with comments and trailing commas allowed.</summary>
public static partial class ProblemFile
{
    private const long Largest = 256 << 20;

    /// <summary>Reads and checks the problem file at <paramref name="path"/>.</summary>
    /// <exception cref="ProblemException">The file cannot be read, or a rule of problem files is broken.</exception>
    public static LoadedProblem Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            RegularFile.Check(path, Largest);
            using var file = File.OpenRead(path);
            return Read(path, file);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or NotSupportedException or InvalidDataException)
        {
            var reason = e is FileNotFoundException or DirectoryNotFoundException
                ? $"found none at {Path.GetFullPath(path)}; check the path"
                : Directory.Exists(path) ? "found a folder; check the path"
                : e is InvalidDataException ? $"{e.Message}; name another one, or - for standard input"
                : $"got: {e.Message}; check the path";
            throw new ProblemException(path, 0, "$", $"a problem file must be a readable file, {reason}", e);
        }
    }

    /// <summary>Reads and checks a problem from a stream, to its end.</summary>
    /// <param name="fileName">As for <see cref="Parse"/>.</param>
    /// <param name="stream">The text.</param>
    /// <exception cref="ProblemException">It is too long, or a rule of problem files is broken.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static LoadedProblem Read(string fileName, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var text = new MemoryStream();
        var piece = new byte[1 << 16];
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            text.Write(piece, 0, read);
            if (text.Length > Largest)
                throw new ProblemException(fileName, 0, "$",
                    $"a problem must have at most {RegularFile.Size(Largest)}, got more; " +
                    "put large data into a file of its own");
        }
        return Parse(fileName, text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    /// <summary>Reads and checks a problem from its text.</summary>
    /// <param name="fileName">What messages call the file; relative paths in the problem start at its folder.</param>
    /// <param name="utf8">The text.</param>
    /// <exception cref="ProblemException">A rule of problem files is broken.</exception>
    public static LoadedProblem Parse(string fileName, ReadOnlySpan<byte> utf8)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        var (root, path) = (JsonTreeReader.Read(fileName, utf8), Path.GetFullPath(fileName));
        var problem = (Problem)new ProblemBinder(fileName).Bind(root, typeof(Problem));
        var loaded = new LoadedProblem(problem, fileName, Path.GetDirectoryName(path) ?? Path.GetPathRoot(path)!)
        {
            Root = root,
        };
        ProblemCheck.Check(loaded);
        return loaded;
    }

    /// <summary>The problem as indented JSON, defaults written out; it reads back to an equal problem.</summary>
    public static string Write(Problem problem) => NumberList().Replace(
        JsonSerializer.Serialize(problem, ProblemJson.Options) + "\n",
        list => $"[{string.Join(", ", list.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))}]");

    // A list of numbers goes on one line. Strings are safe: a line break inside one is written as \n.
    [GeneratedRegex(@"\[\n\s*([-+.0-9eE,\s]+?)\n\s*\]")]
    private static partial Regex NumberList();
}
