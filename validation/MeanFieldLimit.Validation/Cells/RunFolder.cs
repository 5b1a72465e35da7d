using System.Text;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>The output folder cannot be used; the message has the rule, the value and the remedy.</summary>
public sealed class RunFolderException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The folder that one run writes. Files in it are whole or absent: each is written under a temporary name in its own
/// folder and then renamed.
/// </summary>
public sealed class RunFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly string[] OwnFiles =
    [
        "problem.json", "summary.json", "trajectory.csv", "predictions.csv", "gaps.csv", "networks.csv", "study*.csv",
        "report.html", "last-state.npy", "problems/*.json", "figures/*.png", "figures/*.svg",
    ];

    internal RunFolder(string path) => FullPath = Path.GetFullPath(path);

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>
    /// Refuses what <see cref="Prepare"/> would refuse, and creates nothing: to be called before any computing.
    /// </summary>
    /// <exception cref="RunFolderException">The folder has files and there is no <paramref name="force"/>, or it is a
    /// file.</exception>
    public static void Check(string path, bool force)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
            throw new RunFolderException(
                $"the output must be a folder, got the file {path}; name another one with --out");
        if (!force && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new RunFolderException($"the output folder must be empty or new, got {path}, which has files; " +
                "name another one with --out, or write over it with --force");
        CheckWritable(path);
    }

    // The nearest folder there is must take files: found out now, not after hours of computing.
    private static void CheckWritable(string path)
    {
        var nearest = Path.GetFullPath(path);
        while (!Path.Exists(nearest)) nearest = Path.GetDirectoryName(nearest)!;
        try
        {
            using var probe = new FileStream(WholeFile.TemporaryIn(nearest), FileMode.CreateNew, FileAccess.Write,
                FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RunFolderException(
                $"the output folder must be one that can be written, got {path} ({e.Message}); " +
                "name another one with --out", e);
        }
    }

    /// <summary>
    /// The folder, created where it does not exist. With <paramref name="force"/> the files of an earlier run go, so
    /// that no two runs mix; other files stay.
    /// </summary>
    /// <exception cref="RunFolderException">It is refused, or cannot be created.</exception>
    public static RunFolder Prepare(string path, bool force)
    {
        Check(path, force);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RunFolderException(
                $"the output folder must be one that can be created, got {path} ({e.Message}); " +
                "name another one with --out", e);
        }
        foreach (var pattern in OwnFiles)
            if (Path.Combine(path, Path.GetDirectoryName(pattern)!) is var part && Directory.Exists(part))
                foreach (var file in Directory.GetFiles(part, Path.GetFileName(pattern))) File.Delete(file);
        return new(path);
    }

    /// <summary>Writes a file whole; <paramref name="name"/> may name a subfolder ("figures/gap.png").</summary>
    public void Write(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        WholeFile.Write(Path.Combine(FullPath, name), write);
    }

    /// <summary>Writes a text file whole: UTF-8, lines ended by "\n".</summary>
    public void WriteText(string name, Action<TextWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(name, stream =>
        {
            using var writer = new StreamWriter(stream, Utf8, leaveOpen: true) { NewLine = "\n" };
            write(writer);
        });
    }
}
