using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Cli;

/// <summary>A plan as a run of the program: every command that computes goes through here.</summary>
internal static class PlannedCommand
{
    internal static string Version => typeof(PlannedCommand).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Runs what is missing in the folder, says what was found, and returns the exit code.</summary>
    internal static int Run(RunRecord record, Plan plan, RunSetting setting, bool quiet,
        bool json = false)
    {
        using var interruption = new Interruption();
        var outcome = Phases.Show(quiet, phases => PlannedRun.Run(record, plan, setting with
        {
            Machine = setting.Machine with { Show = phases.Add, Cancellation = interruption.Token },
            Say = line => Console.Error.WriteLine($"mfl: {line}"),
        }));
        var (folder, resume) = (outcome.Folder, $"mfl resume {outcome.Folder}");
        var cells = $"{outcome.Cells - outcome.Missing} of {outcome.Cells} cells of the run are done";
        if (outcome.Conclusion is { } conclusion)
        {
            foreach (var failed in outcome.Failures)
                Console.Error.WriteLine($"mfl: {FailureText.Of(failed, folder)}");
            Console.WriteLine(json ? File.ReadAllText(Path.Combine(folder, "summary.json")).TrimEnd()
                : Columns.Wrap($"{conclusion.Text}\nreport: {Path.Combine(folder, "report.html")}" +
                    (outcome.IsNew ? "" : ", already written")));
        }
        else if (interruption.Code == 0)
        {
            // The summary is not there yet.
            (json ? Console.Error : Console.Out).WriteLine($"share {setting.Share} is done; {cells}: the process " +
                $"that finishes the last one writes the report, or {resume} does");
        }
        // One rule: asked to stop, it says so, whatever it was at.
        if (interruption.Code == 0) return CodeOf(outcome);
        Console.Error.WriteLine($"mfl: interrupted: {cells}; " +
            (outcome.Conclusion is null ? $"saved: {folder}; go on with {resume}" : "the report is written"));
        return interruption.Code;
    }

    /// <summary>The exit code of a run that was not asked to stop.</summary>
    internal static int CodeOf(RunOutcome outcome) =>
        outcome.Failures.Count > 0 ? ExitCode.Diverged : outcome.Conclusion?.Code ?? ExitCode.Done;

    /// <summary>
    /// The record of a command on a problem: what bits depend on, and the command line that goes on with it.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="command">The command, which that of a sweep stands for.</param>
    /// <param name="asked">Its problem, which an accuracy has not yet given types.</param>
    /// <param name="model">The same, made ready to run.</param>
    internal static RunRecord RecordOf(ParseResult parsed, string command, LoadedProblem asked, Model model) =>
        // The schema has no effect: where it lies makes no other run.
        RecordOf(parsed, new() { ["data"] = SumOf(model.Data) },
            ProblemFile.Write(asked.Problem with { Schema = null }),
            [
                command, RunRecord.ProblemFile, .. DataArguments(parsed, asked),
                .. parsed.GetValue(Options.Parquet) ? new[] { Options.Parquet.Name } : [],
            ]);

    /// <summary>The options that name the folder of the data again, from any folder.</summary>
    internal static string[] DataArguments(ParseResult parsed, LoadedProblem asked) =>
        ["--data", Path.GetFullPath(parsed.GetValue(Options.Data) ?? asked.Folder)];

    /// <summary>
    /// The same of any command, of what it adds to engine, instructions and plugins, and of its name and arguments.
    /// </summary>
    internal static RunRecord RecordOf(ParseResult parsed, Dictionary<string, string> options, string problem,
        IReadOnlyList<string> arguments)
    {
        options["engine"] = Options.EngineOf(parsed)(1).Name;
        options["instructions"] = InstructionSet.Name;
        if (Plugins.Texts(parsed) is { Length: > 0 } plugins) options["plugins"] = string.Join(", ", plugins);
        return new(arguments[0], Version, options, problem,
            [.. arguments, "--engine", parsed.GetValue(Options.Engine)!, .. Plugins.Arguments(parsed)]);
    }

    /// <summary>What runs it, for its report.</summary>
    internal static RunInfo InfoOf(ParseResult parsed, Machine machine) =>
        new(machine.Engine(1).Name, machine.Threads, Version) { Plugins = Plugins.Texts(parsed) };

    // Data files may change, and the problem still reads the same.
    private static string SumOf(ExperimentData data)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var points in new[] { data.Train, data.Test }.OfType<Dataset>())
            foreach (var values in new[] { points.X, points.Y, points.Masses })
                sum.AppendData(MemoryMarshal.AsBytes<double>(values));
        return Convert.ToHexStringLower(sum.GetHashAndReset())[..12];
    }
}
