using System.Numerics.Tensors;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Dynamics;

/// <summary>
/// One forward and one backward pass of an ensemble over a block of data points:
/// H_i = b_i + sum_c p_{i-1}(c) s_{i-1}(H_{i-1}(., c)) W_i(c, .), yhat = s_L(H_L) and
/// D_{i-1} = s_{i-1}'(H_{i-1}) * sum_c' p_i(c') D_i(., c') W_i(., c')^T.
/// Activations are [point, neuron]. (Nguyen and Pham, standard model; Nguyen, arXiv:1902.02880, section 3.)
/// </summary>
internal sealed class Propagation
{
    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine;
    private readonly double[][] preactivations;
    private readonly double[][] activations;
    private readonly double[][] signals;

    /// <summary>Buffers for blocks of at most <paramref name="capacity"/> points.</summary>
    internal Propagation(Ensemble ensemble, IMatrixEngine engine, int capacity)
    {
        (this.ensemble, this.engine, Capacity) = (ensemble, engine, capacity);
        preactivations = Buffers();
        activations = Buffers();
        signals = Buffers();

        double[][] Buffers() => [.. Enumerable.Range(0, ensemble.Depth + 1)
            .Select(i => i == 0 ? [] : new double[(long)capacity * ensemble.Size(i)])];
    }

    /// <summary>Most points of a block.</summary>
    internal int Capacity { get; }

    /// <summary>H_L [point, K] of the last block.</summary>
    internal Span<double> OutputPreactivations(int points) => preactivations[^1].AsSpan(0, points * ensemble.Size(ensemble.Depth));

    /// <summary>yhat [point, K] of the last block.</summary>
    internal Span<double> Outputs(int points) => activations[^1].AsSpan(0, points * ensemble.Size(ensemble.Depth));

    /// <summary>D_L [point, K]: to be filled before <see cref="Backward"/>.</summary>
    internal Span<double> OutputSignals(int points) => signals[^1].AsSpan(0, points * ensemble.Size(ensemble.Depth));

    /// <summary>Runs the points of <paramref name="x"/>, [point, d], through the layers.</summary>
    internal void Forward(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points)
    {
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var size = ensemble.Size(i);
            var h = preactivations[i].AsSpan(0, points * size);
            var biases = ensemble.Biases(state, i);
            if (!biases.IsEmpty)
                for (var n = 0; n < points; n++) biases.CopyTo(h.Slice(n * size, size));
            engine.Multiply(1, Incoming(i, x, points), Op.Plain, IncomingMasses(i), MassiveRows(state, i), Op.Plain,
                biases.IsEmpty ? 0 : 1, new(h, points, size));
            ensemble.Architecture.Activations[i - 1].Apply(h, activations[i].AsSpan(0, h.Length));
        }
    }

    /// <summary>
    /// Adds -(sum over the block of S_{i-1}^T D_i) to each W_i part of <paramref name="velocity"/> and
    /// -(sum of D_i) to each b_i part where biases are trained; with <paramref name="first"/>, sets them.
    /// Masses of the data points are in D_L already.
    /// </summary>
    internal void Backward(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points, bool first, Span<double> velocity)
    {
        for (var i = ensemble.Depth; i >= 1; i--)
        {
            var d = new ReadOnlyMatrixView(signals[i].AsSpan(0, points * ensemble.Size(i)), points, ensemble.Size(i));
            var source = i == 1 ? new(x, points, ensemble.Size(0)) : View(activations[i - 1], points, ensemble.Size(i - 1));
            engine.Multiply(-1, source, Op.Transposed, [], d, Op.Plain, first ? 0 : 1, ensemble.Weights(velocity, i));
            SubtractColumnSums(d, first, ensemble.Biases(velocity, i));
            if (i == 1) break;

            var size = ensemble.Size(i - 1);
            var below = signals[i - 1].AsSpan(0, points * size);
            var w = ensemble.Weights(state, i);
            var massive = ensemble.Massive(i);
            engine.Multiply(1, new(d.Data, points, massive, d.Stride), Op.Plain,
                i == ensemble.Depth ? [] : ensemble.Masses(i)[..massive],
                new(w.Data, w.Rows, massive, w.Stride), Op.Transposed, 0, new(below, points, size));
            // H is not needed any more: its place takes s'(H).
            var h = preactivations[i - 1].AsSpan(0, points * size);
            ensemble.Architecture.Activations[i - 2].Derivative(h, activations[i - 1].AsSpan(0, h.Length), h);
            TensorPrimitives.Multiply(below, h, below);
        }
    }

    private static ReadOnlyMatrixView View(double[] buffer, int rows, int columns) =>
        new(buffer.AsSpan(0, rows * columns), rows, columns);

    /// <summary>S_{i-1} of the massive neurons, [point, massive].</summary>
    private ReadOnlyMatrixView Incoming(int layer, ReadOnlySpan<double> x, int points)
    {
        var size = ensemble.Size(layer - 1);
        return layer == 1
            ? new(x, points, size)
            : new(activations[layer - 1].AsSpan(0, points * size), points, ensemble.Massive(layer - 1), size);
    }

    private ReadOnlySpan<double> IncomingMasses(int layer) =>
        layer == 1 ? [] : ensemble.Masses(layer - 1)[..ensemble.Massive(layer - 1)];

    private ReadOnlyMatrixView MassiveRows(ReadOnlySpan<double> state, int layer)
    {
        var w = ensemble.Weights(state, layer);
        return new(w.Data, ensemble.Massive(layer - 1), w.Columns, w.Stride);
    }

    private void SubtractColumnSums(ReadOnlyMatrixView d, bool first, Span<double> biasVelocity)
    {
        if (first) biasVelocity.Clear();
        if (ensemble.Architecture.Biases != BiasMode.Trained) return;
        for (var n = 0; n < d.Rows; n++)
            TensorPrimitives.Subtract(biasVelocity, d.Data.Slice(n * d.Stride, d.Columns), biasVelocity);
    }
}
