using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Cli;

/// <summary>A plan as a run of the program: every command that computes goes through here.</summary>
internal static class PlannedCommand
{
    /// <summary>Runs what is missing in the folder, says what was found, and returns the exit code.</summary>
    internal static int Run(RunRecord record, Plan plan, RunSetting setting, bool quiet)
    {
        using var interruption = new Interruption();
        var outcome = Phases.Show(quiet, phases => PlannedRun.Run(record, plan, setting with
        {
            Show = phases.Add,
            Say = line => Console.Error.WriteLine($"mfl: {line}"),
            Cancellation = interruption.Token,
        }));
        var (folder, resume) = (outcome.Folder, $"mfl resume {outcome.Folder}");
        var cells = $"{plan.Cells.Count - outcome.Missing} of {plan.Cells.Count} cells are done";
        if (outcome.Conclusion is { } conclusion)
        {
            foreach (var failed in outcome.Failures)
                Console.Error.WriteLine("mfl: " + FailureText.Of(failed.What, failed.Run,
                    failed.Layer > 0 ? $" in layer {failed.Layer}" : "", $"saved: {folder}"));
            Console.WriteLine(conclusion.Text);
            Console.WriteLine($"report: {Path.Combine(folder, "report.html")}" +
                (outcome.IsNew ? "" : ", already written"));
        }
        else if (interruption.Code == 0)
        {
            Console.WriteLine($"share {setting.Share} is done, {cells}: the process that finishes the last one writes " +
                $"the report, or {resume} does");
        }
        // One rule: asked to stop, it says so, whatever it was at.
        if (interruption.Code == 0)
            return outcome.Failures.Count > 0 ? ExitCode.Diverged : outcome.Conclusion?.Code ?? ExitCode.Done;
        Console.Error.WriteLine($"mfl: interrupted: {cells}; " +
            (outcome.Conclusion is null ? $"saved: {folder}; go on with {resume}" : "the report is written"));
        return interruption.Code;
    }
}
