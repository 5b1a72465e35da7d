using System.Collections.Concurrent;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Geometries;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The products of a layer with positions and taps, as those of matrices: with patches P [point u, c T + d] of the
/// values below, H = b + P diag(p) W, the derivative by P is D diag(p) W^T, and that by W is P^T D, D [point u, c'].
/// </summary>
/// <remarks>Values are [point, position, neuron], of inputs [point, neuron, position]. Patches are those of a few points
/// at a time, which stay in cache; points are divided among threads in pieces that depend on the layer alone.</remarks>
internal sealed class TapProducts
{
    // Of patches that are there at a time, where they are not of fewer rows than products need.
    private const int PatchNumbers = 1 << 17, LeastRows = 16;

    // The derivatives by W of a quarter of the points each, summed in their order, where they take little memory.
    private const int MostParts = 4, PartNumbers = 1 << 20;

    // What is counted of threads, before it is known how many there are.
    private const int PatchesAtOnce = 2;

    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine, each;
    private readonly ConcurrentBag<double[]> free = [];
    private readonly double[][] masses;
    private readonly int largest;
    private double[] parts = [];

    /// <summary>Those of an ensemble.</summary>
    internal TapProducts(Ensemble ensemble, IMatrixEngine engine)
    {
        (this.ensemble, this.engine, each) = (ensemble, engine, engine.OnOneThread);
        masses = [.. Enumerable.Range(1, ensemble.Depth).Select(i => i == 1 || ensemble.Architecture.IsPlain(i) ? []
            : Repeated(ensemble.Masses(i - 1)[..ensemble.Massive(i - 1)], ensemble.Architecture.Taps(i)))];
        largest = Enumerable.Range(1, ensemble.Depth).Max(i => ensemble.Architecture.IsPlain(i) ? 0
            : Pieces(i, int.MaxValue).At(0).Rows * ensemble.Size(i - 1) * ensemble.Architecture.Taps(i));
    }

    /// <summary>Numbers in memory, of a layer with so many positions, columns of patches and weights.</summary>
    internal static double Room(double positions, double columns, double weights) =>
        PatchesAtOnce * Math.Max(PatchNumbers, Math.Max(LeastRows, positions) * columns) + Math.Max(PartNumbers, weights);

    /// <summary>Sets H_i(., c') of some neurons from the massive ones below, or adds it without its biases.</summary>
    internal void Forward(int layer, ReadOnlySpan<double> state, ReadOnlySpan<double> below, int points,
        IReadOnlyList<NeuronGroup> groups, MatrixView h, bool add = false)
    {
        var sources = new NeuronGroup(0, ensemble.Massive(layer - 1));
        var (pieces, columns, stride) = (Pieces(layer, points), h.Columns, h.Stride);
        Workers.Run(pieces.Count, engine.Threads, state, below, h.Data, (n, y, z, all) =>
        {
            var piece = pieces.At(n);
            var p = Gather(layer, z, piece, sources, out var buffer);
            foreach (var group in groups)
            {
                var block = new MatrixView(all, pieces.Rows, columns, stride)
                    .Block(piece.FirstRow, group.First, piece.Rows, group.Count);
                if (ensemble.HasBiases && !add)
                    for (var r = 0; r < block.Rows; r++)
                        ensemble.Biases(y, layer).Slice(group.First, group.Count).CopyTo(block.Row(r));
                pieces.Engine.Multiply(1, p.Plain, masses[layer - 1], Weights(y, layer, sources, group).Plain,
                    ensemble.HasBiases || add ? 1 : 0, block);
            }
            free.Add(buffer);
        });
    }

    /// <summary>Sets the derivative by Z_{i-1} from D_i of the massive neurons, or adds it.</summary>
    internal void Backward(int layer, ReadOnlySpan<double> state, ReadOnlyMatrixView d, int points,
        IReadOnlyList<NeuronGroup> groups, Span<double> byZ, bool add = false)
    {
        var host = new NeuronGroup(0, ensemble.Massive(layer));
        if (!add) byZ.Clear();
        var (pieces, geometry, columns, stride) = (Pieces(layer, points), Geometry(layer), d.Columns, d.Stride);
        Workers.Run(pieces.Count, engine.Threads, state, d.Data, byZ, (n, y, signals, all) =>
        {
            var piece = pieces.At(n);
            ReadOnlySpan<double> p = layer == ensemble.Depth ? [] : ensemble.Masses(layer)[..host.Count];
            foreach (var group in groups)
            {
                var buffer = Take(layer, piece, group, out var result);
                var signal = new ReadOnlyMatrixView(signals, pieces.Rows, columns, stride)
                    .Block(piece.FirstRow, 0, piece.Rows, host.Count);
                pieces.Engine.Multiply(1, signal.Plain, p, Weights(y, layer, group, host).Transposed, 0, result);
                var numbers = geometry.Below.Positions * ensemble.Size(layer - 1);
                geometry.Scatter(result.Data, piece.Points, ensemble.Size(layer - 1), group.First, group.Count,
                    all.Slice(piece.First * numbers, piece.Points * numbers));
                free.Add(buffer);
            }
        });
    }

    /// <summary>
    /// dw(c, c', d) = keep dw(c, c', d) - rate sum_{n,u} D_i(n, c', u) Z_{i-1}(n, c, source(u, d)), of
    /// groups of neurons of layers 0..L.
    /// </summary>
    internal void AddWeightVelocity(int layer, ReadOnlySpan<double> below, ReadOnlyMatrixView d,
        IReadOnlyList<NeuronGroup>[] groups, double rate, double keep, MatrixView dw)
    {
        var (taps, columns, stride) = (ensemble.Architecture.Taps(layer), d.Columns, d.Stride);
        var pieces = Pieces(layer, d.Rows / Geometry(layer).Positions);
        foreach (var sources in groups[layer - 1])
            foreach (var group in groups[layer])
            {
                var block = dw.Block(sources.First * taps, group.First, sources.Count * taps, group.Count);
                var numbers = block.Rows * block.Columns;
                var count = Math.Min(pieces.Count, Math.Clamp(PartNumbers / Math.Max(1, numbers), 1, MostParts));
                if (count * numbers > parts.Length) parts = new double[count * numbers];
                // In parts one after the other the products have the threads.
                var product = count == 1 ? engine : each;
                Workers.Run(count, engine.Threads, below, d.Data, parts, (part, z, signals, all) =>
                {
                    var sum = new MatrixView(all.Slice(part * numbers, numbers), sources.Count * taps, group.Count);
                    var first = pieces.Count * part / count;
                    for (var n = first; n < pieces.Count * (part + 1) / count; n++)
                    {
                        var piece = pieces.At(n);
                        var p = Gather(layer, z, piece, sources, out var buffer);
                        product.Multiply(1, p.Transposed, [], new ReadOnlyMatrixView(signals, pieces.Rows, columns, stride)
                            .Block(piece.FirstRow, group.First, piece.Rows, group.Count).Plain, n == first ? 0 : 1, sum);
                        free.Add(buffer);
                    }
                });
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

    private LayerGeometry Geometry(int layer) => ensemble.Architecture.Geometry[layer - 1];

    private static double[] Repeated(ReadOnlySpan<double> values, int times)
    {
        var all = new double[values.Length * times];
        for (var k = 0; k < all.Length; k++) all[k] = values[k / times];
        return all;
    }

    private ReadOnlyMatrixView Gather(int layer, ReadOnlySpan<double> below, Piece piece, NeuronGroup group, out double[] buffer)
    {
        buffer = Take(layer, piece, group, out var result);
        var numbers = Geometry(layer).Below.Positions * ensemble.Size(layer - 1);
        Geometry(layer).Gather(below.Slice(piece.First * numbers, piece.Points * numbers), piece.Points,
            ensemble.Size(layer - 1), group.First, group.Count, isInput: layer == 1, result.Data);
        return result;
    }

    /// <summary>A buffer, and in it the patches of a piece.</summary>
    private double[] Take(int layer, Piece piece, NeuronGroup group, out MatrixView patches)
    {
        var columns = group.Count * ensemble.Architecture.Taps(layer);
        if (!free.TryTake(out var buffer)) buffer = new double[largest];
        patches = new(buffer.AsSpan(0, piece.Rows * columns), piece.Rows, columns);
        return buffer;
    }

    private ReadOnlyMatrixView Weights(ReadOnlySpan<double> state, int layer, NeuronGroup rows, NeuronGroup columns)
    {
        var taps = ensemble.Architecture.Taps(layer);
        return ensemble.Weights(state, layer).Block(rows.First * taps, columns.First, rows.Count * taps,
            columns.Count);
    }

    /// <summary>The points of a block, by as many as the patches of the massive neurons below have room for.</summary>
    private PointPieces Pieces(int layer, int points)
    {
        var positions = Geometry(layer).Positions;
        var columns = ensemble.Massive(layer - 1) * ensemble.Architecture.Taps(layer);
        var size = Math.Max(PatchNumbers / columns, LeastRows) / positions;
        return new(points, Math.Max(1, size), positions, size >= points ? engine : each);
    }

    /// <param name="All">Points of the block.</param>
    /// <param name="Size">Points of a piece.</param>
    /// <param name="Positions">Rows of a point.</param>
    /// <param name="Engine">What multiplies for a piece: of one piece alone, on all threads.</param>
    private readonly record struct PointPieces(int All, int Size, int Positions, IMatrixEngine Engine)
    {
        public int Count => (All + Size - 1) / Size;

        public int Rows => All * Positions;

        public Piece At(int n) => new(n * Size, Math.Min(Size, All - n * Size), Positions);
    }

    private readonly record struct Piece(int First, int Points, int Positions)
    {
        public int FirstRow => First * Positions;

        public int Rows => Points * Positions;
    }
}
