namespace MeanFieldLimit.Validation.Tests.Cells;

/// <summary>A clock that goes on when it is told to; its timers ring then.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<Timer> timers = [];
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(60).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (timers) timers.Add(timer);
        return timer;
    }

    internal void GoOn(TimeSpan time)
    {
        Interlocked.Add(ref ticks, time.Ticks);
        Timer[] all;
        lock (timers) all = [.. timers];
        foreach (var timer in all) timer.Ring();
    }

    private sealed class Timer(ManualClock clock, Action ring) : ITimer
    {
        internal void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock.timers) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
