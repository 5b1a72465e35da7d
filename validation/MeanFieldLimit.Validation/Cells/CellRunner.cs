using System.Runtime.ExceptionServices;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// Runs the cells of a plan that have not come to anything yet: those that take longest first among those whose needs
/// are done, on so many threads, beside other processes on the same folder. Results depend on none of this.
/// </summary>
internal sealed class CellRunner(Plan plan, CellStore store, CellLocks locks, RunSetting setting)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20), SaidWait = 16 * ShortestWait,
        LongestWait = TimeSpan.FromSeconds(2);
    private readonly Done done = new();
    private readonly Dictionary<Task<object>, ICell> running = [];
    private readonly HashSet<ICell> needed = [], said = [];
    private readonly CancellationTokenSource stop =
        CancellationTokenSource.CreateLinkedTokenSource(setting.Machine.Cancellation);
    private HashSet<ICell> own = [];
    private CellProgress progress = new([], (_, _) => null);
    private ICell? awaited;
    private long idleSince;
    private ExceptionDispatchInfo? error;

    /// <summary>Runs them until all cells are done, what is left is for other shares, or it is asked to stop.</summary>
    internal Done Run()
    {
        foreach (var cell in plan.Cells) Find(cell);
        own = setting.Share?.Take(plan) ?? [.. plan.Cells];
        foreach (var cell in own) Need(cell);
        progress = new(needed.Where(c => !done.IsSettled(c)), setting.Machine.Show);
        var wait = ShortestWait;
        idleSince = setting.Clock.GetTimestamp();
        try
        {
            while (stop.IsCancellationRequested ? running.Count > 0 : Begin() || running.Count > 0)
            {
                if (HasEnded(wait))
                {
                    (wait, idleSince) = (ShortestWait, setting.Clock.GetTimestamp());
                    continue;
                }
                if (running.Count == 0) Wait(isLong: wait >= SaidWait);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
        catch (Exception e)
        {
            // A file that could not be written, say: no cell goes on behind the back of who asked.
            error ??= ExceptionDispatchInfo.Capture(e);
            stop.Cancel();
            while (running.Count > 0) HasEnded(LongestWait);
        }
        error?.Throw();
        foreach (var cell in plan.Cells.Where(c => !done.IsSettled(c))) Find(cell);
        return done;

        void Need(ICell cell)
        {
            if (needed.Add(cell))
                foreach (var need in cell.Needs) Need(need);
        }
    }

    /// <summary>Begins what can be begun; whether anything of this process's own is still to do.</summary>
    private bool Begin()
    {
        awaited = null;
        // Again after every cell of another process: what needs it may come before it.
        while (true)
        {
            var (left, found) = (false, false);
            foreach (var cell in plan.Cells)
            {
                if (!needed.Contains(cell) || done.IsSettled(cell) || running.ContainsValue(cell)) continue;
                var isOwn = own.Contains(cell);
                left |= isOwn;
                if (!done.IsReady(cell)) continue;
                var name = CellStore.FileName(cell.Key);
                var isFree = isOwn && locks.Holder(name) is null;
                // The whole machine is waited for, or cells of one thread each could keep it busy for ever.
                if (running.Count >= setting.Machine.Threads || running.Values.Any(c => c.WholeMachine)
                    || (isFree && cell.WholeMachine && running.Count > 0))
                    return true;
                var isLocked = isFree && locks.TryTake(name);
                if (found = Find(cell, isLocked)) break;
                if (!isLocked)
                {
                    awaited ??= cell;
                    continue;
                }
                running.Add(Task.Factory.StartNew(() => Run(cell), CancellationToken.None,
                    TaskCreationOptions.LongRunning, TaskScheduler.Default), cell);
            }
            if (!found) return left;
        }
    }

    /// <summary>Whether a cell has come to something, by another process or before.</summary>
    private bool Find(ICell cell, bool isLocked = false)
    {
        if (store.Load(cell) is not { } result) return false;
        done.Add(cell, result);
        progress.End(cell);
        // What a process that was killed right after it has left.
        var name = CellStore.FileName(cell.Key);
        if (isLocked || (store.HasTraces(cell) && locks.TryTake(name)))
        {
            store.JournalOf(cell, setting.Checkpoint, setting.Clock).Clear();
            locks.Release(name);
        }
        return true;
    }

    private object Run(ICell cell)
    {
        try
        {
            var journal = store.JournalOf(cell, setting.Checkpoint, setting.Clock);
            progress.Begin(cell);
            var result = Work(cell, new(cell, done, setting.Machine with
            {
                Threads = cell.WholeMachine ? setting.Machine.Threads : 1,
                Show = cell.WholeMachine ? setting.Machine.Show : (_, end) => progress.Of(cell, end),
                Cancellation = stop.Token,
                Journal = journal,
            }));
            result = store.Save(cell, result);
            journal.Clear();
            return result;
        }
        finally
        {
            locks.Release(CellStore.FileName(cell.Key));
        }
    }

    internal static object Work(ICell cell, CellContext context)
    {
        object result;
        try
        {
            result = cell.Run(context);
        }
        catch (RunFailedException e)
        {
            result = new CellFailure(cell.Key, e.Result);
        }
        catch (CellFailedException e)
        {
            result = e.Failure;
        }
        return (result as CellFailure ?? (result as IMayFail)?.Failure)?.Run.Status == RunStatus.Cancelled
            ? throw new OperationCanceledException()
            : result;
    }

    /// <summary>Whether a cell of this process has ended; waits for one, but not long beside other processes.</summary>
    private bool HasEnded(TimeSpan wait)
    {
        if (running.Count == 0)
        {
            stop.Token.WaitHandle.WaitOne(wait);
            return false;
        }
        Task<object>[] tasks = [.. running.Keys];
        var ended = Task.WaitAny(tasks, awaited is null ? Timeout.InfiniteTimeSpan : wait);
        if (ended < 0) return false;
        var task = tasks[ended];
        running.Remove(task, out var cell);
        if (task.Exception?.InnerException is not { } thrown)
        {
            done.Add(cell!, task.Result);
            progress.End(cell!);
        }
        else if (error is null && !(thrown is OperationCanceledException && stop.IsCancellationRequested))
        {
            error = ExceptionDispatchInfo.Capture(thrown);
            stop.Cancel();
        }
        return true;
    }

    /// <summary>
    /// Says once for whom this process waits, where it does for long. A cell of another share that nobody holds for
    /// long is taken: its process may have been killed.
    /// </summary>
    private void Wait(bool isLong)
    {
        if (awaited is not { } cell) return;
        var holder = locks.Holder(CellStore.FileName(cell.Key));
        if (isLong && said.Add(cell)) setting.Say($"waiting for {cell.Key}, {holder ?? "of another share"}");
        if (holder is not null) idleSince = setting.Clock.GetTimestamp();
        else if (setting.Clock.GetElapsedTime(idleSince) >= CellLocks.Patience) own.Add(cell);
    }
}
