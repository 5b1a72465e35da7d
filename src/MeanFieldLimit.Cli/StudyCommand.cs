using System.CommandLine;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Cli;

/// <summary>A study as a command: <c>mfl solve</c>, <c>mfl couple</c> and so on.</summary>
internal static class StudyCommand
{
    internal static Command Create(IStudy study)
    {
        var command = new Command(study.Name, study.Help);
        Options.AddTo(command,
        [
            .. study.HasWidths ? [Options.Widths] : Array.Empty<Option>(),
            .. study.HasNetworks ? [Options.Seeds] : Array.Empty<Option>(),
            .. study.HasTracers ? [Options.Tracers] : Array.Empty<Option>(),
            .. study.HasParameters ? [Options.Parameters] : Array.Empty<Option>(),
            Options.Parquet,
        ]);
        command.SetAction(parsed => Run(study, parsed));
        return command;
    }

    private static int Run(IStudy study, ParseResult parsed)
    {
        var set = Settings.In(Options.Read(parsed, study.Example), parsed.GetValue(Options.Set) ?? []);
        var loaded = Options.Complete(Options.Override(parsed, set), study.Complete);
        var setting = Options.SettingOf(parsed, $"{FileName(loaded.Problem.Name)}-{study.Name}");
        var run = Prepare(study, parsed, loaded, setting.Machine);
        var quiet = Options.IsQuiet(parsed);
        return PlannedCommand.Run(run.Record, run.Plan, setting with
        {
            Opened = _ => Say(),
        }, quiet, parsed.GetValue(Options.Json));

        void Say()
        {
            if (quiet) return;
            if (run.Found is { } found) Phases.Say($"data: {found}");
            Phases.Say($"memory: {run.Memory}");
        }
    }

    /// <summary>What is to be run, all that is wrong with it being refused.</summary>
    /// <exception cref="ProblemException">The problem does not allow the study.</exception>
    internal static StudyRun Prepare(IStudy study, ParseResult parsed, LoadedProblem loaded, Machine machine)
    {
        var model = Model.Build(loaded, parsed.GetValue(Options.Data));
        if (!study.HasUntil && model.Problem.Training.Until is not null)
            throw loaded.Error("$.training.until",
                $"until must not be given with {study.Name}, whose runs go to the final time, got one; " +
                "remove it, or shorten time");
        var (plan, info) = (study.Plan(model, machine.Threads), PlannedCommand.InfoOf(parsed, machine));
        return new(PlannedCommand.RecordOf(parsed, study.Name, loaded, model), plan.With((result, folder) =>
        {
            StudyReport.Write(folder, model, study, result, info);
            foreach (var table in parsed.GetValue(Options.Parquet) ? result.Tables : [])
                folder.Write($"{table.Name}.parquet", stream => ParquetTable.Write(stream, table));
            return new(result.Text ?? result.Headline,
                result.Limit?.Certificate is { Reached: false } ? ExitCode.NotReached : ExitCode.Done);
        }), model.Data.Found, plan.Memory);
    }

    /// <summary>A name without what the names of folders should not have.</summary>
    internal static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
}

/// <summary>A study of a problem, ready to be run.</summary>
/// <param name="Record">What makes it the run it is.</param>
/// <param name="Plan">Its cells and its report.</param>
/// <param name="Found">What was found of its data, in words.</param>
/// <param name="Memory">What it needs in memory, in words.</param>
internal sealed record StudyRun(RunRecord Record, Plan Plan, string? Found, string Memory);
