namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>
/// Measures the gaps between states of a network and states of a reference: the limit that carries the first neurons of
/// the network as tracers, perhaps with more of a wider one behind them, or the same network on another path.
/// </summary>
/// <remarks>Not for use by two threads at once: it owns the buffers of its passes.</remarks>
internal sealed class PathwiseMeasure
{
    private const int MostPoints = 256, Piece = 1024;

    private readonly Ensemble network, reference;
    private readonly Dataset points;
    private readonly int capacity;
    private readonly Lazy<(ForwardPass Ours, ForwardPass Theirs)> passes;
    private readonly double[] roots;

    // Neurons compared in layers 0..L, and the first of them in the reference.
    private readonly int[] common, start;

    /// <summary>The gaps of <paramref name="network"/>, its pre-activations on <paramref name="points"/>.</summary>
    public PathwiseMeasure(Ensemble network, Ensemble reference, Dataset points, IMatrixEngine engine)
    {
        (this.network, this.reference, this.points) = (network, reference, points);
        capacity = Math.Min(points.Count, MostPoints);
        passes = new(() => (new(network, engine, capacity), new(reference, engine, capacity)));
        roots = [.. Enumerable.Range(0, points.Count).Select(points.RootOfMass)];
        start = [.. Enumerable.Range(0, network.Depth + 1).Select(i =>
            reference.Massive(i) < reference.Size(i) ? reference.Massive(i) : 0)];
        common = [.. start.Select((first, i) => Math.Min(network.Size(i), reference.Size(i) - first))];
    }

    /// <summary>The gap between two states; the passes of both on all points are used where they are given.</summary>
    public PathwiseGap Between(ReadOnlySpan<double> state, ReadOnlySpan<double> referenceState, ForwardPass? pass = null,
        ForwardPass? referencePass = null)
    {
        var preactivations = new Sums[network.Depth + 1];
        if (pass is not null && referencePass is not null) Add(preactivations, pass, referencePass, roots);
        else
        {
            var (ours, theirs) = passes.Value;
            for (var first = 0; first < points.Count; first += capacity)
            {
                var count = Math.Min(capacity, points.Count - first);
                ours.Pass(state, points, first, count);
                theirs.Pass(referenceState, points, first, count);
                Add(preactivations, ours, theirs, roots.AsSpan(first, count));
            }
        }
        var layers = new LayerGap[network.Depth];
        for (var i = 1; i <= network.Depth; i++)
        {
            var (taps, columns) = (network.Architecture.Taps(i), common[i]);
            var rows = common[i - 1] * taps;
            Sums weights = default, biases = default;
            weights.Add(network.Weights(state, i).Block(0, 0, rows, columns), reference.Weights(referenceState, i)
                .Block(start[i - 1] * taps, start[i], rows, columns), []);
            if (network.HasBiases)
                biases.Add(new(network.Biases(state, i)[..columns], 1, columns),
                    new(reference.Biases(referenceState, i).Slice(start[i], columns), 1, columns), []);
            layers[i - 1] = new(weights.Norms, biases.Norms, preactivations[i].Norms);
        }
        return new(layers);
    }

    private void Add(Sums[] preactivations, ForwardPass ours, ForwardPass theirs, ReadOnlySpan<double> factors)
    {
        for (var i = 1; i <= network.Depth; i++)
            preactivations[i].Add(ours.Of(i).Block(0, 0, ours.Of(i).Rows, common[i]),
                theirs.Of(i).Block(0, start[i], ours.Of(i).Rows, common[i]), factors);
    }

    private struct Sums
    {
        private double max, squares, count;

        internal readonly Norms Norms => new(max, Math.Sqrt(squares / Math.Max(1, count)));

        /// <summary>
        /// Takes a - b in, a row times its factor in the mean square, 1 where there are none; rows that are positions
        /// of one point have one factor.
        /// </summary>
        internal void Add(ReadOnlyMatrixView a, ReadOnlyMatrixView b, ReadOnlySpan<double> factors)
        {
            Span<double> differences = stackalloc double[Math.Min(Piece, a.Columns)];
            for (var i = 0; i < a.Rows; i++)
            {
                var factor = factors.IsEmpty ? 1 : factors[i / (a.Rows / factors.Length)];
                for (var j = 0; j < a.Columns; j += Piece)
                {
                    var d = differences[..Math.Min(Piece, a.Columns - j)];
                    TensorPrimitives.Subtract(a.Row(i).Slice(j, d.Length), b.Row(i).Slice(j, d.Length), d);
                    max = Math.Max(max, Math.Abs(TensorPrimitives.MaxMagnitude<double>(d)));
                    squares += factor * factor * TensorPrimitives.Dot<double>(d, d);
                }
            }
            count += (double)a.Rows * a.Columns;
        }
    }
}

/// <summary>Records the gap between a network and a reference in the same run.</summary>
internal sealed class PathwiseProbe(Mover network, Mover reference, Dataset points, IMatrixEngine engine) : IProbe
{
    private readonly PathwiseMeasure measure = new(network.Ensemble, reference.Ensemble, points, engine);

    /// <summary>The gaps, one a save time.</summary>
    internal List<PathwiseGap> Gaps { get; } = [];

    public void Look(Run run) => Gaps.Add(
        measure.Between(network.State, reference.State, network.Pass(points), reference.Pass(points)));

    public void Carry(Snapshot snapshot) => snapshot.Carry(Gaps, (ref PathwiseGap gap) =>
    {
        LayerGap[] layers = gap is null ? [] : [.. gap.Layers];
        snapshot.Carry(ref layers);
        gap = new(layers);
    });
}
