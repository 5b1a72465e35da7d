using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>What is recorded at the save times, in bytes.</summary>
internal static class RecordPlan
{
    // The run itself and two that its error is told by.
    private const int Limits = 3;

    // Time, risk and error rate on training and test points, and the array of the predictions.
    private const double Save = 96;

    // Gaps of predictions and risk at a save time; pathwise ones, those of a layer.
    private const double Gap = 72, Pathwise = 96, Layer = 56;

    /// <summary>Of a limit, with those that its error is told by.</summary>
    internal static double Limit(Problem problem, Dataset train) => Limits * Trajectory(problem, train);

    /// <summary>Of the networks of a coupling, <paramref name="atOnce"/> of them on their way.</summary>
    internal static double Networks(Model model, int atOnce)
    {
        var (problem, train) = (model.Problem, model.Data.Train);
        var pathwise = model.Tracers > 0 ? Pathwise + Layer * problem.Network.Layers.Count : 0;
        var finished = Saves(problem) * (Gap + pathwise) + sizeof(double) * Watched(problem, train);
        return (double)problem.Couple.Widths.Count * problem.Couple.Seeds * finished
            + atOnce * (model.Tracers > 0 ? problem.Couple.Widths.Count + 1 : 1) * Trajectory(problem, train);
    }

    /// <summary>Refuses so many save times of a limit that they do not fit.</summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    internal static void CheckLimit(LoadedProblem loaded, Dataset train)
    {
        if (Limit(loaded.Problem, train) is var bytes && bytes > MemoryLimit.Bytes)
            throw loaded.Error("$.record.saves", $"what is recorded must fit into memory, " +
                $"{Saves(loaded.Problem)} save times of {Watched(loaded.Problem, train)} predictions take " +
                $"{MemoryLimit.Share(bytes)}; use fewer saves or points (record.points)");
    }

    /// <summary>Refuses so many networks and save times that they do not fit.</summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    internal static void CheckNetworks(Model model, int atOnce)
    {
        var (couple, bytes) = (model.Problem.Couple, Networks(model, atOnce));
        if (bytes > MemoryLimit.Bytes || (long)couple.Widths.Count * couple.Seeds > Array.MaxLength)
            throw model.Loaded.Error("$.couple.seeds", "what is recorded must fit into memory, " +
                $"{(double)couple.Seeds * couple.Widths.Count:N0} networks at {Saves(model.Problem)} save times " +
                $"take {MemoryLimit.Share(bytes)}; use fewer seeds, saves (record.saves) or points (record.points)");
    }

    private static double Trajectory(Problem problem, Dataset train) =>
        Saves(problem) * (Save + sizeof(double) * Watched(problem, train));

    private static double Saves(Problem problem) => problem.Record.Saves + 1.0;

    private static double Watched(Problem problem, Dataset train) =>
        (double)Math.Min(problem.Record.Points, train.Count) * train.Outputs;
}
