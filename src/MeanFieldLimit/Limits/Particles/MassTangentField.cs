using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The flow of an ensemble with its derivatives along directions dp of the masses of its hidden layers and dm(t) of those
/// of its data: of d theta/dt = v(theta, p, m), du/dt = (d v / d theta) u + (d v / d p) dp + (d v / d m) dm from u = 0, u
/// being d theta / d epsilon at masses p + epsilon dp, m + epsilon dm; or from where a direction starts. The state is
/// [theta, u_1, ..., u_m].
/// </summary>
/// <remarks>Not for use by two threads at once.</remarks>
internal sealed class MassTangentField : IMassDerivatives
{
    private readonly Ensemble ensemble;
    private readonly Objective objective;
    private readonly ICurvedLoss loss;
    private readonly TangentPasses passes;
    private readonly MassDirection[] directions;
    private readonly double[] rates, gradient, e, moved;

    /// <summary>That of directions.</summary>
    /// <exception cref="ArgumentException">One does not sum to 0 in a layer, or there are no derivatives.</exception>
    internal MassTangentField(Ensemble ensemble, Objective objective, IMatrixEngine engine,
        IEnumerable<MassDirection> directions)
    {
        if (Obstacle(ensemble, objective) is { } obstacle) throw new ArgumentException(obstacle, nameof(ensemble));
        (this.ensemble, this.objective, this.directions) = (ensemble, objective, [.. directions]);
        foreach (var dp in this.directions.SelectMany(d => d.Layers)) MassPath.CheckSum(dp, "each layer");
        loss = (ICurvedLoss)objective.Loss;
        var data = objective.Data.Train;
        passes = new(ensemble, engine, data.Count, tracers: true);
        rates = new double[ensemble.Depth];
        (gradient, e, moved) = (Room(), Room(), Room());

        double[] Room() => new double[passes.Capacity * data.Outputs];
    }

    /// <summary>Why an ensemble has no such derivatives, with a remedy; null where it has.</summary>
    internal static string? Obstacle(Ensemble ensemble, Objective objective) =>
        objective.Loss is not ICurvedLoss
            ? $"losses must have second derivatives for a tangent flow, got {objective.Loss.Name}; use half-squared"
        : ensemble.Architecture.Activations.FirstOrDefault(s => s is not ITwiceDifferentiable) is { } kinked
            ? $"activations must be twice differentiable for a tangent flow, got {kinked.Name}; use softplus"
        : !ensemble.Architecture.IsDense
            ? "layers must be dense for a tangent flow of masses, got an image; remove network.image"
        : ensemble.Architecture.Interactions.FirstOrDefault(phi => phi is not WeightedSum) is { } other
            ? $"interactions must be weighted sums for a tangent flow of masses, got {other.Name}; use weighted-sum"
        : MovedMasses.Obstacle(ensemble, objective);

    public int Dimension => ensemble.State.Length * (1 + directions.Length);

    /// <summary>At the start: the ensemble's own state, and u = 0 but where directions start elsewhere.</summary>
    public double[] Initial
    {
        get
        {
            var initial = new double[Dimension];
            ensemble.State.CopyTo(initial, 0);
            for (var j = 0; j < directions.Length; j++)
                directions[j].Start?.Invoke(initial.AsSpan((1 + j) * ensemble.State.Length, ensemble.State.Length));
            return initial;
        }
    }

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocities)
    {
        var (size, k, data) = (ensemble.State.Length, objective.Data.Train.Outputs, objective.Data.Train);
        var state = y[..size];
        velocities.Clear();
        // TangentPasses adds rate times derivatives of gradients.
        for (var i = 0; i < rates.Length; i++) rates[i] = -objective.Rates[i].At(t);
        for (int start = 0, points; start < data.Count; start += points)
        {
            points = passes.Forward(state, data, start, out var x);
            var yhat = passes.Outputs(points);
            for (var n = 0; n < points; n++)
                loss.Gradient(yhat.Slice(n * k, k), data.Label(start + n), gradient.AsSpan(n * k, k));
            Weigh(gradient, e, start, points);
            for (var j = 0; j < directions.Length; j++)
            {
                var at = At(state, y, j);
                passes.Move(at, x, points);
                var tangent = passes.OutputTangents(points);
                for (var n = 0; n < points; n++)
                    loss.HessianProduct(yhat.Slice(n * k, k), data.Label(start + n), tangent.Slice(n * k, k),
                        moved.AsSpan(n * k, k));
                Weigh(moved, moved, start, points);
                if (directions[j].Data is { } path)
                {
                    var dm = path.At(t);
                    for (var n = 0; n < points * k; n++) moved[n] += dm[start + n / k] * gradient[n];
                }
                passes.PullBackTangent(at, x, points, e.AsSpan(0, points * k), moved.AsSpan(0, points * k),
                    velocities.Slice((1 + j) * size, size));
            }
            // The passes back write over what tangents read.
            passes.PullBack(state, x, points, rates, e.AsSpan(0, points * k), velocities[..size]);
        }
        for (var j = 0; objective.WeightDecay > 0 && j <= directions.Length; j++)
            for (var i = 1; i <= ensemble.Depth; i++)
            {
                var w = ensemble.Weights(velocities.Slice(j * size, size), i).Data;
                TensorPrimitives.MultiplyAdd(ensemble.Weights(y.Slice(j * size, size), i).Data,
                    objective.WeightDecay * rates[i - 1], w, w);
            }

        void Weigh(double[] values, double[] weighed, int start, int points)
        {
            for (var n = 0; n < points * k; n++) weighed[n] = values[n] * data.Masses[start + n / k];
        }
    }

    /// <summary>Sets each row of <paramref name="tangents"/>, [m, point K], to d yhat / d epsilon on some points.</summary>
    public void Outputs(ReadOnlySpan<double> y, Dataset points, double[][] tangents)
    {
        var state = y[..ensemble.State.Length];
        for (int start = 0, count; start < points.Count; start += count)
        {
            count = passes.Forward(state, points, start, out var x);
            for (var j = 0; j < directions.Length; j++)
            {
                passes.Move(At(state, y, j), x, count);
                passes.OutputTangents(count).CopyTo(tangents[j].AsSpan(start * points.Outputs));
            }
        }
    }

    private Direction At(ReadOnlySpan<double> state, ReadOnlySpan<double> y, int j) =>
        new(state, y.Slice((1 + j) * state.Length, state.Length), rates, directions[j].Layers);
}
