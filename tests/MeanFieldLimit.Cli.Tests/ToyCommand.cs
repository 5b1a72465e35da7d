using System.CommandLine;
using System.Diagnostics;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// <c>mfl toy</c>, which processes of tests have: a limit and networks that are a few logistic maps, with pieces and
/// checkpoints as those of long runs. Everything that it does is an event; at event MFL_TOY_AT it does what MFL_TOY says:
/// kill itself, wait until it is asked to stop, or wait for ever.
/// </summary>
internal static class ToyCommand
{
    private const int Steps = 6, LargeReport = 1_000_000;
    private static readonly string? At = Environment.GetEnvironmentVariable("MFL_TOY_AT");
    private static readonly Option<double> Rate = new("--rate") { DefaultValueFactory = _ => 3.9 };
    private static readonly Option<bool> Diverge = new("--diverge");
    private static readonly Option<string> Name = new("--name") { DefaultValueFactory = _ => "toy" };
    private static int events;
    private static CancellationToken cancellation;

    /// <summary>How many events a whole run has: 2 pieces and 6 steps of the limit and of each of 9 networks, and 3 of
    /// the report.</summary>
    internal const int Events = 10 * (2 + Steps) + 3;

    internal static Command Create()
    {
        var command = new Command("toy", "For tests.") { Rate, Diverge, Name };
        Options.AddCommonTo(command);
        command.SetAction(parsed =>
        {
            var (rate, diverge, name) = (parsed.GetValue(Rate), parsed.GetValue(Diverge), parsed.GetValue(Name)!);
            var text = rate.ToString("R", CultureInfo.InvariantCulture);
            var record = new RunRecord("toy", "1", new Dictionary<string, string> { ["name"] = name },
                $$"""{ "toy": { "rate": {{text}}, "diverge": {{(diverge ? "true" : "false")}} } }""",
                ["toy", "--rate", text, "--name", name, .. diverge ? ["--diverge"] : Array.Empty<string>()]);
            return PlannedCommand.Run(record, PlanOf(name, rate, diverge), Options.SettingOf(parsed, name),
                parsed.GetValue(Options.Quiet));
        });
        return command;
    }

    internal sealed record State(double[] Values, double Sum);

    private static Plan PlanOf(string name, double rate, bool diverge)
    {
        var limit = new Cell<State>("limit", 20, [], c => Work(c, rate, 0.5)) { WholeMachine = true };
        Cell<State>[] networks = [.. new[] { 5, 10, 20 }.SelectMany(width => Enumerable.Range(0, 3).Select(replicate =>
            new Cell<State>($"network/width={width}/replicate={replicate}", width, [limit], c =>
            {
                var start = c.Get(limit).Values[0] / (1 + width + replicate);
                return diverge && (width, replicate) == (10, 1)
                    ? throw new RunFailedException(new()
                    {
                        Status = RunStatus.NonFinite,
                        Time = 0.25,
                        State = [start, double.NaN],
                        Steps = 7,
                        Refused = 0,
                        NonFiniteIndex = 1,
                    })
                    : Work(c, rate, start);
            })))];
        return new([limit, .. networks], (done, folder) =>
        {
            Event(default);
            folder.WriteText($"{name}.csv", w =>
            {
                foreach (var cell in networks)
                    w.WriteLine($"{cell.Key},{(done.Failure(cell)?.What ?? $"{done.Get(cell).Sum:R}")}");
            });
            Event(default);
            folder.WriteText("figures/limit.txt", w => w.Write(done.Failure(limit)?.What ?? $"{done.Get(limit).Sum:R}"));
            Event(default);
            folder.WriteText("report.html", w => w.Write(new string('-', LargeReport)));
            return new("the toy is done");
        });
    }

    private static State Work(CellContext context, double rate, double start)
    {
        var first = context.Machine.Journal.Once("first", () =>
        {
            Event(context);
            return start * 0.9;
        });
        var (step, x, sum) = (0, first, 0.0);
        void Save(Stream stream)
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write(step);
            writer.Write(x);
            writer.Write(sum);
        }
        context.Machine.Journal.TryRestore("run", (stream, _) =>
        {
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            (step, x, sum) = (reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
        });
        while (step < Steps)
        {
            (step, x, sum) = (step + 1, rate * x * (1 - x), sum + x);
            Event(context);
            if (context.Machine.Cancellation.IsCancellationRequested)
            {
                context.Machine.Journal.CheckpointNow("run", Save);
                context.Machine.Cancellation.ThrowIfCancellationRequested();
            }
            context.Machine.Journal.Checkpoint("run", Save);
        }
        return new([x, double.NegativeZero, double.NaN], context.Machine.Journal.Once("sum", () =>
        {
            Event(context);
            return sum;
        }));
    }

    private static void Event(CellContext? context)
    {
        // While the report is written there is no context: a cell had the same.
        if (context is not null) cancellation = context.Machine.Cancellation;
        if (At is null || Interlocked.Increment(ref events) != int.Parse(At, CultureInfo.InvariantCulture)) return;
        switch (Environment.GetEnvironmentVariable("MFL_TOY"))
        {
            case "die":
                Process.GetCurrentProcess().Kill();
                break;
            case "wait":
                Console.WriteLine("at the event");
                // Until it is asked to stop or, while the report is written, told to go on.
                while (!cancellation.WaitHandle.WaitOne(10) && (context is not null || !File.Exists("go on"))) { }
                break;
            case "deaf":
                Console.WriteLine("at the event");
                Thread.Sleep(Timeout.Infinite);
                break;
        }
    }
}
