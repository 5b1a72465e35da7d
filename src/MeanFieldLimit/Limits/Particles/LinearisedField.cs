using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The flow of an ensemble linearised at its start: f_lin = f(theta_0) + J u, J = d f / d theta at theta_0, moves as
/// du/dt = -xi J^* l'(f_lin) in the metric of masses, from u = 0. Predictions follow the tangent kernel of the start,
/// d f_lin(x)/dt = -E_P[J J^*(x, x') l'(f_lin(x'))], for any loss and number of outputs: features are frozen (Chizat,
/// Oyallon and Bach 2019, arXiv:1812.07956).
/// </summary>
/// <remarks>Not for use by two threads at once.</remarks>
internal sealed class LinearisedField : IVectorField
{
    private readonly Ensemble ensemble;
    private readonly Objective objective;
    private readonly TangentPasses passes;
    private readonly double[] yhat, e, rates;

    internal LinearisedField(Ensemble ensemble, Objective objective, IMatrixEngine engine)
    {
        if (Obstacle(ensemble) is { } obstacle) throw new ArgumentException(obstacle, nameof(ensemble));
        (this.ensemble, this.objective) = (ensemble, objective);
        var data = objective.Data.Train;
        passes = new(ensemble, engine, data.Count);
        (yhat, e) = (new double[data.Outputs], new double[passes.Capacity * data.Outputs]);
        rates = new double[ensemble.Depth];
    }

    /// <summary>Why an ensemble is not linearised, with a remedy; null where it is.</summary>
    internal static string? Obstacle(Ensemble ensemble) =>
        ensemble.Architecture.Constraint == WeightConstraint.Sphere
            ? "weights must be free to be linearised, got a constraint of layer 1 to the sphere; use starts-on-sphere"
        : ensemble.Architecture.Interactions.FirstOrDefault(phi => phi is not WeightedSum) is { } other
            ? $"interactions must be weighted sums to be linearised, got {other.Name}; use weighted-sum"
        : ensemble.Architecture.Geometry.Any(g => g.Pooling is { HasKinks: true })
            ? "pooling must not take maxima to be linearised, got max; use average"
        : ensemble.Scales.Count > 0 ? "a limit in a scaling is linearised by its kernel; remove the scaling"
        : null;

    public int Dimension => ensemble.State.Length;

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocities)
    {
        var (data, k) = (objective.Data.Train, objective.Data.Train.Outputs);
        velocities.Clear();
        // A pull-back adds rates times gradients.
        for (var i = 0; i < rates.Length; i++) rates[i] = -objective.Rates[i].At(t);
        for (int start = 0, points; start < data.Count; start += points)
        {
            points = passes.Forward(ensemble.State, y, data, start, out var x);
            for (var n = 0; n < points; n++)
            {
                var row = n * k;
                TensorPrimitives.Add(passes.Outputs(points).Slice(row, k), passes.OutputTangents(points).Slice(row, k),
                    yhat);
                objective.Loss.Gradient(yhat, data.Label(start + n), e.AsSpan(row, k));
                TensorPrimitives.Multiply(e.AsSpan(row, k), data.Masses[start + n], e.AsSpan(row, k));
            }
            passes.PullBack(ensemble.State, x, points, rates, e.AsSpan(0, points * k), velocities);
        }
        for (var i = 1; objective.WeightDecay > 0 && i <= ensemble.Depth; i++)
        {
            var w = ensemble.Weights(velocities, i).Data;
            var decay = objective.WeightDecay * rates[i - 1];
            TensorPrimitives.MultiplyAdd(ensemble.Weights(ensemble.State.AsSpan(), i).Data, decay, w, w);
            TensorPrimitives.MultiplyAdd(ensemble.Weights(y, i).Data, decay, w, w);
        }
    }

    /// <summary>Sets <paramref name="values"/> to f_lin [point, K] at some points.</summary>
    internal void Predict(ReadOnlySpan<double> u, Dataset points, Span<double> values)
    {
        for (int start = 0, count; start < points.Count; start += count)
        {
            count = passes.Forward(ensemble.State, u, points, start, out _);
            TensorPrimitives.Add(passes.Outputs(count), passes.OutputTangents(count),
                values[(start * points.Outputs)..]);
        }
    }
}
