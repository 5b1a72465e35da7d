using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// Locks by which processes on one folder divide its cells. They save work and decide no result: what two processes
/// compute by mistake has the same bits, and both write it whole.
/// </summary>
/// <remarks>
/// A lock is stale where its holder is dead, or, where that cannot be seen from here, was not touched while this
/// process watched it for so many heartbeats. Clocks of machines are not compared.
/// </remarks>
internal sealed class CellLocks : IDisposable
{
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5), Patience = 12 * Heartbeat;
    private readonly string folder;
    private readonly TimeProvider clock;
    private readonly ITimer heart;
    private readonly ConcurrentDictionary<string, string> held = new();
    private readonly Dictionary<string, (Seen Seen, long Since)> watched = [];

    internal CellLocks(string folder, TimeProvider clock)
    {
        (this.folder, this.clock) = (folder, clock);
        heart = clock.CreateTimer(_ => Touch(), null, Heartbeat, Heartbeat);
    }

    /// <summary>Takes a lock that is free or stale; false where another process holds it.</summary>
    internal bool TryTake(string name)
    {
        var path = PathOf(name);
        if (Create(path)) return true;
        if (!IsStale(path, out var seen)) return false;
        // Renamed, so that of several only one takes it over. What was renamed may already be the lock of a faster one.
        var aside = WholeFile.TemporaryIn(folder);
        try
        {
            File.Move(path, aside);
            if (Look(aside) is { } moved && moved.Text != seen.Text)
                File.Move(aside, path);
            else
                File.Delete(aside);
        }
        catch (IOException)
        {
            return false;
        }
        return Create(path);
    }

    /// <summary>Gives a lock back, where it is still this process's.</summary>
    internal void Release(string name)
    {
        var path = PathOf(name);
        if (held.TryRemove(path, out var text) && Look(path)?.Text == text) File.Delete(path);
    }

    /// <summary>Who holds a lock, for readers; null where nobody alive does.</summary>
    internal string? Holder(string name) => Look(PathOf(name)) is null || IsStale(PathOf(name), out var seen) ? null
        : seen.Holder is { } holder
            ? $"held by {holder.Process}, for {Math.Max(0, (clock.GetUtcNow() - holder.Since).TotalSeconds):0} s"
            : "held by a process that has not yet said who it is";

    public void Dispose()
    {
        heart.Dispose();
        foreach (var path in held.Keys) Release(Path.GetFileNameWithoutExtension(path));
    }

    private string PathOf(string name) => Path.Combine(folder, $"{name}.lock");

    // Moved there whole: a process that is killed on the way leaves no lock that does not say whose it is.
    private bool Create(string path)
    {
        if (File.Exists(path)) return false;
        var text = JsonSerializer.Serialize(new Content(ProcessMark.Own, clock.GetUtcNow()));
        var temporary = WholeFile.TemporaryIn(folder);
        File.WriteAllText(temporary, text);
        try
        {
            // Of several at once File.Move lets all but the last be written over, outside Windows; a link is made once.
            if (OperatingSystem.IsWindows() || Link(temporary, path) != 0) File.Move(temporary, path);
            else File.Delete(temporary);
            held[path] = text;
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "link", BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string added);

    private bool IsStale(string path, out Seen seen)
    {
        seen = Look(path) ?? default;
        if (seen.Holder is { Process: { IsNear: true } process }) return process.IsDead;
        lock (watched)
        {
            if (watched.TryGetValue(path, out var before) && before.Seen == seen)
                return clock.GetElapsedTime(before.Since) >= Patience;
            watched[path] = (seen, clock.GetTimestamp());
            return false;
        }
    }

    private void Touch()
    {
        foreach (var path in held.Keys)
            try
            {
                File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Given back, or taken over: no longer this process's.
            }
    }

    private static Seen? Look(string path)
    {
        var (text, touched) = ("", default(DateTime));
        try
        {
            (text, touched) = (File.ReadAllText(path), File.GetLastWriteTimeUtc(path));
            return new(text, touched, JsonSerializer.Deserialize<Content>(text));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return new(text, touched, null);
        }
    }

    private sealed record Content(ProcessMark Process, DateTimeOffset Since);

    // Without a holder where another program wrote or cut it.
    private readonly record struct Seen(string Text, DateTime Touched, Content? Holder);
}
