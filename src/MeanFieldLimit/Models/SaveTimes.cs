using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>When a problem's trajectories are recorded.</summary>
internal static class SaveTimes
{
    private const double FirstFraction = 1e-3;

    /// <summary>
    /// 0, ..., T in <c>record.saves</c> intervals, of equal length or of equal ratio after a first T/1000. Under
    /// SGD T and the save times are rounded to whole steps, and an interval without a step is left out.
    /// </summary>
    public static double[] Of(Problem problem)
    {
        var (training, saves) = (problem.Training, problem.Record.Saves);
        IEnumerable<double> times = Enumerable.Range(0, saves + 1).Select(k => (double)k / saves);
        if (problem.Record.Spacing == Spacing.Logarithmic)
            times = times.Select((u, k) => k == 0 ? 0
                : k == saves ? 1
                : Math.Pow(FirstFraction, (double)(saves - k) / Math.Max(1, saves - 1)));
        times = times.Select(u => u * training.Time);
        if (training.Dynamics == DynamicsKind.Sgd)
            times = times.Select(t => Math.Round(t / training.Step!.Value) * training.Step.Value).Distinct();
        return [.. times];
    }
}
