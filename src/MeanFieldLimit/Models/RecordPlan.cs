using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>What is recorded: when, and in how many bytes.</summary>
internal static class RecordPlan
{
    // The run itself and two that its error is told by.
    private const int Limits = 3;

    // Time, risk and error rate on training and test points, and the array of the predictions.
    private const double Save = 96;

    // Gaps of predictions and risk at a save time; pathwise ones, those of a layer.
    private const double Gap = 72, Pathwise = 96, Layer = 56;

    // Kept, read from a record, gathered by parameter, and packed.
    private const double StateCopies = 4;

    // Of the time, at which the first logarithmic interval ends.
    private const double FirstFraction = 1e-3;

    /// <summary>
    /// 0, ..., T in <c>record.saves</c> intervals, of equal length or of equal ratio after a first T/1000. Under
    /// SGD T and the save times are rounded to whole steps, and an interval without a step is left out.
    /// </summary>
    internal static double[] Times(Problem problem)
    {
        var (training, saves) = (problem.Training, problem.Record.Saves);
        var times = Enumerable.Range(0, saves + 1).Select(k => training.Time * Fraction(k));
        return [.. training.Dynamics != DynamicsKind.Sgd ? times
            : times.Select(t => Math.Round(t / training.Step!.Value) * training.Step.Value).Distinct()];

        double Fraction(int k) => problem.Record.Spacing == Spacing.Linear || k == 0 || k == saves
            ? (double)k / saves
            : Math.Pow(FirstFraction, (double)(saves - k) / Math.Max(1, saves - 1));
    }

    /// <summary>The save times between first and last at which the limit's neurons are kept, spread evenly.</summary>
    internal static double[] StateTimes(Model model)
    {
        var (times, states) = (model.SaveTimes, model.Problem.Record.States);
        return [.. Enumerable.Range(1, states - 2).Select(k => (int)((long)k * (times.Length - 1) / (states - 1)))
            .Distinct().Where(k => k > 0 && k < times.Length - 1).Select(k => times[k])];
    }

    /// <summary>Refuses states that do not fit: each parameter's are one array.</summary>
    internal static void CheckStates(Model model, double parameters)
    {
        var numbers = (Math.Min(model.Problem.Record.States - 2, Saves(model)) + 2) * parameters;
        if (numbers > Array.MaxLength || StateCopies * sizeof(double) * numbers > MemoryLimit.Bytes)
            throw model.Loaded.Error("$.record.states", "the states that are kept must fit into memory, " +
                $"{model.Problem.Record.States} of {parameters:G10} parameters take " +
                $"{MemoryLimit.Share(StateCopies * sizeof(double) * numbers)} (at most {Array.MaxLength} numbers); " +
                "use fewer");
    }

    /// <summary>Of a limit, with those that its error is told by.</summary>
    internal static double Limit(Model model) => Limits * Trajectory(model);

    /// <summary>Of the networks of a coupling, <paramref name="atOnce"/> of them on their way.</summary>
    internal static double Networks(Model model, int atOnce)
    {
        var couple = model.Problem.Couple;
        var pathwise = model.Tracers > 0 ? Pathwise + Layer * model.Problem.Network.Layers.Count : 0;
        var finished = Saves(model) * (Gap + pathwise) + sizeof(double) * Watched(model);
        return (double)couple.Widths.Count * couple.Seeds * finished
            + atOnce * (model.Tracers > 0 ? couple.Widths.Count + 1 : 1) * Trajectory(model);
    }

    /// <summary>Refuses so many save times of a limit that they do not fit.</summary>
    internal static void CheckLimit(Model model)
    {
        if (Limit(model) is var bytes && bytes > MemoryLimit.Bytes)
            throw model.Loaded.Error("$.record.saves", "what is recorded must fit into memory, " +
                $"{Saves(model)} save times of {Watched(model)} predictions take " +
                $"{MemoryLimit.Share(bytes)}; use fewer saves or points (record.points)");
    }

    /// <summary>Refuses so many networks and save times that they do not fit.</summary>
    internal static void CheckNetworks(Model model, int atOnce)
    {
        var (couple, bytes) = (model.Problem.Couple, Networks(model, atOnce));
        if (bytes > MemoryLimit.Bytes || (long)couple.Widths.Count * couple.Seeds > Array.MaxLength)
            throw model.Loaded.Error("$.couple.seeds", "what is recorded must fit into memory, " +
                $"{(double)couple.Seeds * couple.Widths.Count:N0} networks at {Saves(model)} save times " +
                $"take {MemoryLimit.Share(bytes)}; use fewer seeds, saves (record.saves) or points (record.points)");
    }

    private static double Trajectory(Model model) => Saves(model) * (Save + sizeof(double) * Watched(model));

    private static double Saves(Model model) => model.Problem.Record.Saves + 1.0;

    private static double Watched(Model model) =>
        (double)Math.Min(model.Problem.Record.Points, model.Data.Train.Count) * model.Data.Train.Outputs;
}
