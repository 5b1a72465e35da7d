using System.CommandLine;
using MeanFieldLimit.Validation.Comparisons;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl compare RUN RUN</c>: whether runs have one result, within the errors that they state.</summary>
internal static class CompareCommand
{
    internal const string Name = "compare";

    internal static Command Create()
    {
        var folders = new Argument<string[]>("run")
        {
            Description = "The folders of two runs or more; the others are compared with the first one.",
            Arity = new(2, 1000),
        };
        var command = new Command(Name, "Compare runs: settings, numbers in units of their errors, tables. " +
            "Example: mfl compare runs/three-layer-solve runs/three-layer-solve-2")
        {
            folders, Options.Quiet, Options.Json,
        };
        command.SetAction(parsed =>
        {
            var runs = parsed.GetValue(folders)!;
            RunComparison[] all = [.. runs[1..].Select(run => RunComparison.Of(runs[0], run))];
            var quiet = parsed.GetValue(Options.Quiet);
            Console.WriteLine(parsed.GetValue(Options.Json) ? ComparisonText.Json(all)
                : string.Join(quiet ? "\n" : "\n\n",
                    all.Select(c => quiet ? ComparisonText.Verdict(c) : ComparisonText.Of(c))));
            return all.All(c => c.AreEqual) ? ExitCode.Done : ExitCode.Different;
        });
        return command;
    }
}
