using System.CommandLine;
using System.Diagnostics;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Chaos;
using MeanFieldLimit.Validation.Reports;
using Spectre.Console;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl chaos problem.json</c>: SGD as a diffusion, and the propagation of its chaos.</summary>
internal static class ChaosCommand
{
    internal static Command Create()
    {
        var command = new Command("chaos", "Couple the neurons of two-layer networks under SGD, as a diffusion, to " +
            "independent copies of the limit process. Example: mfl chaos examples/chaos.json");
        Options.AddTo(command, coupling: true);
        command.SetAction(parsed => Run(Options.Read(parsed, "chaos")));
        return command;
    }

    private static int Run(Request request)
    {
        using var session = Session.Open(request, "chaos");
        ChaosStudy.Check(session.Experiment, request.Threads);
        if (!request.Quiet)
            AnsiConsole.WriteLine($"memory: up to {ChaosStudy.Bytes(session.Experiment, request.Threads) / 1e6:N0} MB");
        var clock = Stopwatch.StartNew();
        try
        {
            var result = Phases.Show(request.Quiet,
                phases => ChaosStudy.Run(session.Experiment, session.Bench(phases)));
            var folder = RunFolder.Prepare(session.Output, request.Force);
            StudyReport.WriteChaos(folder, session.Experiment, result, clock.Elapsed.TotalSeconds, session.Info);
            Console.WriteLine(result.Headline);
            Console.WriteLine($"report: {Path.Combine(session.Output, "report.html")}");
            return ExitCode.Done;
        }
        catch (RunFailedException e)
        {
            return session.Unfinished(RunFolder.Prepare(session.Output, request.Force), "a network or limit", e.Result);
        }
    }
}
