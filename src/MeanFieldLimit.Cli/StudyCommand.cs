using System.CommandLine;
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
            .. study.HasNetworks ? [Options.Widths, Options.Seeds] : Array.Empty<Option>(),
            .. study.HasTracers ? [Options.Tracers] : Array.Empty<Option>(),
            Options.Parquet,
        ]);
        command.SetAction(parsed => Run(study, parsed));
        return command;
    }

    private static int Run(IStudy study, ParseResult parsed)
    {
        var loaded = Options.Read(parsed, study.Example, study.Complete);
        var model = Model.Build(loaded, parsed.GetValue(Options.Data));
        if (!study.HasUntil && model.Problem.Training.Until is not null)
            throw loaded.Error("$.training.until",
                $"until must not be given with {study.Name}, whose runs go to the final time, got one; " +
                "remove it, or shorten time");
        var setting = Options.SettingOf(parsed, $"{FileName(loaded.Problem.Name)}-{study.Name}");
        var json = parsed.GetValue(Options.Json);
        var (plan, quiet) = (study.Plan(model, setting.Machine.Threads), parsed.GetValue(Options.Quiet) || json);
        var info = PlannedCommand.InfoOf(parsed, setting.Machine);
        return PlannedCommand.Run(PlannedCommand.RecordOf(parsed, loaded, model), plan.With((result, folder) =>
        {
            StudyReport.Write(folder, model, study, result, info);
            foreach (var table in parsed.GetValue(Options.Parquet) ? result.Tables : [])
                folder.Write($"{table.Name}.parquet", stream => ParquetTable.Write(stream, table));
            return new(result.Text ?? result.Headline,
                result.Limit?.Certificate is { Reached: false } ? ExitCode.NotReached : ExitCode.Done);
        }), setting with { Opened = Say }, quiet, json);

        void Say()
        {
            if (quiet) return;
            if (model.Data.Found is { } found) Phases.Say($"data: {found}");
            Phases.Say($"memory: {plan.Memory}");
        }
    }

    private static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
}
