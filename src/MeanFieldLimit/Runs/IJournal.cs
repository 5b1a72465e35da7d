namespace MeanFieldLimit.Runs;

/// <summary>
/// What a long computation has finished on its way, kept so that after a kill it is not done again. Names are those of
/// one computation, the same in every process.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// The result of <paramref name="work"/>, done now or taken from the journal, the same bits either way. The type is
    /// a plain record of numbers, texts, arrays and such records.
    /// </summary>
    T Once<T>(string name, Func<T> work) => work();

    /// <summary>
    /// Lets a run read its last checkpoint, the next so many bytes of a stream; false where there is none, and nothing
    /// is read then.
    /// </summary>
    bool TryRestore(string name, Action<Stream, long> read) => false;

    /// <summary>Keeps a run on its way in place of its last checkpoint, where that is long enough ago.</summary>
    void Checkpoint(string name, Action<Stream> write) { }

    /// <summary>The same at any time: before a computation ends because it was asked to.</summary>
    void CheckpointNow(string name, Action<Stream> write) { }
}

/// <summary>Does everything at once and keeps nothing.</summary>
public sealed class NoJournal : IJournal;
