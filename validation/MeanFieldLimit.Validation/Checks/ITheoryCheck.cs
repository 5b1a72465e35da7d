using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// A theorem as a measurement: what it says is set beside what is measured, on limits and networks of the check's own.
/// A new check is known to the program by existing.
/// </summary>
public interface ITheoryCheck : INamed
{
    /// <summary>What the theory says, in a sentence.</summary>
    string Claim { get; }

    /// <summary>Where it says so.</summary>
    string Source { get; }

    /// <summary>Measures it.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    /// <exception cref="RunFailedException">A run did not reach its end.</exception>
    CheckResult Run(CheckSetting setting);
}

/// <summary>How checks are run.</summary>
public sealed record CheckSetting
{
    /// <summary>Fewer widths and seeds: seconds in place of minutes.</summary>
    public bool Small { get; init; }

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What it runs on; the result has the same bits for any threads.</summary>
    public Machine Machine { get; init; } = new();

    internal int Threads => Machine.Threads;

    internal Func<int, IMatrixEngine> Engine => Machine.Engine;

    internal CancellationToken Cancellation => Machine.Cancellation;

    /// <summary>What <paramref name="measure"/> gives; runs that were asked to stop end it as a cancellation.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    internal CheckResult UntilCancelled(Func<CheckResult> measure)
    {
        try
        {
            return measure();
        }
        catch (RunFailedException) when (Cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(Cancellation);
        }
    }

    /// <summary>
    /// <paramref name="measure"/> of every width and replicate, in parallel; [i * seeds + s] is width i, replicate s.
    /// </summary>
    internal T[] Networks<T>(IReadOnlyList<int> widths, int seeds, Func<int, int, T> measure)
    {
        var results = new T[widths.Count * seeds];
        LastFirst.Run(results.Length, Threads, n => results[n] = measure(widths[n / seeds], n % seeds), Cancellation);
        return results;
    }
}
