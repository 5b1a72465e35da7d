using System.CommandLine;
using System.Diagnostics;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Densities;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl density problem.json</c>: the limit of a two-layer network as the density of its neurons.</summary>
internal static class DensityCommand
{
    internal static Command Create()
    {
        var command = new Command("density", "Solve the limit of a two-layer network as the density of its neurons: " +
            "by particles, on a grid and by minimizing movements. Example: mfl density examples/density.json");
        Options.AddTo(command, coupling: false);
        command.SetAction(parsed => Run(Options.Read(parsed, "density")));
        return command;
    }

    private static int Run(Request request)
    {
        using var session = Session.Open(request with { Loaded = DensityStudy.Complete(request.Loaded) }, "density");
        var clock = Stopwatch.StartNew();
        try
        {
            var result = Phases.Show(request.Quiet,
                phases => DensityStudy.Run(session.Experiment, session.Bench(phases)));
            var folder = RunFolder.Prepare(session.Output, request.Force);
            StudyReport.WriteDensity(folder, session.Experiment, result, clock.Elapsed.TotalSeconds, session.Info);
            Console.WriteLine(result.Headline);
            Console.WriteLine($"report: {Path.Combine(session.Output, "report.html")}");
            return ExitCode.Done;
        }
        catch (RunFailedException e)
        {
            return session.Unfinished(RunFolder.Prepare(session.Output, request.Force), "a description of the limit",
                e.Result);
        }
        catch (InvalidOperationException e)
        {
            Console.Error.WriteLine($"mfl: {e.Message} (steps are density.step)");
            return ExitCode.Diverged;
        }
    }
}
