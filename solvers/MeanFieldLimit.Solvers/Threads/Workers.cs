namespace MeanFieldLimit.Solvers.Threads;

/// <summary>Pieces of work that depend on none of each other, which the caller and its helpers take one by one.</summary>
/// <remarks>The caller never waits for a piece that nobody has started: it takes it itself. A busy helper costs speed,
/// never progress.</remarks>
public static class Workers
{
    /// <summary>Does the pieces 0..count - 1 on at most so many threads, the caller's included.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public static void Run(int count, int threads, Action<int> work)
    {
        if (threads == 1 || count == 1)
        {
            for (var n = 0; n < count; n++) work(n);
            return;
        }
        var pieces = new Pieces(count, work);
        Helper.Call(pieces, Math.Min(threads, count) - 1);
        pieces.Execute();
        pieces.Wait();
    }

    /// <summary>The same on spans, which all pieces share.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public static unsafe void Run(int count, int threads, ReadOnlySpan<double> input, Span<double> output, SpanWork work)
    {
        fixed (double* from = input, to = output)
        {
            // Of lengths that no lambda may take from the spans themselves.
            var (read, written, length, room) = ((nint)from, (nint)to, input.Length, output.Length);
            Run(count, threads, n => work(n, new((void*)read, length), new((void*)written, room)));
        }
    }

    private sealed class Pieces(int count, Action<int> work) : ISharedWork
    {
        private Exception? failure;
        private int taken, done;

        public void Execute()
        {
            for (int piece; (piece = Interlocked.Increment(ref taken) - 1) < count;)
            {
                try
                {
                    work(piece);
                }
                // What the pieces use may be gone when the caller returns: it must hear of every one.
                catch (Exception e)
                {
                    failure = e;
                }
                Interlocked.Increment(ref done);
            }
        }

        public void Wait()
        {
            var wait = new SpinWait();
            while (Volatile.Read(ref done) < count)
                wait.SpinOnce(sleep1Threshold: -1);
            if (failure is { } e)
                throw new InvalidOperationException("a piece of work shared by threads failed", e);
        }
    }
}
