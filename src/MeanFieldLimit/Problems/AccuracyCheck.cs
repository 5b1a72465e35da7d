using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of an accuracy that is asked for, of the coordinates of types, and of draws.</summary>
internal static class AccuracyCheck
{
    internal static Refusal? Refuse(Problem problem) => problem.Limit switch
    {
        { Predict.Draws: 1 } => new("$.limit.predict.draws",
            "draws must be 0, for no prediction, or at least 2, whose spread is its error, got 1; use 200"),
        { Predict: { Draws: 0, Bias: true } } => new("$.limit.predict.draws",
            "draws must not be 0 where the mean of the gap is asked for, got 0; use 200, or remove bias"),
        { Accuracy: { } accuracy, Types: { } types } => new("$.limit.types",
            $"types must not be given with accuracy, which chooses them, got {types.Count} rules and the accuracy " +
            $"{Number.Text(accuracy)}; remove one of the two keys"),
        { Accuracy: { } accuracy, Dynamics: DynamicsKind.Flow, Tolerance: var tolerance }
            when tolerance != new LimitSpec().Tolerance => new("$.limit.tolerance",
            "tolerance must not be given with accuracy, which chooses it, " +
            $"got {Number.Text(tolerance)} and the accuracy {Number.Text(accuracy)}; remove one of the two keys"),
        { Accuracy: not null, Dynamics: DynamicsKind.Flow, Method: var method }
            when !Methods.Adaptive.Contains(method) => new("$.limit.method", "method must be one with an error " +
            $"estimate where an accuracy is asked for, got {method}; use one of {string.Join(", ", Methods.Adaptive)}"),
        { Coordinates: Coordinates.Principal } when !MayRotate(problem.Network) =>
            new("$.limit.coordinates", "coordinates may be principal only where the weights of layer 1 are Gaussian, " +
            "which a rotation keeps independent, and free, act through <w_1, x>, and all weights are drawn " +
            "independently, got another network; use natural, or the law gaussian"),
        _ => null,
    };

    /// <summary>
    /// Whether a rotation of w_1 keeps its law and only its component in the span of the inputs matters. (The means of
    /// correlated weights are functions of w_1 in natural coordinates.)
    /// </summary>
    internal static bool MayRotate(NetworkSpec network) =>
        network is { Embedding: not CorrelatedSpec, Layers: [{ Weights: GaussianLaw { Std: > 0 } } first, ..] }
        && first.Constraint == WeightConstraint.None
        && Catalogue.Find<IInteraction>(first.Interaction).IsAffineInWeights;
}
