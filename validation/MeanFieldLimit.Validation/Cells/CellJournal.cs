using System.Collections.Concurrent;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>What a cell has finished on its way, a file a piece, in a folder that goes when the cell is done.</summary>
/// <param name="folder">Where; made when there is something to keep.</param>
/// <param name="interval">Least time between two checkpoints of a run; 0 for every one.</param>
/// <param name="clock">Tells it.</param>
/// <param name="broken">Told of a file that was cut or changed.</param>
internal sealed class CellJournal(string folder, TimeSpan interval, TimeProvider clock, Action<string> broken)
    : IJournal
{
    private readonly long opened = clock.GetTimestamp();
    private readonly ConcurrentDictionary<string, long> last = new();
    private readonly ConcurrentDictionary<string, bool> begun = new();

    public T Once<T>(string name, Func<T> work)
    {
        var path = PathOf(name, "once");
        if (SealedFile.TryRead(path, name, out T known, broken)) return known;
        SealedFile.Write(path, name, work());
        // The checkpoint of a run that has ended.
        File.Delete(PathOf(name, "state"));
        // As it will be read, so that nothing depends on whether it was.
        return SealedFile.TryRead(path, name, out known, broken) ? known
            : throw new InvalidOperationException($"the record of {name} does not read back");
    }

    /// <exception cref="InvalidOperationException">Another run of the cell has the name, and perhaps the
    /// checkpoint.</exception>
    public bool TryRestore(string name, Action<Stream, long> read) => begun.TryAdd(name, true)
        ? SealedFile.TryRead(PathOf(name, "state"), name, read, broken)
        : throw new InvalidOperationException($"runs of a cell must have names of their own, got '{name}' twice");

    public void Checkpoint(string name, Action<Stream> write)
    {
        if (clock.GetElapsedTime(last.GetValueOrDefault(name, opened)) >= interval) CheckpointNow(name, write);
    }

    public void CheckpointNow(string name, Action<Stream> write)
    {
        SealedFile.Write(PathOf(name, "state"), name, write);
        last[name] = clock.GetTimestamp();
    }

    /// <summary>Deletes it: the cell is done.</summary>
    internal void Clear()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private string PathOf(string name, string kind) => Path.Combine(folder, $"{CellStore.FileName(name)}.{kind}");
}
