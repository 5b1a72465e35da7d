using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The products of a layer with positions and taps: H(n, u, .) = b + sum_d Z(n, source(u, d), .) diag(p) W_d, and back from
/// D(n, u, .) the derivatives by Z and by W_d(c, c'); W has w(c, c', d) in row c T + d, T taps.
/// </summary>
/// <remarks>Values are [point, position, neuron], of inputs [point, neuron, position].</remarks>
internal sealed class TapProducts
{
    // The derivatives by W of a quarter of the points each, summed in their order, where they take little memory.
    private const int MostParts = 4, PartNumbers = 1 << 20;

    // Panels of weights, which threads keep, of as many as are counted on.
    private const int PanelNumbers = 2 << 18;

    private readonly Ensemble ensemble;
    private readonly ManagedEngine engine;
    private double[] parts = [];

    /// <summary>Those of an ensemble.</summary>
    internal TapProducts(Ensemble ensemble, IMatrixEngine engine) => (this.ensemble, this.engine) = (ensemble, engine.OverTaps);

    /// <summary>Numbers in memory, of a layer with so many weights.</summary>
    internal static double Room(double weights) => Math.Max(PartNumbers, weights) + PanelNumbers;

    /// <summary>Sets H_i(., c') of some neurons from the massive ones below, or adds it without its biases.</summary>
    internal void Forward(int layer, ReadOnlySpan<double> state, ReadOnlySpan<double> below,
        IReadOnlyList<NeuronGroup> groups, MatrixView h, bool add = false)
    {
        var sources = new NeuronGroup(0, ensemble.Massive(layer - 1));
        ReadOnlySpan<double> p = layer == 1 ? [] : ensemble.Masses(layer - 1)[..sources.Count];
        foreach (var group in groups)
        {
            var block = h.Block(0, group.First, h.Rows, group.Count);
            var added = add ? block : ensemble.HasBiases
                ? new ReadOnlyMatrixView(ensemble.Biases(state, layer).Slice(group.First, group.Count), 1, group.Count) : default;
            engine.Multiply(Table(layer), Below(layer, below, sources), p, Weights(state, layer, sources, group), added, block);
        }
    }

    /// <summary>Sets the derivative by Z_{i-1} from D_i of the massive neurons, or adds it.</summary>
    internal void Backward(int layer, ReadOnlySpan<double> state, ReadOnlyMatrixView d, IReadOnlyList<NeuronGroup> groups,
        Span<double> byZ, bool add = false)
    {
        var host = new NeuronGroup(0, ensemble.Massive(layer));
        ReadOnlySpan<double> p = layer == ensemble.Depth ? [] : ensemble.Masses(layer)[..host.Count];
        var neurons = ensemble.Size(layer - 1);
        var all = new MatrixView(byZ, byZ.Length / neurons, neurons);
        foreach (var group in groups)
        {
            var block = all.Block(0, group.First, all.Rows, group.Count);
            engine.MultiplyBack(Table(layer), d.Block(0, 0, d.Rows, host.Count), p, Weights(state, layer, group, host),
                add ? block : default, block);
        }
    }

    /// <summary>
    /// dw(c, c', d) = keep dw(c, c', d) - rate sum_{n,u} D_i(n, c', u) Z_{i-1}(n, c, source(u, d)), of
    /// groups of neurons of layers 0..L.
    /// </summary>
    internal void AddWeightVelocity(int layer, ReadOnlySpan<double> below, ReadOnlyMatrixView d,
        IReadOnlyList<NeuronGroup>[] groups, double rate, double keep, MatrixView dw)
    {
        var table = Table(layer);
        foreach (var sources in groups[layer - 1])
            foreach (var group in groups[layer])
            {
                var block = dw.Block(sources.First * table.Taps, group.First, sources.Count * table.Taps, group.Count);
                var numbers = block.Rows * block.Columns;
                var count = Math.Min(d.Rows / table.Rows, Math.Clamp(PartNumbers / Math.Max(1, numbers), 1, MostParts));
                if (count * numbers > parts.Length) parts = new double[count * numbers];
                engine.MultiplyTransposed(table, Below(layer, below, sources),
                    d.Block(0, group.First, d.Rows, group.Count), count, parts.AsSpan(0, count * numbers));
                for (var r = 0; r < block.Rows; r++)
                {
                    var row = block.Row(r);
                    if (keep == 0) row.Clear();
                    else if (keep != 1) TensorPrimitives.Multiply(row, keep, row);
                    for (var part = 0; part < count; part++)
                        TensorPrimitives.MultiplyAdd(parts.AsSpan(part * numbers + r * block.Columns, block.Columns), -rate, row,
                            row);
                }
            }
    }

    private TapTable Table(int layer) => ensemble.Architecture.Geometry[layer - 1].Table;

    private Images Below(int layer, ReadOnlySpan<double> below, NeuronGroup of)
    {
        var rows = ensemble.Architecture.Geometry[layer - 1].Below.Positions;
        return layer == 1 ? Images.ByColumn(below, rows, ensemble.Size(0), of.First, of.Count)
            : Images.ByRow(below, rows, ensemble.Size(layer - 1), of.First, of.Count);
    }

    private ReadOnlyMatrixView Weights(ReadOnlySpan<double> state, int layer, NeuronGroup rows, NeuronGroup columns)
    {
        var taps = ensemble.Architecture.Taps(layer);
        return ensemble.Weights(state, layer).Block(rows.First * taps, columns.First, rows.Count * taps, columns.Count);
    }
}
