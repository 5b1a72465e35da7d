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
        using var numbers = new InvariantNumbers();
        var done = new Done();
        var left = Cells.OrderBy(c => c.Cost).ToList();
        while (left.Where(done.IsReady).ToArray() is { Length: > 0 } ready)
        {
            ICell[] single = [.. ready.Where(c => !c.WholeMachine)];
            foreach (var cell in ready.Except(single)) done.Add(cell, CellRunner.Work(cell, new(cell, done, machine)));
            LastFirst.Run(single.Length, machine.Threads, n => done.Add(single[n],
                CellRunner.Work(single[n], new(single[n], done, machine with { Threads = 1 }))), machine.Cancellation);
            left.RemoveAll(ready.Contains);
        }
        return Reduce(done);
    }
}
