namespace MeanFieldLimit.Cli;

/// <summary>
/// Phases in lines: one when a phase is done, with the time since the run began; of long ones more after 4, 8, 16, ...
/// seconds of the phase, with what is left. A day has fifteen of those.
/// </summary>
internal sealed class PhaseLines(Action<string> write, TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(4);
    private readonly Action<string> write = write;
    private readonly TimeProvider clock = clock;
    private readonly long start = clock.GetTimestamp();

    internal IProgress<double> Add(string name, double end) => new Phase(this, name, end);

    private TimeSpan Since(long time) => clock.GetElapsedTime(time);

    private sealed class Phase(PhaseLines all, string name, double end) : IProgress<double>
    {
        private readonly long start = all.clock.GetTimestamp();
        private TimeSpan next = First;
        private bool isDone;

        public void Report(double value)
        {
            lock (all)
            {
                if (isDone) return;
                isDone = value >= end;
                var elapsed = all.Since(start);
                if (isDone) Write(name);
                else if (elapsed >= next && value > 0)
                {
                    var left = Phases.Left(elapsed, value / end);
                    Write($"{name}: {value / end:P0}" + (left.Length == 0 ? "" : $", about {left} left"));
                    while (next <= elapsed) next *= 2;
                }
            }
        }

        private void Write(string text) => all.write($"{all.Since(all.start).TotalSeconds,8:0.0} s  {text}");
    }
}
