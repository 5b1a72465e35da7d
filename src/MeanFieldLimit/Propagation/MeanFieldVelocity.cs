using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Losses;
using MeanFieldLimit.Schedules;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The mean-field velocity: dW_i(c, c')/dt = -xi_i(t) E_P[D_i(c') d phi_i/d w],
/// db_i(c')/dt = -xi_i(t) E_P[D_i(c') sum_c p(c) d phi_i/d b], with H_0 = x. In the standard model the factors of D_i
/// are s_{i-1}(H_{i-1}(c)) and 1. Mass enters sums, never velocities, so this is the rescaled gradient of a finite
/// network (N_{i-1} N_i grad), the limit's velocity and a tracer's at once. Time is that of the gradient flow.
/// </summary>
/// <remarks>Not for use by two threads at once: it owns the buffers of its passes.</remarks>
public sealed class MeanFieldVelocity : IVectorField
{
    private readonly Ensemble ensemble;
    private readonly ILoss loss;
    private readonly IExpectation expectation;
    private readonly Passes passes;
    private readonly IReadOnlyList<ISchedule> schedules;
    private readonly double[] rates;

    /// <summary>The velocity of <paramref name="ensemble"/> on the loss, under the data expectation.</summary>
    /// <param name="ensemble">What moves.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="expectation">The data, or a batch of it, at each time.</param>
    /// <param name="engine">The matrix products.</param>
    /// <param name="schedules">Learning rates xi_1..xi_L; 1 for all layers where absent.</param>
    public MeanFieldVelocity(Ensemble ensemble, ILoss loss, IExpectation expectation, IMatrixEngine engine,
        IReadOnlyList<ISchedule>? schedules = null)
    {
        (this.ensemble, this.loss, this.expectation) = (ensemble, loss, expectation);
        passes = new(ensemble, engine, Blocks.Capacity(ensemble, expectation.At(0, ensemble.State).Count));
        this.schedules = schedules ?? [.. Enumerable.Repeat(new ConstantSchedule(1), ensemble.Depth)];
        rates = new double[ensemble.Depth];
    }

    /// <inheritdoc/>
    public int Dimension => ensemble.State.Length;

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        var data = expectation.At(t, y);
        for (var i = 0; i < rates.Length; i++) rates[i] = schedules[i].At(t);
        for (var start = 0; start < data.Count; start += passes.Capacity)
        {
            var points = Math.Min(passes.Capacity, data.Count - start);
            var x = data.X.AsSpan(start * data.Inputs, points * data.Inputs);
            passes.Forward(y, x, points);
            FillOutputSignals(data, start, points);
            passes.Backward(y, x, points, rates, first: start == 0, velocity);
        }
    }

    /// <summary>D_L(x, k) = mass(x) dl/dyhat_k s_L'(H_L(x, k)).</summary>
    private void FillOutputSignals(Dataset data, int start, int points)
    {
        Span<double> yhat = passes.Outputs(points), d = passes.OutputSignals(points),
            slopes = passes.OutputSlopes(points);
        var k = data.Outputs;
        ensemble.Architecture.Activations[^1].Derivative(passes.OutputPreactivations(points), yhat, slopes);
        for (var n = 0; n < points; n++)
        {
            var row = d.Slice(n * k, k);
            loss.Gradient(yhat.Slice(n * k, k), data.Label(start + n), row);
            for (var j = 0; j < k; j++) row[j] *= data.Masses[start + n] * slopes[n * k + j];
        }
    }
}
