using MeanFieldLimit.Limits.Particles;

namespace MeanFieldLimit.Validation.Studies.Advice;

/// <summary>Studies that nothing comes of without a predicted gap.</summary>
internal static class Predicting
{
    // A forward pass has two operations a parameter and point, a backward pass four.
    private const double OperationsPerParameter = 6;

    /// <summary>The problem with a prediction at any price, and what is asked of it.</summary>
    internal static Problem Complete(Problem problem) => problem with
    {
        Advise = problem.Advise ?? new(),
        Limit = problem.Limit with { Predict = (problem.Limit.Predict ?? new()) with { Bias = false } },
    };

    /// <summary>The model of the completed problem, without tracers.</summary>
    /// <exception cref="ProblemException">Nothing is predicted of it.</exception>
    internal static Model Of(Model model, string study)
    {
        if (model.Problem.Limit.Predict is { Draws: 0 })
            throw model.Loaded.Error("$.limit.predict.draws", $"draws must not be 0 for {study}, which answers from the " +
                "predicted gap, got 0; use 200, or remove predict");
        if (GapPrediction.Obstacle(ILimit.Of(model)) is { } obstacle) throw model.Loaded.Error("$.limit", obstacle);
        var problem = Complete(model.Problem);
        return model.With(problem with { Couple = problem.Couple with { Tracers = 0 } });
    }

    /// <summary>Floating-point operations of one step of the training of a network.</summary>
    internal static double OperationsAStep(Model model, double parameters) =>
        OperationsPerParameter * parameters * (model.Problem.Training.Batch ?? model.Data.Train.Count);
}
