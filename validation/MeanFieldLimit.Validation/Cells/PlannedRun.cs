namespace MeanFieldLimit.Validation.Cells;

/// <summary>On what a plan is run, and where; results have the same bits for any of it but the engine.</summary>
public sealed record RunSetting
{
    /// <summary>The folder that was named; null for a new one.</summary>
    public string? Output { get; init; }

    /// <summary>The new one, or with the first number after it that makes it free.</summary>
    public required string DefaultFolder { get; init; }

    /// <summary>Whether the run takes the place of another one in the folder.</summary>
    public bool Force { get; init; }

    /// <summary>What it is run on: so many cells at a time as it has threads, or one that takes all of them.</summary>
    public Machine Machine { get; init; } = new();

    /// <summary>Called with the folder when it is the run's, before any work.</summary>
    public Action<string> Opened { get; init; } = _ => { };

    /// <summary>Told, in a line, what a reader should know while it runs.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Least time between two checkpoints of a cell.</summary>
    public TimeSpan Checkpoint { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The part of the plan that this process does; null for all that no other process does.</summary>
    public Share? Share { get; init; }

    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>What a run has come to.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Conclusion">What it has concluded; null while cells are missing.</param>
/// <param name="IsNew">Whether this call has written the report.</param>
/// <param name="Cells">How many cells it has.</param>
/// <param name="Missing">Cells that have not come to anything.</param>
/// <param name="Failures">Cells that did not reach their end, in the order of the plan.</param>
public sealed record RunOutcome(string Folder, Conclusion? Conclusion, bool IsNew, int Cells, int Missing,
    IReadOnlyList<CellFailure> Failures);

/// <summary>A plan run in a folder: does what is missing there, and nothing else.</summary>
public static class PlannedRun
{
    private const string ReportLock = ".report";

    /// <summary>
    /// Opens the folder, runs the cells that are missing, and where all are done writes the report. Asked to stop, it
    /// keeps what there is; a report that was begun is finished.
    /// </summary>
    /// <exception cref="RunFolderException">The folder is refused; nothing was computed.</exception>
    public static RunOutcome Run(RunRecord record, Plan plan, RunSetting setting)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(setting);
        using var numbers = new InvariantNumbers();
        // Processes with shares must meet in one folder without asking each other: that of the run's own name.
        var output = setting.Output ?? (setting.Share is null ? null : $"{setting.DefaultFolder}-{record.Hash}");
        var run = output is null ? OpenRun.New(setting.DefaultFolder, record, plan)
            : OpenRun.At(output, record, plan, setting.Force);
        setting.Opened(run.Folder);
        using var locks = new CellLocks(run.Cells, setting.Clock);
        var done = new CellRunner(plan, new(run.Cells, setting.Say), locks, setting).Run();
        var missing = plan.Cells.Count(c => !done.IsSettled(c));
        var failures = plan.Cells.Where(done.Has).Select(done.Failure).OfType<CellFailure>();
        var (conclusion, isNew) = missing > 0 ? (null, false) : Conclude();
        return new(output ?? Path.GetRelativePath(".", run.Folder), conclusion, isNew, plan.Cells.Count, missing,
            [.. failures]);

        (Conclusion?, bool) Conclude()
        {
            while (!setting.Machine.Cancellation.IsCancellationRequested)
            {
                if (run.Conclusion is { } known) return (known, false);
                if (!locks.TryTake(ReportLock))
                    setting.Machine.Cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
                else if (run.Conclusion is null)
                    return (run.Conclude(plan.Reduce, done), true);
            }
            return (null, false);
        }
    }

    /// <summary>The command line that goes on with the run of a folder.</summary>
    /// <exception cref="RunFolderException">The folder has no run.</exception>
    public static IReadOnlyList<string> Resume(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var (record, cells) = OpenRun.Resumable(folder);
        return [.. record.Arguments.Select(a => a == RunRecord.ProblemFile ? Path.Combine(cells, "problem.json") : a),
            "--out", folder];
    }
}
