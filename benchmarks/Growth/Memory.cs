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
        var before = Live();
        var (looks, peak, done) = (0, 0L, false);
        var watcher = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                peak = Math.Max(peak, Live());
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

    // What a collection left, of what finalizers had let go too: after it others allocate again.
    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var left = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return left.HeapSizeBytes - left.FragmentedBytes;
    }
}
