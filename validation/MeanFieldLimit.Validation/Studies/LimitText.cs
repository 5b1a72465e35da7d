using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>Limits in words.</summary>
internal static class LimitText
{
    /// <summary>What a limit did, in two sentences.</summary>
    internal static string Headline(LimitSolution solution)
    {
        if (!solution.Trained.Result.Succeeded)
            return $"The limit {Outcome(solution.Trained)}. What was recorded until then is below.";
        var (first, last) = (solution.Trajectory.Train[0], solution.Trajectory.Train[^1]);
        return $"The limit's risk goes from {Short(first.Risk)} to {Short(last.Risk)} " +
            $"at t = {solution.Trained.Result.Time:G6}" +
            (double.IsNaN(last.ErrorRate) ? ""
                : $", with {100 * last.ErrorRate:0.##} % of the training points misclassified") +
            $". Its predictions are known to {Short(solution.Error.Total)} (rms)." +
            (solution.Ending is { } ending ? $" It {ending}." : "");
    }

    /// <summary>The limit in one line, and one more where an accuracy was asked for.</summary>
    internal static string Line(LimitSolution solution)
    {
        var (run, error, last) = (solution.Trained.Result, solution.Error, Tables.Last(solution.Trajectory).Train);
        var rate = double.IsNaN(last.ErrorRate) ? "" : $", error rate {last.ErrorRate:P1}";
        return $"limit: risk {last.Risk:G6}{rate} at t = {run.Time:G6}, " + (double.IsNaN(error.Total)
            ? "the error of its predictions is not known (no comparison run could be made to the end)"
            : $"predictions to {error.Total:G2} (types {error.Types:G2}, time {error.Time:G2}, data {error.Data:G2})") +
            $"; {(solution.Nodes is [] ? "a kernel" : $"{string.Join(" x ", solution.Nodes)} nodes")}, {run.Steps} " +
            $"steps, {solution.SolveSeconds:G2} s; " +
            run.InWords + (solution.Ending is { } until ? $"\n{until}" : "") +
            (solution.Certificate is { } certificate ? $"\n{certificate.Text}" : "") +
            string.Concat(NetworkNotes.Of(solution.Model).Select(note => $"\nnote: {note}"));
    }

    /// <summary>How a run ended, after "the limit".</summary>
    internal static string Outcome(Trained trained) => !trained.Result.Succeeded
        ? EndedEarly(trained.Result, trained.DivergedLayer)
        : $"{(trained.Stop is null ? "completed" : "stopped")} at t = {trained.Result.Time:G6} " +
            $"in {Steps(trained.Result)}";

    internal static string EndedEarly(RunResult run, int layer) =>
        $"ended early at t = {run.Time:G6} after {Steps(run)}: " +
        (layer > 0 ? $"parameters of layer {layer} became infinite or NaN" : run.Reason);

    private static string Steps(RunResult run) =>
        $"{run.Steps} steps" + (run.Refused > 0 ? $", {run.Refused} more refused" : "");

    /// <summary>Three digits, or words where the number is infinite or not known.</summary>
    internal static string Short(double value) =>
        double.IsPositiveInfinity(value) ? "infinite"
        : !double.IsFinite(value) ? "not known"
        : Math.Abs(value) is 0 or (>= 1e-3 and < 1e4) ? value.ToString("G3", CultureInfo.InvariantCulture)
        : value.ToString("0.00e0", CultureInfo.InvariantCulture);

    /// <summary>The same in a table, where a number that there is not is a dash.</summary>
    internal static string Cell(double value) => double.IsNaN(value) ? "-" : Short(value);

    /// <summary>"[0.4, 0.6]", or a dash.</summary>
    internal static string Interval(double low, double high) =>
        double.IsFinite(low) ? $"[{Short(low)}, {Short(high)}]" : "-";
}
