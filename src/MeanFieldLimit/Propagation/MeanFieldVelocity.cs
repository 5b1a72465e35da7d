using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The mean-field velocity: dW_i(c, c')/dt = -xi_i(t) E_P[D_i(c') d phi_i/d w],
/// db_i(c')/dt = -xi_i(t) E_P[D_i(c') sum_c p(c) d phi_i/d b], with H_0 = x. In the standard model the factors of D_i
/// are s_{i-1}(H_{i-1}(c)) and 1. Mass enters sums, never velocities, so this is the rescaled gradient of a finite
/// network (N_{i-1} N_i grad), the limit's velocity and a tracer's at once. Time is that of the gradient flow.
/// </summary>
/// <remarks>
/// With w_1 held on the unit sphere it is the velocity at the state with w_1 / |w_1| in the place of w_1, less what is
/// not tangent there. It does not see lengths, so that a slope kept from before a state was put back on the sphere is
/// that of the state on it. In factors it is measured by <see cref="MassNorm"/>, for which tracers have no error. Not for
/// use by two threads at once: it owns the buffers of its passes.
/// </remarks>
public sealed class MeanFieldVelocity : IEulerField, IFactoredField
{
    private readonly Ensemble ensemble;
    private readonly ILoss loss;
    private readonly IExpectation expectation;
    private readonly Lazy<Passes> lazyPasses;
    private readonly NeuronBlocks? blocks;
    private readonly Lazy<FactoredVelocity?> factored;
    private readonly IReadOnlyList<ISchedule> schedules;
    private readonly double[] rates, keeps;
    private readonly double decay;
    private readonly bool stepsInPlace;
    private readonly UnitSphere? sphere;
    private readonly double[] onSphere = [];

    /// <summary>That of an ensemble, with learning rates xi_1..xi_L; 1 for all layers where absent.</summary>
    public MeanFieldVelocity(Ensemble ensemble, ILoss loss, IExpectation expectation, IMatrixEngine engine,
        IReadOnlyList<ISchedule>? schedules = null)
    {
        (this.ensemble, this.loss, this.expectation, Threads) = (ensemble, loss, expectation, engine.Threads);
        var points = expectation.At(0, ensemble.State).Count;
        lazyPasses = new(() => Propagation.Passes.InBlocks(ensemble, engine, points));
        blocks = NeuronBlocks.For(ensemble, loss, engine, points);
        // When it is asked for the weight decay is known.
        factored = new(() => expectation is FullExpectation && blocks is null && decay == 0
            ? FactoredVelocity.For(ensemble, engine, points) : null);
        this.schedules = schedules ?? [.. Enumerable.Repeat(new ConstantSchedule(1), ensemble.Depth)];
        (rates, keeps) = (new double[ensemble.Depth], new double[ensemble.Depth]);
        stepsInPlace = blocks is null && ensemble.Architecture.Constraint != WeightConstraint.Sphere
            && ensemble.Architecture.Interactions.All(phi => phi is WeightedSum);
        if (ensemble.Architecture.Constraint != WeightConstraint.Sphere) return;
        (sphere, onSphere) = (new(ensemble), new double[ensemble.State.Length]);
    }

    /// <summary>lambda: -xi_i(t) lambda w_i is added to the velocity of the weights; biases do not decay.</summary>
    /// <exception cref="ArgumentException">It is negative or not finite.</exception>
    public double WeightDecay
    {
        get => decay;
        init => decay = value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentException($"the weight decay must be finite and not negative, got {value}");
    }

    private Passes Passes => lazyPasses.Value;

    /// <inheritdoc/>
    public int Dimension => ensemble.State.Length;

    /// <inheritdoc/>
    public int Threads { get; }

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        if (sphere is not null)
        {
            y.CopyTo(onSphere);
            sphere.Normalise(onSphere);
            y = onSphere;
        }
        var data = expectation.At(t, y);
        Sum(t, y, data, data.Masses, velocity);
        for (var i = 1; decay > 0 && i <= ensemble.Depth; i++)
        {
            var v = ensemble.Weights(velocity, i).Data;
            TensorPrimitives.MultiplyAdd(ensemble.Weights(y, i).Data, -decay * rates[i - 1], v, v);
        }
        sphere?.Project(y, velocity);
    }

    /// <inheritdoc/>
    public int? FactorLength => factored.Value?.Length;

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> y, FactoredSum sum, Span<double> velocity)
    {
        SetRates(t);
        factored.Value!.Evaluate(y, sum, expectation.At(t, y), loss, rates, velocity);
    }

    /// <inheritdoc/>
    public void Expand(ReadOnlySpan<double> y, FactoredSum sum, Span<double> result) =>
        factored.Value!.Expand(y, sum, result);

    /// <inheritdoc/>
    public void ExpandMeasured(FactoredSum sum, Span<double> result) => factored.Value!.ExpandMeasured(sum, result);

    /// <inheritdoc/>
    public bool TryStep(double t, double h, Span<double> y)
    {
        if (!stepsInPlace) return false;
        var data = expectation.At(t, y);
        if (data.Count > Passes.Capacity) return false;
        SetRates(t);
        for (var i = 0; i < rates.Length; i++)
        {
            keeps[i] = 1 - h * decay * rates[i];
            rates[i] *= h;
            // Where weights grow by their decay they may overflow, and the state before is the last good one.
            if (Math.Abs(keeps[i]) > 1) return false;
        }
        var points = Passes.Forward(y, data, 0, out var x);
        Passes.SetOutputSignals(loss, data, 0, points, data.Masses);
        return Passes.StepBack(y, x, points, rates, keeps);
    }

    /// <summary>
    /// velocity = -xi_i(t) sum_x weight_x H_x, H_x being the gradient at point x: points count by weights in the place
    /// of their masses; where <paramref name="each"/> neuron c of the one hidden layer has weights of its own,
    /// [neuron, point], they are for its part w_1(., c), w_2(c, .) of the result.
    /// </summary>
    internal void Sum(double t, ReadOnlySpan<double> y, Dataset data, ReadOnlySpan<double> weights,
        Span<double> velocity, bool each = false)
    {
        SetRates(t);
        if (blocks is not null && !each)
        {
            blocks.Sum(y, data, weights, rates, velocity);
            return;
        }
        for (var start = 0; start < data.Count; start += Passes.Capacity)
        {
            var points = Passes.Forward(y, data, start, out var x);
            Passes.SetOutputSignals(loss, data, start, points, each ? [] : weights);
            if (each)
                Passes.BackwardEach(y, x, points, rates, new(weights[start..], ensemble.Size(1), points, data.Count),
                    first: start == 0, velocity);
            else Passes.Backward(y, x, points, rates, first: start == 0, velocity);
        }
    }

    private void SetRates(double t)
    {
        for (var i = 0; i < rates.Length; i++)
            rates[i] = schedules[i].At(t) * (ensemble.Scales.Count > 0 ? ensemble.Scales[i].WeightRate : 1);
    }
}
