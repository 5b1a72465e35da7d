using System.Text.Json;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class CellLocksTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly ManualClock clock = new();
    private readonly CellLocks locks;

    public CellLocksTests() => locks = new(temporary.Path, clock);

    public void Dispose()
    {
        locks.Dispose();
        temporary.Dispose();
    }

    private string File0 => Path.Combine(temporary.Path, "a.lock");

    [Fact]
    public void Of_many_only_one_takes_a_lock()
    {
        using var others = new CellLocks(temporary.Path, clock);
        for (var round = 0; round < 200; round++)
        {
            var (taken, name) = (0, $"a{round}");
            Parallel.For(0, 16, n => Interlocked.Add(ref taken, (n % 2 == 0 ? locks : others).TryTake(name) ? 1 : 0));
            Assert.Equal(1, taken);
        }
    }

    [Fact]
    public void A_lock_says_who_holds_it_and_how_long_until_it_is_given_back()
    {
        Assert.Null(locks.Holder("a"));
        Assert.True(locks.TryTake("a"));
        clock.GoOn(TimeSpan.FromSeconds(12));
        using var others = new CellLocks(temporary.Path, clock);
        Assert.False(others.TryTake("a"));
        Assert.Equal($"held by process {Environment.ProcessId} on {Environment.MachineName}, for 12 s", others.Holder("a"));
        locks.Release("a");
        Assert.Null(others.Holder("a"));
        Assert.True(others.TryTake("a"));
    }

    [Fact]
    public void That_of_a_dead_process_is_taken_over_at_once()
    {
        // The number is in use, by a process that started later.
        Write(ProcessMark.Own with { Start = ProcessMark.Own.Start - 1 });
        Assert.Null(locks.Holder("a"));
        Assert.True(locks.TryTake("a"));
        Assert.Single(Directory.GetFiles(temporary.Path));
    }

    [Fact]
    public void That_of_another_machine_is_taken_over_when_it_is_not_touched_for_long()
    {
        Write(ProcessMark.Own with { Host = "elsewhere" });
        Assert.False(locks.TryTake("a"));
        clock.GoOn(CellLocks.Patience - CellLocks.Heartbeat);
        Assert.False(locks.TryTake("a"));
        File.SetLastWriteTimeUtc(File0, DateTime.UnixEpoch);
        Assert.False(locks.TryTake("a"));
        clock.GoOn(CellLocks.Patience - CellLocks.Heartbeat);
        Assert.False(locks.TryTake("a"));
        clock.GoOn(CellLocks.Heartbeat);
        Assert.True(locks.TryTake("a"));
    }

    [Fact]
    public void That_of_a_process_killed_while_it_wrote_it_is_taken_over_when_it_is_not_touched_for_long()
    {
        File.WriteAllText(File0, "{\"Pro");
        Assert.False(locks.TryTake("a"));
        clock.GoOn(CellLocks.Patience);
        Assert.True(locks.TryTake("a"));
    }

    [Fact]
    public void Its_holder_touches_it()
    {
        locks.TryTake("a");
        var before = File.GetLastWriteTimeUtc(File0);
        clock.GoOn(CellLocks.Heartbeat);
        Assert.NotEqual(before, File.GetLastWriteTimeUtc(File0));
    }

    [Fact]
    public void One_that_was_taken_over_is_not_given_back()
    {
        locks.TryTake("a");
        Write(ProcessMark.Own with { Host = "elsewhere" });
        locks.Release("a");
        Assert.True(File.Exists(File0));
    }

    private void Write(ProcessMark holder) => File.WriteAllText(File0,
        JsonSerializer.Serialize(new { Process = holder, Since = clock.GetUtcNow() }));
}
