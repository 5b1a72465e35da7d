using MeanFieldLimit.Experiments;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Reports;
using Spectre.Console;

namespace MeanFieldLimit.Cli;

/// <summary>
/// One run of the program: everything that can be refused is refused when it is opened, before any computing and
/// before a folder exists.
/// </summary>
internal sealed class Session : IDisposable
{
    private const int Replacements = 10_000;
    private readonly CancellationTokenSource stop = new();

    private Session(Request request, Experiment experiment, string output)
    {
        (Request, Experiment, Output) = (request, experiment, output);
        Console.CancelKeyPress += Stop;
    }

    internal Request Request { get; }

    internal Experiment Experiment { get; }

    /// <summary>The folder that the run will write.</summary>
    internal string Output { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    internal CancellationToken Cancellation => stop.Token;

    internal RunInfo Info => new(Request.Engine(Request.Threads).Name, Request.Threads, Version);

    internal static string Version => typeof(Session).Assembly.GetName().Version!.ToString(3);

    internal static Session Open(Request request, string command)
    {
        var output = request.Output ?? FreeFolder(Path.Combine("runs", $"{request.Loaded.Problem.Name}-{command}"));
        RunFolder.Check(output, request.Force);
        return new(request, Experiment.Build(request.Loaded, request.DataFolder), output);
    }

    /// <summary>States what the run needs in memory, before it starts.</summary>
    internal void StateMemory(bool networks)
    {
        if (Request.Quiet) return;
        var text = $"memory: limit {MemoryPlan.Limit(Experiment) / 1e6:N0} MB";
        if (networks)
        {
            var couple = Experiment.Problem.Couple;
            var atOnce = Math.Min(Request.Threads, couple.Seeds);
            text += $", then {atOnce} x {MemoryPlan.Network(Experiment, couple.Widths[^1]) / 1e6:N0} MB for networks of width {couple.Widths[^1]}";
        }
        AnsiConsole.WriteLine(text);
    }

    /// <summary>Solves the limit; <paramref name="phases"/> shows it.</summary>
    internal LimitSolution SolveLimit(Phases phases)
    {
        var end = Experiment.SaveTimes[^1];
        return new LimitSolver(Experiment, Request.Engine(Request.Threads))
        {
            Progress = phases.Add("limit", end),
            ErrorProgress = phases.Add("its error", end),
            Cancellation = Cancellation,
        }.Solve();
    }

    /// <summary>Saves the last good state of a run that did not reach its end, says so, and returns the exit code.</summary>
    internal int Unfinished(RunFolder folder, string what, Trained trained)
    {
        const string name = "last-state.npy";
        folder.Write(name, stream => NumPyArray.Write(stream, trained.Run.State));
        var where = trained.DivergedLayer > 0 ? $" in layer {trained.DivergedLayer}" : "";
        var saved = $"saved: {Path.Combine(Output, name)} (W_1, b_1, ..., W_L, b_L at that time) and what was recorded before";
        if (trained.Run.Status == RunStatus.Cancelled)
        {
            Console.Error.WriteLine($"mfl: interrupted: {what} was at t = {trained.Run.Time:G6}; {saved}");
            return ExitCode.Interrupted;
        }
        Console.Error.WriteLine($"mfl: {what} diverged{where} after t = {trained.Run.Time:G6} ({trained.Run.Status}); {saved}; " +
            "use a shorter step or time, or smaller initial weights");
        return ExitCode.Diverged;
    }

    public void Dispose()
    {
        Console.CancelKeyPress -= Stop;
        stop.Dispose();
    }

    private void Stop(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true;    // the run ends by itself after its current step, and saves what it has
        stop.Cancel();
    }

    private static string FreeFolder(string path) => Enumerable.Range(1, Replacements)
        .Select(n => n == 1 ? path : $"{path}-{n}")
        .First(p => !Directory.Exists(p));
}
