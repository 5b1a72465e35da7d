using System.Runtime.ExceptionServices;

namespace MeanFieldLimit.Solvers.Threads;

/// <summary>Pieces of work that depend on none of each other, which the caller and its helpers take one by one.</summary>
/// <remarks>The caller never waits for a piece that nobody has started: it takes it itself. A busy helper costs speed,
/// never progress. What a piece throws comes out when all have ended.</remarks>
public static class Workers
{
    // Of numbers that a map takes up: fewer do not repay a call of a helper.
    private const int RangeLength = 1 << 14;

    /// <summary>Does the pieces 0..count - 1 on at most so many threads, the caller's included.</summary>
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

    /// <summary>The same on two spans that are read, and one that is written.</summary>
    public static void Run(int count, int threads, ReadOnlySpan<double> first, ReadOnlySpan<double> second,
        Span<double> output, SpanWork work)
    {
        if (threads > 1 && count > 1) Share(count, threads, first, second, output, work);
        else for (var n = 0; n < count; n++) work(n, first, second, output);
    }

    // What a lambda takes along is allocated where its method begins: hence methods of their own, for when work is shared.
    private static unsafe void Share(int count, int threads, ReadOnlySpan<double> first, ReadOnlySpan<double> second,
        Span<double> output, SpanWork work)
    {
        fixed (double* one = first, two = second, to = output)
        {
            var (read, other, written) = ((nint)one, (nint)two, (nint)to);
            var (length, otherLength, room) = (first.Length, second.Length, output.Length);
            Run(count, threads, n => work(n, new((void*)read, length), new((void*)other, otherLength),
                new((void*)written, room)));
        }
    }

    /// <summary>
    /// The numbers 0..length - 1 in ranges, each by its first and its count, in one where they are few. Ranges start at
    /// multiples of the length of every vector.
    /// </summary>
    public static void Ranges(int length, int threads, Action<int, int> work)
    {
        if (threads == 1 || length < 2 * RangeLength) work(0, length);
        else Share(length, threads, work);
    }

    private static void Share(int length, int threads, Action<int, int> work) => Run((length - 1) / RangeLength + 1, threads,
        n => work(n * RangeLength, Math.Min(RangeLength, length - n * RangeLength)));

    /// <summary>The same on ranges of two spans of that length.</summary>
    public static void Ranges(int length, int threads, ReadOnlySpan<double> input, Span<double> output, SpanMap work)
    {
        if (threads == 1 || length < 2 * RangeLength) work(input[..length], output[..length]);
        else Share(input[..length], output[..length], threads, work);
    }

    private static void Share(ReadOnlySpan<double> input, Span<double> output, int threads, SpanMap work) =>
        Share(input, output, threads, (_, from, to) => work(from, to));

    /// <summary>The same on ranges of a span that is written, and of one that is read unless it is empty.</summary>
    public static void Ranges(int threads, ReadOnlySpan<double> input, Span<double> output, RangeMap work)
    {
        if (threads == 1 || output.Length < 2 * RangeLength) work(0, input, output);
        else Share(input, output, threads, work);
    }

    private static unsafe void Share(ReadOnlySpan<double> input, Span<double> output, int threads, RangeMap work)
    {
        fixed (double* from = input, to = output)
        {
            var (read, written) = ((nint)from, (nint)to);
            Ranges(output.Length, threads, (first, count) => work(first,
                read == 0 ? [] : new((double*)read + first, count), new((double*)written + first, count)));
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
            if (failure is { } e) ExceptionDispatchInfo.Throw(e);
        }
    }
}
