using System.CommandLine;
using System.Globalization;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl solve [problem.json]</c>: the limit alone.</summary>
internal static class SolveCommand
{
    internal static Command Create()
    {
        var command = new Command("solve",
            "Solve the infinite-width limit of a problem. Example: mfl solve problem.json --out runs/limit");
        Options.AddTo(command, []);
        command.SetAction(parsed => Run(Options.Read(parsed)));
        return command;
    }

    private static int Run(Request request)
    {
        using var session = Session.Open(request, "solve");
        session.StateMemory(networks: false);
        var solution = Phases.Show(request.Quiet,
            phases => session.Bench(phases).Solve(session.Model, "limit"));
        var folder = RunFolder.Prepare(session.Output, request.Force);
        SolveReport.Write(folder, solution.Model, solution, session.Info);
        if (!solution.Limit.Run.Succeeded)
            return session.Unfinished(folder, "the limit", solution.Limit);
        if (session.Cancellation.IsCancellationRequested) return session.InterruptedLater(solution);
        Console.WriteLine(Summary(solution));
        Console.WriteLine($"report: {Path.Combine(session.Output, "report.html")}");
        return Done(solution);
    }

    /// <summary>Done, or done without the accuracy that was asked for.</summary>
    internal static int Done(LimitSolution solution) =>
        solution.Certificate is { Reached: false } ? ExitCode.NotReached : ExitCode.Done;

    /// <summary>
    /// The limit in one line, and one more where an accuracy was asked for: risk, error, nodes, steps, time.
    /// </summary>
    internal static string Summary(LimitSolution solution)
    {
        var (run, last) = (solution.Limit.Run, solution.Trajectory.Train[^1]);
        var rate = double.IsNaN(last.ErrorRate) ? "" : $", error rate {last.ErrorRate:P1}";
        return string.Create(CultureInfo.InvariantCulture,
            $"limit: risk {last.Risk:G6}{rate} at t = {run.Time:G6}, {Error(solution.Error)}; " +
            $"{string.Join(" x ", solution.Nodes)} nodes, {run.Steps} steps, {solution.SolveSeconds:G2} s; " +
            $"{run.Account}") +
            (solution.Ending is { } until ? $"{Environment.NewLine}{until}" : "") +
            (solution.Certificate is { } certificate ? $"{Environment.NewLine}{certificate.Text}" : "");
    }

    private static string Error(ErrorEstimate error) => double.IsNaN(error.Total)
        ? "the error of its predictions is not known (no comparison run could be made to the end)"
        : string.Create(CultureInfo.InvariantCulture, $"predictions to {error.Total:G2} (types {error.Types:G2}, " +
            $"time {error.Time:G2}, data {error.Data:G2})");
}
