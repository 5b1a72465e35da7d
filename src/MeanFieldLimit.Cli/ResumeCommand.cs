using System.CommandLine;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl resume DIR</c>: does what is missing in the folder of a run, and nothing else.</summary>
internal static class ResumeCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "The folder of the run." };
        var command = new Command("resume", "Go on with a run that was interrupted or killed; --threads, --quiet, " +
            "--checkpoint, --share and --data may differ. Example: mfl resume runs/three-layer-couple")
        {
            folder,
        };
        // Options are those of the command that is gone on with.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed => Commands.Run(Commands.Parse(
            [.. PlannedRun.Resume(parsed.GetValue(folder)!), .. parsed.UnmatchedTokens])));
        return command;
    }
}
