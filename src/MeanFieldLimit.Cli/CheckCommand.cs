using System.CommandLine;
using MeanFieldLimit.Validation.Checks;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl check [name...]</c>: theorems as measurements, each with its verdict.</summary>
internal static class CheckCommand
{
    private static readonly Option<bool> List = new("--list") { Description = "Only say what the checks are." };
    private static readonly Option<bool> Small = new("--small") { Description = "Fewer widths and seeds: seconds." };

    internal static Command Create()
    {
        string[] all = [.. Catalogue.All<ITheoryCheck>().Select(c => c.Name)];
        var names = new Argument<string[]>("name")
        {
            Description = $"The checks to run, all of them where none is named: {string.Join(", ", all)}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.Validators.Add(result =>
        {
            foreach (var refusal in result.Tokens.Select(t => Names.Refuse(t.Value, all)).OfType<string>())
                result.AddError($"the check {refusal}");
        });
        var command = new Command("check",
            "Check theorems on limits and finite networks. Example: mfl check symmetry --small")
        {
            names, List, Small,
        };
        Options.AddCommonTo(command);
        command.SetAction(parsed => Run(parsed, parsed.GetValue(names)!));
        return command;
    }

    /// <summary>Whether checks are only listed.</summary>
    internal static bool IsList(ParseResult parsed) => parsed.GetValue(List);

    private static int Run(ParseResult parsed, string[] names)
    {
        var checks = names.Length > 0
            ? [.. names.Distinct().Select(Catalogue.Find<ITheoryCheck>)]
            : Catalogue.All<ITheoryCheck>();
        if (IsList(parsed)) return Describe(checks);
        var (run, size) = (Options.SettingOf(parsed, "check"), parsed.GetValue(Small) ? "small" : "full");
        var setting = new CheckSetting
        {
            Small = parsed.GetValue(Small),
            Seed = (ulong)(parsed.GetValue(Options.Seed) ?? 1),
        };
        string[] all = [.. checks.Select(c => c.Name)];
        var record = PlannedCommand.RecordOf(parsed, new()
        {
            ["size"] = size,
            ["seed"] = $"{setting.Seed}",
            ["checks"] = string.Join(' ', all),
        }, "", ["check", .. all, .. setting.Small ? ["--small"] : Array.Empty<string>(), "--seed", $"{setting.Seed}"]);
        return PlannedCommand.Run(record, CheckReport.Plan(checks, setting, PlannedCommand.InfoOf(parsed, run.Machine),
            ExitCode.CheckFailed), run, Options.IsQuiet(parsed), parsed.GetValue(Options.Json));
    }

    private static int Describe(IReadOnlyList<ITheoryCheck> checks)
    {
        foreach (var check in checks)
            Console.WriteLine(Columns.Wrap($"{check.Name}\n  {check.Claim}\n  ({check.Source})"));
        return ExitCode.Done;
    }
}
