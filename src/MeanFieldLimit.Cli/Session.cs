using System.Reflection;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using Spectre.Console;

namespace MeanFieldLimit.Cli;

/// <summary>
/// One run of the program: everything that can be refused is refused when it is opened, before any computing and
/// before a folder exists.
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly Interruption interruption = new();

    private Session(Request request, Model model, string output)
    {
        (Request, Model, Output) = (request, model, output);
        EngineName = request.Engine(request.Threads).Name;
    }

    internal Request Request { get; }

    internal Model Model { get; }

    /// <summary>The folder that the run will write.</summary>
    internal string Output { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    internal CancellationToken Cancellation => interruption.Token;

    internal RunInfo Info => new(EngineName, Request.Threads, Version);

    private string EngineName { get; }

    internal static string Version =>
        typeof(Session).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal static Session Open(Request request, string command)
    {
        var output = request.Output
            ?? FreeFolder(Path.Combine("runs", $"{FileName(request.Loaded.Problem.Name)}-{command}"));
        RunFolder.Check(output, request.Force);
        return new(request, Model.Build(request.Loaded, request.DataFolder), output);
    }

    /// <summary>
    /// Networks trained at a time, or families of one seed with the limit that carries their tracers.
    /// </summary>
    internal int NetworksAtOnce => (int)Math.Min(Request.Threads, Model.Tracers > 0
        ? Model.Problem.Couple.Seeds
        : (long)Model.Problem.Couple.Widths.Count * Model.Problem.Couple.Seeds);

    /// <summary>States what the run needs in memory, before it starts.</summary>
    internal void StateMemory(bool networks)
    {
        if (Request.Quiet) return;
        var text = $"memory: limit {MemoryPlan.Limit(Model) / 1e6:N0} MB";
        if (networks)
        {
            var couple = Model.Problem.Couple;
            var atOnce = NetworksAtOnce;
            text += $", then {atOnce} x {MemoryPlan.Networks(Model, couple.Widths.Count) / 1e6:N0} MB for " +
                (Model.Tracers > 0 ? "the networks of a seed and their tracers"
                    : $"networks of width {couple.Widths[^1]}");
        }
        AnsiConsole.WriteLine(text);
    }

    /// <inheritdoc cref="StateMemory(bool)"/>
    internal void StateMemory(double bytes)
    {
        if (!Request.Quiet) AnsiConsole.WriteLine($"memory: up to {bytes / 1e6:N0} MB");
    }

    /// <summary>What the run computes on; <paramref name="phases"/> show it.</summary>
    internal Workbench Bench(Phases phases) => new()
    {
        Threads = Request.Threads,
        Engine = Request.Engine,
        Show = phases.Add,
        Cancellation = Cancellation,
    };

    /// <summary>
    /// Saves the last good state of a run that did not reach its end, says so, and returns the exit code.
    /// </summary>
    internal int Unfinished(RunFolder folder, string what, Trained trained) =>
        Unfinished(folder, what, trained.Run, trained.DivergedLayer > 0 ? $" in layer {trained.DivergedLayer}" : "",
            "W_1, b_1, ..., W_L, b_L at that time) and what was recorded before");

    /// <summary>The same of one run of several, of which nothing else is kept.</summary>
    internal int Unfinished(RunFolder folder, RunResult run) =>
        Unfinished(folder, "a network or limit", run, "", "its state at that time)");

    private int Unfinished(RunFolder folder, string what, RunResult run, string where, string kept)
    {
        const string name = "last-state.npy";
        folder.Write(name, stream => NumPyArray.Write(stream, run.State));
        Console.Error.WriteLine("mfl: " + FailureText.Of(what, run, where,
            $"saved: {Path.Combine(Output, name)} ({kept}"));
        return run.Status == RunStatus.Cancelled ? ExitCode.Interrupted : ExitCode.Diverged;
    }

    /// <summary>
    /// Says that the limit is solved but what should follow it was interrupted; returns the exit code.
    /// </summary>
    internal int InterruptedLater(LimitSolution solution)
    {
        Console.Error.WriteLine($"mfl: interrupted: the limit was solved to t = {solution.Limit.Run.Time:G6}, " +
            $"{(double.IsNaN(solution.Error.Total) ? "its error not estimated" : "no network trained")}; " +
            $"saved: {Output}");
        return ExitCode.Interrupted;
    }

    public void Dispose() => interruption.Dispose();

    private static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));

    /// <summary>The path, or with the first number after it that makes it free.</summary>
    internal static string FreeFolder(string path)
    {
        var free = path;
        for (var n = 2; Path.Exists(free); n++) free = $"{path}-{n}";
        return free;
    }
}
