using System.Text;
using System.Text.RegularExpressions;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// Files that are whole or absent: each is written under a temporary name in its own folder, flushed to the disk and
/// then renamed. The temporary name says whose it is, so that others can clear it once its process is dead.
/// </summary>
internal static partial class WholeFile
{
    private static int count;

    /// <summary>Writes a file, or leaves the one that is there.</summary>
    internal static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = TemporaryIn(folder);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (ArgumentOutOfRangeException e) when (e.TargetSite?.DeclaringType == typeof(RandomAccess))
        {
            // So .NET says that a file system, or a limit of the user's, allows no file that large.
            throw new IOException(e.Message, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    internal static void Write(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>A name in a folder that nothing else has.</summary>
    internal static string TemporaryIn(string folder)
    {
        var (host, space, id, start) = ProcessMark.Own;
        return Path.Combine(folder, $".mfl-{host}-{space}-{id}-{start}-{Interlocked.Increment(ref count)}.tmp");
    }

    /// <summary>Whether a file or folder is such a temporary one, of any process.</summary>
    internal static bool IsTemporary(string path) => Temporary().IsMatch(Path.GetFileName(path));

    /// <summary>Deletes what dead processes have left in a folder, and below it where asked.</summary>
    internal static void ClearLeftovers(string folder, bool below)
    {
        if (!Directory.Exists(folder)) return;
        var found = Directory.GetFileSystemEntries(folder, ".mfl-*.tmp", new EnumerationOptions
        {
            RecurseSubdirectories = below,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.None,
        });
        foreach (var path in found)
        {
            if (Temporary().Match(Path.GetFileName(path)) is not { Success: true, Groups: var part }
                || !new ProcessMark(part[1].Value, part[2].Value,
                    int.Parse(part[3].ValueSpan, CultureInfo.InvariantCulture),
                    long.Parse(part[4].ValueSpan, CultureInfo.InvariantCulture)).IsDead)
                continue;
            try
            {
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                else File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process was faster, or it is another user's.
            }
        }
    }

    [GeneratedRegex(@"^\.mfl-(.+)-(\d+)-(\d{1,9})-(\d{1,18})-\d+\.tmp$")]
    private static partial Regex Temporary();
}
