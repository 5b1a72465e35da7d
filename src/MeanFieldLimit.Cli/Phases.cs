using Spectre.Console;

namespace MeanFieldLimit.Cli;

/// <summary>The phases of a run as progress bars; nothing is shown when it should be quiet.</summary>
internal sealed class Phases
{
    private readonly ProgressContext? bars;

    private Phases(ProgressContext? bars) => this.bars = bars;

    /// <summary>Runs <paramref name="work"/> with progress bars, or without.</summary>
    internal static T Show<T>(bool quiet, Func<Phases, T> work) => quiet
        ? work(new(null))
        : AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new ElapsedTimeColumn(), new RemainingTimeColumn())
            .Start(bars => work(new(bars)));

    /// <summary>A bar that is full at <paramref name="end"/>. Bars do not run backwards.</summary>
    internal IProgress<double>? Add(string name, double end) =>
        bars is null ? null : new Bar(bars.AddTask(name, maxValue: end));

    // Unlike Progress<T> this reports on the caller's thread, in order.
    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value)
        {
            if (value > task.Value) task.Value = value;
            // Its clock stands still then.
            if (value >= task.MaxValue) task.StopTask();
        }
    }
}
