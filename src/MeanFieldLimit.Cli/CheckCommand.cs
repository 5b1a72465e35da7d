using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Checks;
using MeanFieldLimit.Validation.Reports;
using Spectre.Console;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl check [name...]</c>: theorems as measurements, each with its verdict.</summary>
internal static class CheckCommand
{
    private static readonly string[] All = [.. Catalogue.All<ITheoryCheck>().Select(c => c.Name)];
    private static readonly Argument<string[]> Names = new("name")
    {
        Description = $"The checks to run, all of them where none is named: {string.Join(", ", All)}.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<bool> List = new("--list") { Description = "Only say what the checks are." };
    private static readonly Option<bool> Small = new("--small") { Description = "Fewer widths and seeds: seconds." };

    internal static Command Create()
    {
        var command = new Command("check",
            "Check theorems on limits and finite networks. Example: mfl check symmetry --small")
        {
            Names, List, Small,
        };
        Names.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !All.Contains(t.Value)))
                result.AddError($"the check must be one of {string.Join(", ", All)}, got '{token.Value}'; " +
                    "name one of them");
        });
        Options.AddCommonTo(command);
        command.SetAction(Run);
        return command;
    }

    /// <summary>Whether checks are only listed.</summary>
    internal static bool IsList(ParseResult parsed) => parsed.GetValue(List);

    private static int Run(ParseResult parsed)
    {
        var checks = parsed.GetValue(Names) is { Length: > 0 } names
            ? [.. names.Distinct().Select(Catalogue.Find<ITheoryCheck>)]
            : Catalogue.All<ITheoryCheck>();
        if (IsList(parsed)) return Describe(checks);
        var (threads, engine) = (Options.ThreadsOf(parsed), Options.EngineOf(parsed));
        var (output, force) = (parsed.GetValue(Options.Output) ?? Session.FreeFolder(Path.Combine("runs", "check")),
            parsed.GetValue(Options.Force));
        RunFolder.Check(output, force);

        using var interruption = new Interruption();
        var setting = new CheckSetting
        {
            Small = parsed.GetValue(Small),
            Seed = (ulong)(parsed.GetValue(Options.Seed) ?? 1),
            Machine = new() { Threads = threads, Engine = engine, Cancellation = interruption.Token },
        };
        var runs = new List<CheckRun>();
        var (code, why) = RunAll(checks, setting, runs, parsed.GetValue(Options.Quiet));
        CheckReport.Write(RunFolder.Prepare(output, force), runs, setting,
            new(engine(threads).Name, threads, Session.Version));
        if (code != ExitCode.Done) Console.Error.WriteLine($"mfl: {why}; saved: {output}, with {runs.Count} checks");
        Console.WriteLine($"report: {Path.Combine(output, "report.html")}");
        return code != ExitCode.Done ? code : runs.All(r => r.Result.Holds) ? ExitCode.Done : ExitCode.CheckFailed;
    }

    private static (int Code, string Why) RunAll(
        IReadOnlyList<ITheoryCheck> checks, CheckSetting setting, List<CheckRun> runs, bool quiet)
    {
        foreach (var check in checks)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                runs.Add(new(check, check.Run(setting), clock.Elapsed.TotalSeconds));
            }
            catch (OperationCanceledException)
            {
                return (ExitCode.Interrupted, $"interrupted: the check {check.Name} was under way");
            }
            catch (RunFailedException e)
            {
                return (ExitCode.Diverged, $"the check {check.Name} could not be made: {e.Message}");
            }
            Print(runs[^1], quiet);
        }
        return (ExitCode.Done, "");
    }

    private static void Print(CheckRun run, bool quiet)
    {
        var (check, result, seconds) = run;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{check.Name}: {(result.Holds ? "holds" : "FAILS")} ({seconds:0.0} s)"));
        if (quiet) return;
        var table = new Table().AddColumn("quantity").AddColumn("measured").AddColumn("theory").AddColumn("allowed")
            .AddColumn("");
        foreach (var m in result.Measurements)
            table.AddRow([.. new[] { m.Quantity, m.Value.ToString("G3", CultureInfo.InvariantCulture), m.Theory,
                CheckReport.Allowed(m), m.Holds ? "" : "!" }.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    private static int Describe(IReadOnlyList<ITheoryCheck> checks)
    {
        foreach (var check in checks) Console.WriteLine($"{check.Name}\n  {check.Claim}\n  ({check.Source})");
        return ExitCode.Done;
    }
}
