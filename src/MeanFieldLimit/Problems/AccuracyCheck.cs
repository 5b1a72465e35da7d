using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of an accuracy that is asked for, and of the coordinates of types.</summary>
internal static class AccuracyCheck
{
    internal static void Check(LoadedProblem loaded)
    {
        var limit = loaded.Problem.Limit;
        if (limit.Accuracy is { } accuracy) CheckExcluded(loaded, limit, Number.Text(accuracy));
        if (limit.Coordinates == Coordinates.Principal && !MayRotate(loaded.Problem.Network))
            throw loaded.Error("$.limit.coordinates",
                "coordinates may be principal only where the weights of layer 1 are Gaussian, which a rotation keeps " +
                "independent, act through <w_1, x>, and all weights are drawn independently, got another network; " +
                "use natural, or the law gaussian");
    }

    /// <summary>
    /// Whether a rotation of w_1 keeps its law and only its component in the span of the inputs matters. (The means of
    /// correlated weights are functions of w_1 in natural coordinates.)
    /// </summary>
    internal static bool MayRotate(NetworkSpec network) =>
        network is { Embedding: not CorrelatedSpec, Layers: [{ Weights: GaussianLaw { Std: > 0 } } first, ..] }
        && Catalogue.Find<IInteraction>(first.Interaction).IsAffineInWeights;

    private static void CheckExcluded(LoadedProblem loaded, LimitSpec limit, string accuracy)
    {
        if (limit.Types is { } types)
            throw loaded.Error("$.limit.types",
                $"types must not be given with accuracy, which chooses them, got {types.Count} rules and the " +
                $"accuracy {accuracy}; remove one of the two keys");
        if (limit.Dynamics != DynamicsKind.Flow) return;
        if (limit.Tolerance != new LimitSpec().Tolerance)
            throw loaded.Error("$.limit.tolerance",
                "tolerance must not be given with accuracy, which chooses it, " +
                $"got {Number.Text(limit.Tolerance)} and the accuracy {accuracy}; remove one of the two keys");
        if (!Methods.Adaptive.Contains(limit.Method))
            throw loaded.Error("$.limit.method",
                "method must be one with an error estimate where an accuracy is asked for, " +
                $"got {limit.Method}; use one of {string.Join(", ", Methods.Adaptive)}");
    }
}
