using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>The cells of a study, and what is made of their records.</summary>
public sealed class StudyPlan
{
    /// <param name="cells">The cells.</param>
    /// <param name="reduce">The answer, of all that has come to something.</param>
    /// <param name="memory">What it needs in memory, in words.</param>
    internal StudyPlan(IReadOnlyList<ICell> cells, Func<Done, StudyResult> reduce, string memory = "") =>
        (Cells, Reduce, Memory) = (cells, reduce, memory);

    internal IReadOnlyList<ICell> Cells { get; }

    internal Func<Done, StudyResult> Reduce { get; }

    /// <summary>What it needs in memory, in words.</summary>
    public string Memory { get; }

    /// <summary>To be run in a folder, <paramref name="report"/> writing what comes of it.</summary>
    public Plan With(Func<StudyResult, ReportFolder, Conclusion> report) =>
        new(Cells, (done, folder) => report(Reduce(done), folder));

    /// <summary>Runs it in memory, without a folder.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public StudyResult Run(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        using var numbers = new InvariantNumbers();
        var done = new Done();
        var alone = machine with { Threads = 1, Show = (_, _) => null };
        var left = Cells.OrderBy(c => c.Cost).ToList();
        while (left.Where(done.IsReady).ToArray() is { Length: > 0 } ready)
        {
            ICell[] single = [.. ready.Where(c => !c.WholeMachine)];
            foreach (var cell in ready.Except(single)) done.Add(cell, CellRunner.Work(cell, new(cell, done, machine)));
            LastFirst.Run(single.Length, machine.Threads, n => done.Add(single[n],
                CellRunner.Work(single[n], new(single[n], done, alone))), machine.Cancellation);
            left.RemoveAll(ready.Contains);
        }
        return Reduce(done);
    }
}
