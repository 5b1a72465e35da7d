namespace MeanFieldLimit.Cli;

/// <summary>
/// Phases in lines: one when a phase is done, with the time since the run began; of long ones more after 4, 8, 16, ...
/// seconds of the phase, with what is left. A day has fifteen of those.
/// </summary>
internal sealed class PhaseLines(Action<string> write, TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(4);
    private readonly long start = clock.GetTimestamp();

    private TimeSpan Elapsed => clock.GetElapsedTime(start);

    internal IProgress<double> Add(string name, double end) => new Phase(this, name, end);

    private void Write(string text) => write($"{Elapsed.TotalSeconds,8:0.0} s  {text}");

    private sealed class Phase(PhaseLines all, string name, double end) : IProgress<double>
    {
        private readonly TimeSpan start = all.Elapsed;
        private TimeSpan next = First;
        private (TimeSpan At, double Value)? begun;
        private bool isDone;

        public void Report(double value)
        {
            lock (all)
            {
                if (isDone) return;
                isDone = value >= end;
                var elapsed = all.Elapsed - start;
                // What an earlier process did, before it was stopped, comes at once and says nothing of the pace.
                var (at, first) = begun ??= (elapsed, value);
                if (isDone) all.Write(name);
                else if (elapsed >= next && value > 0)
                {
                    var left = Phases.Left(elapsed - at, (value - first) / (end - first));
                    all.Write($"{name}: {value / end:P0}" + (left.Length == 0 ? "" : $", about {left} left"));
                    while (next <= elapsed) next *= 2;
                }
            }
        }
    }
}
