using System.CommandLine;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Checks;

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
        var (run, size) = (Options.SettingOf(parsed, "check"), parsed.GetValue(Small) ? "small" : "full");
        var setting = new CheckSetting
        {
            Small = parsed.GetValue(Small),
            Seed = (ulong)(parsed.GetValue(Options.Seed) ?? 1),
        };
        var (engine, all) = (run.Machine.Engine(1).Name, checks.Select(c => c.Name).ToArray());
        var record = new RunRecord("check", PlannedCommand.Version, new Dictionary<string, string>
        {
            ["engine"] = engine,
            ["instructions"] = InstructionSet.Name,
            ["size"] = size,
            ["seed"] = $"{setting.Seed}",
            ["checks"] = string.Join(' ', all),
        }, "", ["check", .. all, .. setting.Small ? ["--small"] : Array.Empty<string>(), "--seed", $"{setting.Seed}",
            "--engine", parsed.GetValue(Options.Engine)!]);
        return PlannedCommand.Run(record, CheckReport.Plan(checks, setting,
            new(engine, run.Machine.Threads, PlannedCommand.Version), ExitCode.CheckFailed), run,
            parsed.GetValue(Options.Quiet));
    }

    private static int Describe(IReadOnlyList<ITheoryCheck> checks)
    {
        foreach (var check in checks)
            Console.WriteLine(Columns.Wrap($"{check.Name}\n  {check.Claim}\n  ({check.Source})", Columns.Width));
        return ExitCode.Done;
    }
}
