using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeanFieldLimit.Cli;

/// <summary>
/// The phases of a run as they go on: bars on a terminal, lines with times elsewhere; nothing where it should be quiet.
/// How long a phase takes is known from what it has taken: what runs cost depends on machine, load and steps.
/// </summary>
internal sealed class Phases
{
    // Names of phases have up to 27 characters, percentage and time need 17.
    private const int ColumnsWithBars = 70, BarWidth = 20;

    // Networks are drawn before their first step, and first steps are the shortest: in the first seconds of the default
    // couple it would say many times what it takes, from a tenth on at most one and a half times.
    private const double LeastPart = 0.1;
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    private readonly Func<string, double, IProgress<double>?> show;

    private Phases(Func<string, double, IProgress<double>?> show) => this.show = show;

    /// <summary>Runs <paramref name="work"/> and shows its phases.</summary>
    internal static T Show<T>(bool quiet, Func<Phases, T> work)
    {
        if (quiet) return work(new((_, _) => null));
        if (!Columns.IsTerminal) return work(new(new PhaseLines(Console.WriteLine, TimeProvider.System).Add));
        List<ProgressColumn> columns = [new TaskDescriptionColumn { Alignment = Justify.Left }];
        if (Columns.Width >= ColumnsWithBars) columns.Add(new ProgressBarColumn { Width = BarWidth });
        columns.AddRange([new PercentageColumn(), new TimeColumn()]);
        return AnsiConsole.Progress().Columns([.. columns])
            .Start(bars => work(new((name, end) => new Bar(bars.AddTask(name, maxValue: end)))));
    }

    /// <summary>Says a line, which does not get in the way of bars.</summary>
    internal static void Say(string line)
    {
        if (Columns.IsTerminal) AnsiConsole.WriteLine(line);
        else Console.WriteLine(line);
    }

    /// <summary>A phase that is done at <paramref name="end"/>. None runs backwards.</summary>
    internal IProgress<double>? Add(string name, double end) =>
        // Names of cells: depth=4/limit.
        show(name.Replace('/', ' ').Replace('=', ' '), end);

    /// <summary>
    /// "40 s", "3 min" or "2 h": the rest of what took so long up to a part of it, at the same pace; "" where that is
    /// too little to tell from.
    /// </summary>
    internal static string Left(TimeSpan elapsed, double part) =>
        !(part > 0) || (part < LeastPart && elapsed < Enough) ? ""
        : (elapsed * Math.Min((1 - part) / part, 1e6)) switch
        {
            { TotalSeconds: < 100 } rest => $"{Math.Ceiling(rest.TotalSeconds):0} s",
            { TotalMinutes: < 100 } rest => $"{rest.TotalMinutes:0} min",
            var rest => $"{rest.TotalHours:0} h",
        };

    // Unlike Progress<T> this reports on the caller's thread, in order.
    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        // Of its first report: what an earlier process did comes at once and says nothing of the pace.
        internal const string First = "first", Since = "since";

        private bool hasBegun;

        public void Report(double value)
        {
            if (!hasBegun) task.State.Update<double>(First, _ => value);
            if (!hasBegun) task.State.Update<double>(Since, _ => (task.ElapsedTime ?? TimeSpan.Zero).TotalSeconds);
            hasBegun = true;
            if (value > task.Value) task.Value = value;
            // Its clock stands still then.
            if (value >= task.MaxValue) task.StopTask();
        }
    }

    /// <summary>What is left, then what it took.</summary>
    private sealed class TimeColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override int? GetColumnWidth(RenderOptions options) => 11;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var (elapsed, first) = (task.ElapsedTime ?? TimeSpan.Zero, task.State.Get<double>(Bar.First));
            return new Text(task.IsFinished ? $"{elapsed.TotalSeconds:0.0} s"
                : Left(elapsed - TimeSpan.FromSeconds(task.State.Get<double>(Bar.Since)), (task.Value - first)
                    / (task.MaxValue - first)) is { Length: > 0 } left ? $"{left} left" : "");
        }
    }
}
