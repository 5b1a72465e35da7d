using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeanFieldLimit.Problems;

/// <summary>Reads and writes problem files: JSON, with comments and trailing commas allowed.</summary>
public static partial class ProblemFile
{
    /// <summary>Reads and checks the problem file at <paramref name="path"/>.</summary>
    /// <exception cref="ProblemException">The file cannot be read, or a rule of problem files is broken.</exception>
    public static LoadedProblem Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] utf8;
        try
        {
            utf8 = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var reason = e is FileNotFoundException or DirectoryNotFoundException
                ? $"found none at {Path.GetFullPath(path)}"
                : Directory.Exists(path) ? "found a folder" : $"got: {e.Message}";
            throw new ProblemException(path, 0, "$",
                $"a problem file must be a readable file, {reason}; check the path", e);
        }
        return Parse(path, utf8);
    }

    /// <summary>Reads and checks a problem from its text.</summary>
    /// <param name="fileName">What messages call the file; relative paths in the problem start at its folder.</param>
    /// <param name="utf8">The text.</param>
    /// <exception cref="ProblemException">A rule of problem files is broken.</exception>
    public static LoadedProblem Parse(string fileName, ReadOnlySpan<byte> utf8)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        var tree = JsonTreeReader.Read(fileName, utf8);
        var loaded = new LoadedProblem
        {
            Problem = ProblemBinder.Bind<Problem>(tree),
            File = fileName,
            Folder = Path.GetDirectoryName(Path.GetFullPath(fileName)) ?? Path.GetPathRoot(Path.GetFullPath(fileName))!,
            Tree = tree,
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
