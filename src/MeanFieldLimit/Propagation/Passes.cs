using System.Numerics.Tensors;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// One forward and one backward pass of an ensemble over a block of data points:
/// H_i = b_i + sum_c p_{i-1}(c) s_{i-1}(H_{i-1}(., c)) W_i(c, .), yhat = s_L(H_L) and
/// D_{i-1} = s_{i-1}'(H_{i-1}) * sum_c' p_i(c') D_i(., c') W_i(., c')^T.
/// Activations are [point, neuron]. (Nguyen and Pham, standard model; Nguyen, arXiv:1902.02880, section 3.)
/// </summary>
internal sealed class Passes
{
    // Vectorised functions take another path, with other bits, for spans shorter than a vector: activations see at
    // least this many values (those beyond the block are left over and unused), so that no tracer changes the path.
    private const int LeastLength = 8;

    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine;
    private readonly double[][] preactivations;
    private readonly double[][] activations;
    private readonly double[][] signals;

    // The massive neurons of a layer, then its tracers if it has any. They go through separate products: those of
    // the host then have the same shapes, hence the same bits, whether tracers ride along or not.
    private readonly Group[][] groups;

    /// <summary>Buffers for blocks of at most <paramref name="capacity"/> points.</summary>
    internal Passes(Ensemble ensemble, IMatrixEngine engine, int capacity)
    {
        (this.ensemble, this.engine, Capacity) = (ensemble, engine, capacity);
        preactivations = Buffers();
        activations = Buffers();
        signals = Buffers();
        groups = [.. Enumerable.Range(0, ensemble.Depth + 1).Select(i => ensemble.Massive(i) == ensemble.Size(i)
            ? new[] { new Group(0, ensemble.Size(i)) }
            : [new(0, ensemble.Massive(i)), new(ensemble.Massive(i), ensemble.Size(i) - ensemble.Massive(i))])];

        double[][] Buffers() => [.. Enumerable.Range(0, ensemble.Depth + 1)
            .Select(i => i == 0 ? [] : new double[Math.Max(LeastLength, (long)capacity * ensemble.Size(i))])];
    }

    /// <summary>Most points of a block.</summary>
    internal int Capacity { get; }

    /// <summary>H_L [point, K] of the last block.</summary>
    internal Span<double> OutputPreactivations(int points) =>
        preactivations[^1].AsSpan(0, points * ensemble.Size(ensemble.Depth));

    /// <summary>H_i [point, neuron] of the last block, until <see cref="Backward"/>.</summary>
    internal ReadOnlyMatrixView Preactivations(int layer, int points) => Writable(preactivations, layer, points);

    /// <summary>yhat [point, K] of the last block.</summary>
    internal Span<double> Outputs(int points) => activations[^1].AsSpan(0, points * ensemble.Size(ensemble.Depth));

    /// <summary>D_L [point, K]: to be filled before <see cref="Backward"/>.</summary>
    internal Span<double> OutputSignals(int points) => signals[^1].AsSpan(0, points * ensemble.Size(ensemble.Depth));

    /// <summary>Runs the points of <paramref name="x"/>, [point, d], through the layers.</summary>
    internal void Forward(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points)
    {
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var h = Writable(preactivations, i, points);
            var biases = ensemble.Biases(state, i);
            if (!biases.IsEmpty)
                for (var n = 0; n < points; n++) biases.CopyTo(h.Data.Slice(n * h.Stride, h.Columns));
            var host = ensemble.Massive(i - 1);
            var incoming = Below(i, x, points).Block(0, 0, points, host);
            var w = ensemble.Weights(state, i);
            foreach (var (first, count) in groups[i])
                engine.Multiply(1, incoming, Op.Plain, MassesInSums(i - 1), w.Block(0, first, host, count), Op.Plain,
                    biases.IsEmpty ? 0 : 1, h.Block(0, first, points, count));
            ensemble.Architecture.Activations[i - 1]
                .Apply(Values(preactivations, i, points), Values(activations, i, points));
        }
    }

    /// <summary>
    /// Adds -xi_i (sum over the block of S_{i-1}^T D_i) to each W_i part of <paramref name="velocity"/> and
    /// -xi_i (sum of D_i) to each b_i part where biases are trained; with <paramref name="first"/>, sets them.
    /// Masses of the data points are in D_L already; xi_i is rates[i - 1].
    /// </summary>
    internal void Backward(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points,
        ReadOnlySpan<double> rates, bool first, Span<double> velocity)
    {
        for (var i = ensemble.Depth; i >= 1; i--)
        {
            ReadOnlyMatrixView d = Writable(signals, i, points);
            AddGradients(i, rates[i - 1], Below(i, x, points), d, first, velocity);
            if (i == 1) break;

            var host = ensemble.Massive(i);
            var below = Writable(signals, i - 1, points);
            var w = ensemble.Weights(state, i);
            foreach (var (start, count) in groups[i - 1])
                engine.Multiply(1, d.Block(0, 0, points, host), Op.Plain, MassesInSums(i),
                    w.Block(start, 0, count, host), Op.Transposed, 0, below.Block(0, start, points, count));
            // H is not needed any more: its place takes s'(H).
            var h = Values(preactivations, i - 1, points);
            ensemble.Architecture.Activations[i - 2].Derivative(h, Values(activations, i - 1, points), h);
            TensorPrimitives.Multiply(below.Data, h[..below.Data.Length], below.Data);
        }
    }

    private void AddGradients(int layer, double rate, ReadOnlyMatrixView below, ReadOnlyMatrixView d, bool first,
        Span<double> velocity)
    {
        var dw = ensemble.Weights(velocity, layer);
        foreach (var (row, rows) in groups[layer - 1])
            foreach (var (column, columns) in groups[layer])
                engine.Multiply(-rate, below.Block(0, row, below.Rows, rows), Op.Transposed, [],
                    d.Block(0, column, d.Rows, columns), Op.Plain, first ? 0 : 1, dw.Block(row, column, rows, columns));

        var db = ensemble.Biases(velocity, layer);
        if (first) db.Clear();
        if (ensemble.Architecture.Biases != BiasMode.Trained) return;
        for (var n = 0; n < d.Rows; n++)
            TensorPrimitives.MultiplyAdd(d.Data.Slice(n * d.Stride, d.Columns), -rate, db, db);
    }

    private Span<double> Values(double[][] buffers, int layer, int points) =>
        buffers[layer].AsSpan(0, Math.Max(LeastLength, points * ensemble.Size(layer)));

    private MatrixView Writable(double[][] buffers, int layer, int points) =>
        new(buffers[layer].AsSpan(0, points * ensemble.Size(layer)), points, ensemble.Size(layer));

    /// <summary>S_{i-1}, [point, neuron]; S_0 = x.</summary>
    private ReadOnlyMatrixView Below(int layer, ReadOnlySpan<double> x, int points) =>
        layer == 1 ? new(x, points, ensemble.Size(0)) : (ReadOnlyMatrixView)Writable(activations, layer - 1, points);

    /// <summary>Masses of the massive neurons, as sums over a layer need them; empty where all are 1.</summary>
    private ReadOnlySpan<double> MassesInSums(int layer) =>
        layer == 0 || layer == ensemble.Depth ? [] : ensemble.Masses(layer)[..ensemble.Massive(layer)];

    private readonly record struct Group(int First, int Count);
}
