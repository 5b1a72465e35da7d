using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Geometries;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The products of a layer with positions and taps, as those of matrices: with patches P [point u, c T + d] of the
/// values below, H = b + P diag(p) W, the derivative by P is D diag(p) W^T, and that by W is P^T D, D [point u, c'].
/// </summary>
/// <remarks>Values are [point, position, neuron], of inputs [point, neuron, position].</remarks>
internal sealed class TapProducts
{
    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine;
    private readonly double[] patches;
    private readonly double[][] masses;

    /// <summary>Buffers for blocks of at most <paramref name="capacity"/> points.</summary>
    internal TapProducts(Ensemble ensemble, IMatrixEngine engine, int capacity)
    {
        (this.ensemble, this.engine) = (ensemble, engine);
        var layers = Enumerable.Range(1, ensemble.Depth);
        patches = new double[layers.Max(i => capacity * Patch(ensemble, i, ensemble.Size(i - 1)))];
        masses = [.. layers.Select(i => i == 1 || ensemble.Architecture.IsPlain(i) ? []
            : Repeated(ensemble.Masses(i - 1)[..ensemble.Massive(i - 1)], ensemble.Architecture.Taps(i)))];
    }

    /// <summary>Numbers of a point's patches of so many neurons below layer i; 0 where it needs none.</summary>
    internal static long Patch(Ensemble ensemble, int layer, int neurons) => ensemble.Architecture.IsPlain(layer) ? 0
        : (long)Geometry(ensemble, layer).Positions * ensemble.Architecture.Taps(layer) * neurons;

    /// <summary>Sets H_i(., c') of some neurons from the massive ones below, or adds it without its biases.</summary>
    internal void Forward(int layer, ReadOnlySpan<double> state, ReadOnlySpan<double> below, int points,
        IReadOnlyList<NeuronGroup> groups, MatrixView h, bool add = false)
    {
        var sources = new NeuronGroup(0, ensemble.Massive(layer - 1));
        var p = Gather(layer, below, points, sources);
        foreach (var group in groups)
        {
            var block = h.Block(0, group.First, h.Rows, group.Count);
            if (ensemble.HasBiases && !add)
                for (var n = 0; n < block.Rows; n++)
                    ensemble.Biases(state, layer).Slice(group.First, group.Count).CopyTo(block.Row(n));
            engine.Multiply(1, p.Plain, masses[layer - 1], Weights(state, layer, sources, group).Plain,
                ensemble.HasBiases || add ? 1 : 0, block);
        }
    }

    /// <summary>Sets the derivative by Z_{i-1} from D_i of the massive neurons, or adds it.</summary>
    internal void Backward(int layer, ReadOnlySpan<double> state, ReadOnlyMatrixView d, int points,
        IReadOnlyList<NeuronGroup> groups, Span<double> byZ, bool add = false)
    {
        var host = new NeuronGroup(0, ensemble.Massive(layer));
        ReadOnlySpan<double> p = layer == ensemble.Depth ? [] : ensemble.Masses(layer)[..host.Count];
        if (!add) byZ.Clear();
        foreach (var group in groups)
        {
            var result = Patches(layer, points, group);
            engine.Multiply(1, d.Block(0, 0, d.Rows, host.Count).Plain, p,
                Weights(state, layer, group, host).Transposed, 0, result);
            Geometry(ensemble, layer).Scatter(result.Data, points, ensemble.Size(layer - 1), group.First, group.Count,
                byZ);
        }
    }

    /// <summary>
    /// dw(c, c', d) = keep dw(c, c', d) - rate sum_{n,u} D_i(n, c', u) Z_{i-1}(n, c, source(u, d)), of
    /// groups of neurons of layers 0..L.
    /// </summary>
    internal void AddWeightVelocity(int layer, ReadOnlySpan<double> below, ReadOnlyMatrixView d,
        IReadOnlyList<NeuronGroup>[] groups, double rate, double keep, MatrixView dw)
    {
        var (taps, points) = (ensemble.Architecture.Taps(layer), d.Rows / Geometry(ensemble, layer).Positions);
        foreach (var sources in groups[layer - 1])
        {
            var p = Gather(layer, below, points, sources);
            foreach (var group in groups[layer])
                engine.Multiply(-rate, p.Transposed, [], d.Block(0, group.First, d.Rows, group.Count).Plain, keep,
                    dw.Block(sources.First * taps, group.First, sources.Count * taps, group.Count));
        }
    }

    private static LayerGeometry Geometry(Ensemble ensemble, int layer) => ensemble.Architecture.Geometry[layer - 1];

    private static double[] Repeated(ReadOnlySpan<double> values, int times)
    {
        var all = new double[values.Length * times];
        for (var k = 0; k < all.Length; k++) all[k] = values[k / times];
        return all;
    }

    private ReadOnlyMatrixView Gather(int layer, ReadOnlySpan<double> below, int points, NeuronGroup group)
    {
        var result = Patches(layer, points, group);
        Geometry(ensemble, layer).Gather(below, points, ensemble.Size(layer - 1), group.First, group.Count,
            isInput: layer == 1, result.Data);
        return result;
    }

    private MatrixView Patches(int layer, int points, NeuronGroup group)
    {
        var (rows, columns) = (points * Geometry(ensemble, layer).Positions,
            group.Count * ensemble.Architecture.Taps(layer));
        return new(patches.AsSpan(0, rows * columns), rows, columns);
    }

    private ReadOnlyMatrixView Weights(ReadOnlySpan<double> state, int layer, NeuronGroup rows, NeuronGroup columns)
    {
        var taps = ensemble.Architecture.Taps(layer);
        return ensemble.Weights(state, layer).Block(rows.First * taps, columns.First, rows.Count * taps,
            columns.Count);
    }
}

/// <summary>Neurons of a layer that go through products together.</summary>
internal readonly record struct NeuronGroup(int First, int Count);
