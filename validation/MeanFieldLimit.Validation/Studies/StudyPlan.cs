using System.Collections.Concurrent;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>The cells of a study, and what is made of their records.</summary>
/// <param name="Cells">The cells.</param>
/// <param name="Reduce">The answer, of all that has come to something.</param>
public sealed record StudyPlan(IReadOnlyList<ICell> Cells, Func<Done, StudyResult> Reduce)
{
    /// <summary>What it needs in memory, in words.</summary>
    public string Memory { get; init; } = "";

    /// <summary>Runs it in memory, without a folder.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public StudyResult Run(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var done = new Done();
        var left = Cells.OrderByDescending(c => c.Cost).ToList();
        while (left.Where(done.IsReady).ToArray() is { Length: > 0 } ready)
        {
            var (whole, single) = (ready.Where(c => c.WholeMachine), ready.Where(c => !c.WholeMachine));
            foreach (var cell in whole) done.Add(cell, CellRunner.Work(cell, new(cell, done, machine)));
            Parallel.ForEach(Partitioner.Create(single, EnumerablePartitionerOptions.NoBuffering),
                new() { MaxDegreeOfParallelism = machine.Threads, CancellationToken = machine.Cancellation },
                cell => done.Add(cell, CellRunner.Work(cell, new(cell, done, machine with { Threads = 1 }))));
            left.RemoveAll(ready.Contains);
        }
        return Reduce(done);
    }
}
