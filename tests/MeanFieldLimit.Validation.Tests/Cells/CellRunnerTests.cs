using System.Collections.Concurrent;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class CellRunnerTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly ManualClock clock = new();
    private readonly ConcurrentQueue<string> begun = new();
    private readonly ConcurrentQueue<string> said = new();

    public void Dispose() => temporary.Dispose();

    internal sealed record Number(double Value, CellFailure? Failure = null) : IMayFail;

    private Cell<Number> CellOf(string key, double cost, Func<CellContext, Number>? work, params ICell[] needs) =>
        new(key, cost, needs, context =>
        {
            begun.Enqueue(key);
            return work?.Invoke(context) ?? new(cost);
        });

    private Done Run(IReadOnlyList<ICell> cells, int threads = 1, Share? share = null,
        CancellationToken cancellation = default)
    {
        using var locks = new CellLocks(temporary.Path, clock);
        return new CellRunner(new(cells, (_, _) => new("")), new(temporary.Path, said.Enqueue), locks, new()
        {
            DefaultFolder = "",
            Machine = new() { Threads = threads, Cancellation = cancellation },
            Share = share,
            Say = said.Enqueue,
            Clock = clock,
        }).Run();
    }

    [Fact]
    public void The_longest_whose_needs_are_done_comes_first()
    {
        var a = CellOf("a", 1, null);
        Cell<Number>[] cells = [CellOf("c", 5, null, a), CellOf("b", 2, null), a, CellOf("b2", 2, null)];
        var done = Run(cells);
        Assert.Equal(["b", "b2", "a", "c"], begun);
        Assert.Equal(5, done.Get(cells[0]).Value);
    }

    [Fact]
    public void What_is_done_is_not_done_again_and_gone_when_deleted()
    {
        var a = CellOf("a", 1, null);
        var b = CellOf("b", 2, c => new(c.Get(a).Value + 1), a);
        Run([a, b]);
        Assert.Equal(2, Run([a, b]).Get(b).Value);
        Assert.Equal(["a", "b"], begun);
        File.Delete(Path.Combine(temporary.Path, "b.cell"));
        Assert.Equal(2, Run([a, b]).Get(b).Value);
        Assert.Equal(["a", "b", "b"], begun);
        Assert.Equal(["a.cell", "b.cell"], Directory.GetFileSystemEntries(temporary.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void So_many_run_at_a_time_as_there_are_threads_and_one_that_takes_the_machine_runs_alone()
    {
        using var barrier = new Barrier(3);
        var (now, most) = (0, 0);
        Number Count(Action inside)
        {
            var count = Interlocked.Increment(ref now);
            most = Math.Max(most, count);
            inside();
            Interlocked.Decrement(ref now);
            return new(count);
        }
        // Those three meet, or the test does not end.
        var cells = Enumerable.Range(0, 3)
            .Select(n => CellOf($"{n}", 9, _ => Count(() => barrier.SignalAndWait()))).ToList();
        var whole = new Cell<Number>("whole", 5, [], c => Count(() => Assert.Equal(3, c.Machine.Threads))) { WholeMachine = true };
        var after = CellOf("after", 1, c => Count(() => Assert.Equal(1, c.Machine.Threads)));
        var done = Run([after, whole, .. cells], threads: 3);
        Assert.Equal(3, most);
        Assert.Equal((1, 1), (done.Get(whole).Value, done.Get(after).Value));
    }

    [Fact]
    public void A_failure_ends_what_needs_it_and_nothing_else_and_is_kept()
    {
        var run = new RunResult { Status = RunStatus.NonFinite, Time = 2, State = [1], Steps = 3, Refused = 0 };
        var bad = CellOf("bad", 9, _ => throw new RunFailedException(run));
        var partial = CellOf("partial", 8, _ => new(1, new("partial", run)));
        var child = CellOf("child", 7, null, bad);
        var grandchild = CellOf("grandchild", 6, null, child);
        var good = CellOf("good", 1, null);
        for (var n = 0; n < 2; n++)
        {
            var done = Run([bad, partial, child, grandchild, good]);
            Assert.Equal(["bad", "partial", "good"], begun);
            foreach (var cell in new[] { bad, child, grandchild })
                Assert.Equal(("bad", 2), (done.Failure(cell)!.What, done.Failure(cell)!.Run.Time));
            Assert.Equal((1, "partial"), (done.Get(partial).Value, done.Failure(partial)!.What));
            Assert.Null(done.Failure(good));
            Assert.Throws<InvalidOperationException>(() => done.Get(child));
        }
    }

    [Fact]
    public void Any_other_exception_ends_the_run_once_the_others_have_stopped()
    {
        using var barrier = new Barrier(2);
        var stopped = false;
        var bad = CellOf("bad", 9, _ =>
        {
            barrier.SignalAndWait();
            throw new InvalidDataException("mine");
        });
        var other = CellOf("other", 8, c =>
        {
            barrier.SignalAndWait();
            c.Machine.Cancellation.WaitHandle.WaitOne();
            stopped = true;
            throw new OperationCanceledException();
        });
        Assert.Equal("mine", Assert.Throws<InvalidDataException>(() => Run([bad, other, CellOf("never", 1, null)], 2)).Message);
        Assert.True(stopped);
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));
        Assert.DoesNotContain("never", begun);
    }

    [Fact]
    public void What_cannot_be_written_ends_the_run_once_the_others_have_stopped()
    {
        var stopped = false;
        var other = CellOf("other", 9, c =>
        {
            c.Machine.Cancellation.WaitHandle.WaitOne();
            stopped = true;
            throw new OperationCanceledException();
        });
        Directory.CreateDirectory(Path.Combine(temporary.Path, "bad.lock"));
        Assert.Throws<UnauthorizedAccessException>(() => Run([other, CellOf("bad", 8, null)], threads: 2));
        Assert.True(stopped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Asked_to_stop_it_keeps_what_is_finished_and_the_journal_of_the_rest(bool asFailedRun)
    {
        using var source = new CancellationTokenSource();
        var a = CellOf("a", 9, null);
        var b = CellOf("b", 8, c =>
        {
            source.Cancel();
            c.Machine.Journal.CheckpointNow("run", s => s.WriteByte(7));
            throw asFailedRun ? new RunFailedException(new() { Status = RunStatus.Cancelled, Time = 0, State = [], Steps = 0, Refused = 0 })
                : new OperationCanceledException(c.Machine.Cancellation);
        });
        var done = Run([a, b, CellOf("c", 1, null)], cancellation: source.Token);
        Assert.True(done.Has(a) && !done.IsSettled(b));
        var restored = 0;
        var again = CellOf("b", 8, c => c.Machine.Journal.TryRestore("run", (s, _) => restored = s.ReadByte()) ? new(8) : new(0));
        Assert.Equal(8, Run([a, again]).Get(again).Value);
        Assert.Equal(7, restored);
        Assert.Equal(["a", "b", "b"], begun);
    }

    [Fact]
    public void A_need_that_is_not_named_is_not_read()
    {
        var a = CellOf("a", 9, null);
        var b = CellOf("b", 1, c => c.Get(a));
        Assert.Contains("b must name a among its needs", Assert.Throws<InvalidOperationException>(() => Run([a, b])).Message);
    }

    [Fact]
    public async Task A_share_waits_for_a_cell_of_another_one_and_takes_it_when_nobody_comes_for_it()
    {
        var limit = CellOf("limit", 9, null);
        var mine = CellOf("mine", 8, c => new(c.Get(limit).Value), limit);
        var free = CellOf("free", 1, null);
        Assert.Equal([mine, free], new Share(2, 2).Take(new([limit, mine, free], (_, _) => new(""))));
        var run = Task.Run(() => Run([limit, mine, free], share: new(2, 2)));
        while (said.IsEmpty) await Task.Yield();
        Assert.Equal("waiting for limit, of another share", Assert.Single(said));
        Assert.Equal(["free"], begun);
        clock.GoOn(CellLocks.Patience);
        var done = await run;
        Assert.Equal(9, done.Get(mine).Value);
        Assert.Equal(["free", "limit", "mine"], begun);
    }

    [Fact]
    public void A_plan_refuses_cells_that_files_could_not_tell_apart_and_needs_that_are_not_in_it()
    {
        void Refused(string fragment, params ICell[] cells) => Assert.Contains(fragment,
            Assert.Throws<ArgumentException>(() => new Plan(cells, (_, _) => new(""))).Message);
        Refused("got 'A' twice", CellOf("a", 1, null), CellOf("A", 1, null));
        Refused("b needs a, which must be in the plan", CellOf("b", 1, null, CellOf("a", 1, null)));
        Refused("got -1", CellOf("a", -1, null));
        Refused("got NaN", CellOf("a", double.NaN, null));
        Refused("got '.a'", CellOf(".a", 1, null));
        Refused("got ''", CellOf("", 1, null));
        Refused("a name of 1 to 200 characters", CellOf(new('a', 201), 1, null));
    }
}
