using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>Ensembles with really moved masses, which differences are taken of.</summary>
internal static class MovedMasses
{
    /// <summary>Why an ensemble has no perturbed masses that say what sampled neurons do, with a remedy; null where it
    /// has.</summary>
    internal static string? Obstacle(Ensemble ensemble, Objective objective) =>
        ensemble.Architecture.Constraint == WeightConstraint.Sphere
            ? "weights must be free for a gap to be predicted, got a constraint of layer 1 to the sphere; use starts-on-sphere"
        : Enumerable.Range(1, ensemble.Depth - 1).Any(i => ensemble.Masses(i).ContainsAnyInRange(double.MinValue, -double.Epsilon))
            ? "masses must not be negative to be those of sampled neurons, as on a sparse grid; use gauss or sobol"
        : ensemble.Scales.Count > 0 || objective.Data.Lengths is not null
            ? "a gap must be of the mean-field scaling on free data to be predicted, got another; remove the scaling"
        : null;

    /// <summary>Those of p + h dp and of p - h dp, from dp_1..dp_(L-1), empty where a layer's masses stay.</summary>
    internal static (Ensemble Plus, Ensemble Minus) Pair(Ensemble ensemble, IReadOnlyList<double[]> direction, double h) =>
        (Moved(ensemble, direction, h), Moved(ensemble, direction, -h));

    private static Ensemble Moved(Ensemble ensemble, IReadOnlyList<double[]> direction, double h)
    {
        var other = new Ensemble(ensemble.Architecture, [.. direction.Select((dp, i) =>
        {
            double[] p = [.. ensemble.Masses(i + 1)];
            if (dp.Length > 0) TensorPrimitives.MultiplyAdd(dp, h, p, p);
            return p;
        })]);
        ensemble.State.CopyTo(other.State, 0);
        return other;
    }
}
