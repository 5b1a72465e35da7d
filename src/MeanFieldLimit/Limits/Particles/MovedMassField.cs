using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The flow of an ensemble beside those with really moved masses p + h dp and p - h dp, which central differences are
/// taken of: derivatives but for O(h^2), without any of activations, losses or layers. The state is
/// [theta, theta_1+, theta_1-, ..., theta_m+, theta_m-].
/// </summary>
/// <remarks>
/// All take the same steps, so that differences are smooth in h: those of what the steps make. Not for use by two threads
/// at once.
/// </remarks>
internal sealed class MovedMassField : IMassDerivatives
{
    private readonly Ensemble ensemble;
    private readonly Ensemble[] moved;
    private readonly MeanFieldVelocity[] velocities;
    private readonly IMatrixEngine engine;
    private readonly double[] steps;

    /// <summary>That of directions, each one list of dp_1..dp_(L-1), empty where a layer's masses stay, each with its
    /// h.</summary>
    internal MovedMassField(Ensemble ensemble, Objective objective, IMatrixEngine engine,
        IReadOnlyList<IReadOnlyList<double[]>> directions, double[] steps)
    {
        (this.ensemble, this.engine, this.steps) = (ensemble, engine, steps);
        moved = [.. directions.Zip(steps).SelectMany(d => new[] { Moved(d.First, d.Second), Moved(d.First, -d.Second) })];
        velocities = [.. moved.Prepend(ensemble).Select(e => objective.Velocity(e, engine))];
    }

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

    public int Dimension => ensemble.State.Length * velocities.Length;

    public double[] Initial => [.. Enumerable.Repeat(ensemble.State, velocities.Length).SelectMany(s => s)];

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        var size = ensemble.State.Length;
        for (var j = 0; j < velocities.Length; j++)
            velocities[j].Evaluate(t, y.Slice(j * size, size), velocity.Slice(j * size, size));
    }

    public void Outputs(ReadOnlySpan<double> y, Dataset points, double[][] tangents)
    {
        for (var j = 0; j < tangents.Length; j++)
        {
            Predict(y, 2 * j, points, tangents[j]);
            var below = new double[tangents[j].Length];
            Predict(y, 2 * j + 1, points, below);
            TensorPrimitives.Subtract(tangents[j], below, tangents[j]);
            TensorPrimitives.Divide(tangents[j], 2 * steps[j], tangents[j]);
        }
    }

    private void Predict(ReadOnlySpan<double> y, int of, Dataset points, double[] yhat)
    {
        var predictor = new Predictor(moved[of], points, engine);
        predictor.Predict(y.Slice((1 + of) * ensemble.State.Length, ensemble.State.Length));
        predictor.Predictions.CopyTo(yhat, 0);
    }

    private Ensemble Moved(IReadOnlyList<double[]> direction, double h)
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
