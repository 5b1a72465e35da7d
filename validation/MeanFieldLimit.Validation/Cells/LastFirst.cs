using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// Pieces of work on several threads, the last one first: where widths increase it is the longest, and those that
/// finish last are then short.
/// </summary>
internal static class LastFirst
{
    /// <summary>Does pieces 0..count-1 until one throws; then none is begun any more, and that is thrown.</summary>
    internal static void Run(int count, int threads, Action<int> work, CancellationToken cancellation = default)
    {
        var order = Partitioner.Create(Enumerable.Range(0, count).Reverse(), EnumerablePartitionerOptions.NoBuffering);
        try
        {
            Parallel.ForEach(order, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
