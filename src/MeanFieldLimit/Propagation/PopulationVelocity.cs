using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Schedules;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The mean-field velocity of a two-layer ensemble f(x) = sum_c p_c a_c s(&lt;w_c, x>) under all of x ~ N(0, I_d), the
/// loss (f - f*)^2 and a teacher f* of neurons of the same kind, s piecewise linear. With f - f* = sum_j q_j
/// s(&lt;v_j, x>), k = E s(&lt;w, x>) s(&lt;v, x>) the arc-cosine kernel (Cho and Saul 2009) and r = E s' s',
/// da_c/dt = -2 xi_2 sum_j q_j k(w_c, v_j) and, by integration by parts and s(h) = h s'(h),
/// dw_c/dt = -2 xi_1 a_c sum_j q_j (r(w_c, v_j) v_j + (k - r &lt;w_c, v_j>)(w_c, v_j) w_c / |w_c|^2).
/// </summary>
/// <remarks>Not for use by two threads at once: it owns its buffers.</remarks>
public sealed class PopulationVelocity : IVectorField
{
    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine;
    private readonly IClosedPairs activation;
    private readonly IReadOnlyList<ISchedule> rates;
    private readonly double[] all, inner, outgoing, squares, along, moments, slopes;

    /// <summary>That of an ensemble, with learning rates xi_1 and xi_2.</summary>
    /// <exception cref="ArgumentException">The activation is not piecewise linear, or not the teacher's, or the inputs
    /// are of another dimension.</exception>
    public PopulationVelocity(Ensemble ensemble, NeuronSum teacher, IReadOnlyList<ISchedule> rates,
        IMatrixEngine engine)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        (this.ensemble, this.rates, this.engine) = (ensemble, rates, engine);
        activation = NeuronSum.Of(ensemble, ensemble.State).Activation;
        if (activation is not IPiecewiseLinear || activation.GetType() != teacher.Activation.GetType())
            throw new ArgumentException($"the activation must be that of the teacher, {teacher.Activation.Name}, and " +
                $"piecewise linear, got {activation.Name}", nameof(ensemble));
        var (inputs, width, others) = (ensemble.Size(0), ensemble.Size(1), teacher.Outgoing.Length);
        if (teacher.Incoming.Length != inputs * others)
            throw new ArgumentException($"neurons of the teacher must have {inputs} weights each, got " +
                $"{teacher.Incoming.Length} of {others}", nameof(teacher));
        all = new double[inputs * (width + others)];
        inner = new double[width * (width + others)];
        (outgoing, squares, along) = (new double[width + others], new double[width + others], new double[width]);
        (moments, slopes) = (new double[width + others], new double[width + others]);
        for (var j = 0; j < others; j++)
        {
            var v = teacher.Incoming.AsSpan(j * inputs, inputs);
            for (var i = 0; i < inputs; i++) all[i * (width + others) + width + j] = v[i];
            outgoing[width + j] = -teacher.Outgoing[j];
            squares[width + j] = TensorPrimitives.Dot<double>(v, v);
        }
    }

    /// <inheritdoc/>
    public int Dimension => ensemble.State.Length;

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        var w = ensemble.Weights(y, 1);
        var dw = ensemble.Weights(velocity, 1);
        ReadOnlySpan<double> a = ensemble.Weights(y, 2).Data;
        var da = ensemble.Weights(velocity, 2).Data;
        var (width, count) = (w.Columns, outgoing.Length);
        MatrixView neurons = new(all, w.Rows, count), products = new(inner, width, count);
        squares.AsSpan(0, width).Clear();
        for (var i = 0; i < w.Rows; i++)
        {
            w.Row(i).CopyTo(neurons.Row(i));
            TensorPrimitives.MultiplyAdd(w.Row(i), w.Row(i), squares.AsSpan(0, width), squares.AsSpan(0, width));
        }
        TensorPrimitives.Multiply(ensemble.Masses(1), a, outgoing);
        engine.Multiply(1, w.Transposed, [], neurons.Plain, 0, products);
        double first = -2 * rates[0].At(t), second = -2 * rates[1].At(t);
        for (var c = 0; c < width; c++) da[c] = second * Send(c, products.Row(c));
        // The factors of v_j are in the place of the inner products now.
        engine.Multiply(1, neurons.Plain, [], ((ReadOnlyMatrixView)products).Transposed, 0, dw);
        for (var i = 0; i < w.Rows; i++)
        {
            var row = dw.Row(i);
            TensorPrimitives.MultiplyAdd(along, w.Row(i), row, row);
            TensorPrimitives.Multiply(row, a, row);
            TensorPrimitives.Multiply(row, first, row);
        }
    }

    /// <summary>sum_j q_j k(w_c, v_j); leaves q_j r(w_c, v_j) in the place of &lt;w_c, v_j>.</summary>
    private double Send(int c, Span<double> products)
    {
        products.CopyTo(moments);
        activation.Over(squares[c], squares, moments, slopes);
        TensorPrimitives.Multiply(slopes, outgoing, slopes);
        var sum = TensorPrimitives.Dot<double>(outgoing, moments);
        var radial = sum - TensorPrimitives.Dot<double>(slopes, products);
        along[c] = squares[c] > 0 ? radial / squares[c] : 0;
        slopes.CopyTo(products);
        return sum;
    }
}
