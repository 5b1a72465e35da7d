using System.Collections.Concurrent;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>The records of a run, a file a cell.</summary>
/// <param name="folder">Where.</param>
/// <param name="say">Told what is not taken, once.</param>
internal sealed class CellStore(string folder, Action<string> say)
{
    private readonly ConcurrentDictionary<string, bool> broken = new();

    /// <summary>A key as a name on every file system, and of no other key: "network~width=100~replicate=3".</summary>
    internal static string FileName(string key) => Uri.EscapeDataString(key)
        .Replace("~", "%7E", StringComparison.Ordinal).Replace("%2F", "~", StringComparison.Ordinal)
        .Replace("%3D", "=", StringComparison.Ordinal);

    /// <summary>What a cell has come to, a record or a <see cref="CellFailure"/>; null while it has not.</summary>
    internal object? Load(ICell cell)
    {
        object? result = null;
        SealedFile.TryRead(PathOf(cell, "cell"), cell.Key, (content, length) => result = cell.Read(content, length),
            Broken);
        return result;
    }

    /// <summary>Keeps what a cell has come to; returns it as it will be read: no result depends on it.</summary>
    internal object Save(ICell cell, object result)
    {
        SealedFile.Write(PathOf(cell, "cell"), cell.Key, stream => cell.Write(stream, result));
        return Load(cell) ?? throw new InvalidOperationException($"the record of {cell.Key} does not read back");
    }

    /// <summary>Whether a process is at work on a cell, or was killed when it was.</summary>
    internal bool HasTraces(ICell cell) => Path.Exists(PathOf(cell, "journal")) || Path.Exists(PathOf(cell, "lock"));

    /// <summary>The journal of a cell under way.</summary>
    internal CellJournal JournalOf(ICell cell, TimeSpan interval, TimeProvider clock) =>
        new(PathOf(cell, "journal"), interval, clock, Broken);

    private string PathOf(ICell cell, string kind) => Path.Combine(folder, $"{FileName(cell.Key)}.{kind}");

    private void Broken(string path)
    {
        if (broken.TryAdd(path, true)) say($"{path} is cut or changed and not taken: it is computed again");
    }
}
