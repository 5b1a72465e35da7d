using System.CommandLine;
using System.Text;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Sweeps;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl sweep</c>: a study at all points of a grid of settings, each a run of its own.</summary>
internal static class SweepCommand
{
    internal static Command Create()
    {
        string[] studies = [.. Catalogue.All<IStudy>().Select(s => s.Name)];
        var study = new Option<string>("--study")
        {
            Description = $"The study: {string.Join(", ", studies)}.",
            HelpName = "name",
            DefaultValueFactory = _ => "couple",
        };
        study.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && Names.Refuse(name, studies) is { } refusal)
                result.AddError($"--study: the study {refusal}");
        });
        var command = new Command("sweep", "Run a study at all points of a grid: --set takes values with commas " +
            "between them. Example: mfl sweep --set limit.tolerance=1e-4,1e-6 --set couple.widths=[25,50],[50,100]");
        Options.AddTo(command, study);
        command.SetAction(parsed => Run(parsed, Catalogue.Find<IStudy>(parsed.GetValue(study)!)));
        return command;
    }

    private static int Run(ParseResult parsed, IStudy study)
    {
        var loaded = Options.Override(parsed, Options.Read(parsed, study.Example));
        var settings = parsed.GetValue(Options.Set) ?? [];
        var points = SweepGrid.Of(settings);
        var setting =
            Options.SettingOf(parsed, $"{StudyCommand.FileName(loaded.Problem.Name)}-sweep-{study.Name}");
        // All that is wrong with any of them is refused before any work.
        var hashes = points.Select(p => Of(p).Record.Hash).ToArray();
        var record = PlannedCommand.RecordOf(parsed, new()
        {
            ["study"] = study.Name,
            ["settings"] = string.Join(' ', settings),
            // What bits of the points depend on.
            ["points"] = RunRecord.SumOf(Encoding.UTF8.GetBytes(string.Concat(hashes))),
        }, ProblemFile.Write(loaded.Problem),
        [
            "sweep", RunRecord.ProblemFile, "--study", study.Name, .. settings.SelectMany(s => new[] { "--set", s }),
            .. PlannedCommand.DataArguments(parsed, loaded),
        ]);
        var folder = "";
        return PlannedCommand.Run(record, SweepReport.Plan(study.Name, points, RunPoint,
            PlannedCommand.InfoOf(parsed, setting.Machine)), setting with { Opened = opened => folder = opened },
            Options.IsQuiet(parsed), parsed.GetValue(Options.Json));

        StudyRun Of(SweepPoint point) => StudyCommand.Prepare(study, parsed, Options.Complete(Settings.In(loaded,
            [.. point.Settings.Select(s => $"{s.Key}={s.Value}")]), study.Complete), setting.Machine);

        SweepResult RunPoint(SweepPoint point, Machine machine)
        {
            var (run, own) = (Of(point), Path.Combine(folder, point.Name));
            // One phase a point, which goes on as its networks do: there are many points.
            var shown = machine.Show(point.Name, 1);
            var outcome = PlannedRun.Run(run.Record, run.Plan, setting with
            {
                Output = own,
                Machine = machine with
                {
                    Show = (name, end) => name == "networks" && shown is not null ? new Part(shown, end) : null,
                },
                Share = null,
            });
            if (outcome.Conclusion is null) throw new OperationCanceledException(machine.Cancellation);
            shown?.Report(1);
            var code = PlannedCommand.CodeOf(outcome);
            return new(code switch
            {
                ExitCode.Done => "done",
                ExitCode.Diverged => "diverged",
                _ => "accuracy not reached",
            }, code, [.. outcome.Failures.Select(f => FailureText.Of(f, point.Name))],
                File.ReadAllText(Path.Combine(own, "summary.json")));
        }
    }

    // Of all of it but the last bit, which is done with the report.
    private sealed class Part(IProgress<double> whole, double end) : IProgress<double>
    {
        public void Report(double value) => whole.Report(0.99 * value / end);
    }
}
