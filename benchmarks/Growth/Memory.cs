namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>Bytes of live objects, looked at while they are used: what nothing refers to is collected before a look.</summary>
internal static class Memory
{
    private const int LooksAtLeast = 8, Between = 2;       // milliseconds

    /// <summary>
    /// The most that was seen beyond what was there before: of what <paramref name="create"/> makes and, while it works,
    /// uses; it works again until there were looks enough.
    /// </summary>
    internal static double Peak(Func<Action> create)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (looks, peak, done) = (0, 0L, false);
        var watcher = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.Collect();
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
                Interlocked.Increment(ref looks);
                Thread.Sleep(Between);
            }
        });
        watcher.Start();
        var work = create();
        do work();
        while (Volatile.Read(ref looks) < LooksAtLeast);
        Volatile.Write(ref done, true);
        watcher.Join();
        GC.KeepAlive(work);
        return peak - before;
    }
}
