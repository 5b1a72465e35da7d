using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Cli;

/// <summary>What a run that did not reach its end says: what, when, where its state is, and the remedy.</summary>
internal static class FailureText
{
    /// <summary>That of a run in a folder.</summary>
    internal static string Of(CellFailure failed, string folder)
    {
        var (what, run, saved) = (failed.What, failed.Run, $"saved: {Path.Combine(folder, "last-state.npz")}");
        var where = failed.Layer > 0 ? $" in layer {failed.Layer}" : "";
        var time = string.Create(CultureInfo.InvariantCulture, $"t = {run.Time:G6}");
        return run.Status switch
        {
            RunStatus.TooManySteps => $"{what} used up its {run.Steps} steps at {time}; {saved}; " +
                "use a longer step or a looser tolerance",
            RunStatus.NonFinite when run.NonFiniteIndex < 0 => $"{what} diverged: its risk or " +
                $"predictions are not finite at {time}; {saved}; " +
                "use smaller labels, inputs or initial weights, or a shorter step",
            RunStatus.TooSlow => $"{what} was at {time} after {run.Steps} steps, which do not get longer: the end is " +
                $"out of reach; {saved}; the problem is too stiff for its method: use method auto or smaller " +
                "initial weights",
            RunStatus.StepUnderflow => $"{what} diverged{where} after {time}, where no step is short enough: its " +
                $"solution seems to cease to exist there; {saved}; use a shorter time or smaller initial weights",
            _ => $"{what} diverged{where} after {time} ({run.Status}); {saved}; " +
                "use a shorter step or time, or smaller initial weights",
        };
    }
}
