namespace MeanFieldLimit.Validation.Studies;

/// <summary>SGD with several steps beside a gradient flow, on the same points and at the same save times.</summary>
internal static class SgdVariants
{
    /// <summary>
    /// The model with networks under SGD and a limit under the flow. Save times are whole numbers of the longest
    /// step, hence of all. Batches come from the training points, which are what the flow sees: of a continuous law
    /// SGD would see more, and another sample would make a gap that no step closes.
    /// </summary>
    internal static Model Of(Model model, IReadOnlyList<int> widths, int tracers, int levels, int ratio)
    {
        var problem = model.Problem;
        if (model.IsNoisy)
            throw model.Loaded.Error("$.training.dynamics", "dynamics must be flow or sgd for the step and joint " +
                $"studies, got {Names.Of(problem.Training.Dynamics)}; use couple");
        if (Array.Exists(model.Data.Train.Masses, m => m < 0))
            throw model.Loaded.Error("$.data.expectation.rule",
                "the rule must have masses that are not negative for studies of the step, whose batches are drawn " +
                "with them, got smolyak; use gauss or sobol");
        double[] steps = [.. problem.Couple.Steps ?? Default(problem, levels, ratio)];
        return model.With(problem with
        {
            Training = problem.Training with
            {
                Dynamics = DynamicsKind.Sgd,
                Step = steps[0],
                Batch = problem.Training.Batch ?? 1,
            },
            Limit = problem.Limit with { Dynamics = DynamicsKind.Flow },
            Couple = problem.Couple with { Widths = widths, Tracers = tracers, Steps = steps },
        }, model.Data with { Source = new EmpiricalSource(model.Data.Train), Endless = false });
    }

    /// <summary>The settings of a variant, whose networks move by SGD and otherwise.</summary>
    internal static IEnumerable<(string Name, string Value)> Settings(Model variant, string other, string flow) =>
    [
        ("training of networks", MotionText.Training(variant, $"sgd on batches of {variant.Problem.Training.Batch} " +
            $"and {other}, steps {string.Join(", ", variant.Problem.Couple.Steps!.Select(s => $"{s:G6}"))}")),
        (flow, MotionText.Limit(variant, variant.LimitDynamics)),
        MotionText.Networks(variant),
    ];

    /// <summary>
    /// SGD with step number <paramref name="level"/>: batch number t / (shortest step) of the replicate at time t, so
    /// that all steps see the same batch wherever they meet.
    /// </summary>
    internal static IDynamics Sgd(Model variant, int level) => new StochasticGradientDescent(
        variant.Problem.Couple.Steps![level], variant.Problem.Training.Batch!.Value, variant.Problem.Couple.Steps[^1])
    {
        Precision = variant.Problem.Training.Precision,
    };

    // The first time between saves is a whole number of each.
    private static IEnumerable<double> Default(Problem problem, int levels, int ratio)
    {
        const int stepsBetweenSaves = 4;
        var longest = problem.Training.Dynamics == DynamicsKind.Sgd
            ? problem.Training.Step!.Value
            : problem.Training.Time / problem.Record.Saves / stepsBetweenSaves;
        return Enumerable.Range(0, levels).Select(j => longest / Math.Pow(ratio, j));
    }
}
