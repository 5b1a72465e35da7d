using System.CommandLine;
using System.Globalization;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Coupling;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using Spectre.Console;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl couple [problem.json]</c>: finite networks beside the limit, and the rate of their gap.</summary>
internal static class CoupleCommand
{
    internal static Command Create()
    {
        var command = new Command("couple", "Couple finite networks to the limit and fit the rate of their gap. " +
            "Example: mfl couple problem.json --widths 50,100,200 --seeds 8");
        Options.AddTo(command, Options.Widths, Options.Seeds, Options.Tracers, Options.Study);
        command.SetAction(parsed =>
        {
            var request = Options.Read(parsed);
            return request.Study == Options.Width ? Run(request)
                : StudyRun.Run(request, Catalogue.Find<IStudy>(request.Study));
        });
        return command;
    }

    private static int Run(Request request)
    {
        using var session = Session.Open(request, "couple");
        MemoryPlan.CheckNetworks(session.Model, session.NetworksAtOnce);
        session.StateMemory(networks: true);
        var (solution, result) = Phases.Show(request.Quiet, phases =>
        {
            var bench = session.Bench(phases);
            var solved = bench.Solve(session.Model, "limit");
            return !solved.Limit.Run.Succeeded || session.Cancellation.IsCancellationRequested
                ? (solved, (CouplingResult?)null)
                : (solved, bench.Couple(solved, "networks"));
        });

        var folder = RunFolder.Prepare(session.Output, request.Force);
        if (result is null)
        {
            SolveReport.Write(folder, solution.Model, solution, session.Info);
            return solution.Limit.Run.Succeeded
                ? session.InterruptedLater(solution)
                : session.Unfinished(folder, "the limit", solution.Limit);
        }
        CoupleReport.Write(folder, solution.Model, result, session.Info);
        if (result.Failure is { } failed)
            return session.Unfinished(folder, $"the network of width {failed.Width}, seed {failed.Replicate}",
                failed.Network);
        Print(result);
        Console.WriteLine($"report: {Path.Combine(session.Output, "report.html")}");
        return SolveCommand.Done(solution);
    }

    private static void Print(CouplingResult result)
    {
        Console.WriteLine(SolveCommand.Summary(result.Limit));
        var rate = result.Rates[0];
        var table = new Table().AddColumn("width").AddColumn("seeds").AddColumn("rms gap").AddColumn("gap * sqrt(N)")
            .AddColumn("limit error / gap");
        foreach (var column in table.Columns) column.RightAligned();
        for (var i = 0; i < rate.Widths.Count; i++)
        {
            var (n, gap) = (rate.Widths[i], rate.Rms[i]);
            table.AddRow(Text($"{n}"), Text($"{rate.Seeds}"), Text($"{gap:G4}"), Text($"{gap * Math.Sqrt(n):F3}"),
                Text($"{result.Limit.Error.Total / gap:P1}") + (result.IsBlurred(gap) ? " !" : ""));
        }
        AnsiConsole.Write(table);
        if (rate.Rms.Any(result.IsBlurred))
            Console.WriteLine($"! the limit's own error exceeds a tenth of this gap: {Remedy(result.Limit.Error)} " +
                "before trusting it");
        Console.WriteLine("rate: " + Law("rms gap", rate));
        if (result.Rates.FirstOrDefault(r => r.Quantity.Name == "parameters-l2") is { } pathwise)
            Console.WriteLine("pathwise: " + Law("L2 gap of parameters", pathwise));
    }

    private static string Law(string what, Rate rate) => rate.Reason is { } reason
        ? $"none of the {what}: {reason}"
        : Text($"{what} ~ N^{rate.Slope:F3}") + (double.IsNaN(rate.Low)
            ? " (an interval needs two seeds or more)"
            : Text($", 95 % interval [{rate.Low:F3}, {rate.High:F3}]"));

    private static string Remedy(ErrorEstimate error) => error switch
    {
        _ when double.IsNaN(error.Total) => "it could not be estimated, so use a tighter tolerance",
        _ when error.Data >= Math.Max(error.Types, error.Time) => "use more data points",
        _ when error.Types >= error.Time => "use more nodes for the types",
        _ => "use a tighter tolerance or a shorter step",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
