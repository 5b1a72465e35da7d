using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// One forward and one backward pass of an ensemble over a block of data points:
/// H_i(., c') = sum_c p_{i-1}(c) phi_i(w_i(c, c'), b_i(c'), H_{i-1}(., c)), yhat = s_L(H_L) and
/// D_{i-1}(., c) = sum_c' p_i(c') D_i(., c') d phi_i/d h. In the standard model phi = w s(h) + b, these are
/// H_i = b_i + S_{i-1} diag(p_{i-1}) W_i and D_{i-1} = s_{i-1}'(H_{i-1}) * D_i diag(p_i) W_i^T.
/// Activations are [point, neuron], on images [point, position, neuron], and pooled on the way up. (Nguyen and Pham
/// 2020; Nguyen, arXiv:1902.02880, section 3.)
/// </summary>
internal sealed class Passes
{
    // Pre-activations, activations and signals of a block stay within 64 MiB and 512 points: larger blocks did
    // not make the matrix products faster, and points x neurons of a whole data set need not fit in memory. Tracers do
    // not count: blocks decide the order of sums over points, which they must not change.
    private const double MostBytes = 64L << 20;
    private const int LeastPoints = 16, MostPoints = 512;
    internal static readonly Identity Inputs = new();

    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine;
    private readonly PassBuffers buffers;
    private readonly double[] scratch;
    private readonly Dictionary<(Dataset, int), double[]> initials = [];
    private readonly TapProducts taps;
    private readonly NeuronGroup[][] groups;

    /// <summary>Buffers for blocks of at most <paramref name="capacity"/> points.</summary>
    internal Passes(Ensemble ensemble, IMatrixEngine engine, int capacity)
    {
        (this.ensemble, this.engine, Capacity) = (ensemble, engine, capacity);
        buffers = new(ensemble, engine.Threads, capacity);
        scratch = ensemble.Architecture.Interactions.All(phi => phi is WeightedSum) ? []
            : new double[Math.Max(4L, capacity + 1) * Enumerable.Range(0, ensemble.Depth + 1).Max(ensemble.Size)];
        taps = new(ensemble, engine);
        groups = NeuronGroup.Of(ensemble);
    }

    /// <summary>Buffers for as many of so many data points as pass through the layers at a time.</summary>
    internal static Passes InBlocks(Ensemble ensemble, IMatrixEngine engine, int count)
    {
        var values = Enumerable.Range(1, ensemble.Depth).Sum(i =>
            (double)ensemble.Massive(i) * ensemble.Architecture.Geometry[i - 1].Positions);
        return new(ensemble, engine, Math.Min(count, Points(values)));
    }

    /// <summary>Points of a block at most, of so many values of massive neurons at their positions.</summary>
    internal static int Points(double values) =>
        (int)Math.Clamp(Math.Floor(MostBytes / (3 * sizeof(double) * values)), LeastPoints, MostPoints);

    internal int Capacity { get; }

    /// <summary>H_i [point position, neuron] of the last block.</summary>
    internal ReadOnlyMatrixView Preactivations(int layer, int points) => buffers.Matrix(buffers.Preactivations, layer, points);

    /// <summary>s_i(H_i) [point, neuron] of the last block; x for i = 0.</summary>
    internal ReadOnlyMatrixView Activations(int layer, ReadOnlySpan<double> x, int points) =>
        buffers.Below(buffers.Activations, layer + 1, x, points);

    /// <summary>s_i(H_i) of the last block before pooling.</summary>
    internal Span<double> Unpooled(int layer, int points) => buffers.Values(buffers.Unpooled, layer, points);

    /// <summary>D_i [point, neuron] of the last block.</summary>
    internal ReadOnlyMatrixView Signals(int layer, int points) => buffers.Matrix(buffers.Signals, layer, points);

    /// <summary>D_L [point, K], to be set before <see cref="Backward"/>.</summary>
    internal Span<double> OutputSignals(int points) => buffers.Values(buffers.Signals, ensemble.Depth, points);

    /// <summary>D_i of all layers for output k in place of a loss: D_L(x, j) = 1[j = k] s_L'(H_L(x, j)).</summary>
    internal void BackwardOf(int k, ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points)
    {
        var d = buffers.Values(buffers.Signals, ensemble.Depth, points);
        ensemble.Architecture.Activations[^1].Derivative(buffers.Values(buffers.Preactivations, ensemble.Depth, points),
            Outputs(points), d);
        var outputs = ensemble.Size(ensemble.Depth);
        for (var n = 0; n < d.Length; n++)
            if (n % outputs != k) d[n] = 0;
        for (var i = ensemble.Depth; i > 1; i--)
            SendBack(i, state, x, buffers.Matrix(buffers.Signals, i, points), buffers.Matrix(buffers.Signals, i - 1, points));
    }

    /// <summary>yhat [point, K] of the last block.</summary>
    internal Span<double> Outputs(int points) => buffers.Values(buffers.Activations, ensemble.Depth, points);

    /// <summary>Runs a block of data points, from one on, through the layers; says how many they are.</summary>
    internal int Forward(ReadOnlySpan<double> state, Dataset data, int start, out ReadOnlySpan<double> x)
    {
        var points = Math.Min(Capacity, data.Count - start);
        x = data.X.AsSpan(start * data.Inputs, points * data.Inputs);
        var initial = ensemble.Offset is { ReplacesInitial: true } ? Initial(data, start, x, points) : [];
        Forward(state, x, points);
        if (initial.Length > 0) TensorPrimitives.Subtract(Outputs(points), initial, Outputs(points));
        ensemble.Offset?.AddTo(data, start, Outputs(points));
        return points;
    }

    /// <summary>What the initial state puts out, by the same products: its bits are subtracted from its own.</summary>
    private double[] Initial(Dataset data, int start, ReadOnlySpan<double> x, int points)
    {
        if (!initials.TryGetValue((data, start), out var outputs))
        {
            Forward(ensemble.State, x, points);
            initials[(data, start)] = outputs = Outputs(points).ToArray();
        }
        return outputs;
    }

    /// <summary>Runs the points of <paramref name="x"/>, [point, d], through the layers.</summary>
    internal void Forward(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points)
    {
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var h = buffers.Matrix(buffers.Preactivations, i, points);
            if (!IsPlain(i)) taps.Forward(i, state, Sources(i, x), groups[i], h);
            else foreach (var group in groups[i])
                Interaction(i).Forward(Pairs(state, i, x, points, groups[i - 1][0], group, ensemble.MassesInSums(i - 1)),
                    h.Block(0, group.First, points, group.Count));
            buffers.Activate(i, points);
            Pool(i)?.Apply(buffers.Values(buffers.Unpooled, i, points), points, ensemble.Size(i), buffers.Activations[i]);
        }
    }

    /// <summary>D_L(x, k) = weight(x) dl/dyhat_k s_L'(H_L(x, k)) of the last block; weights 1 where absent.</summary>
    internal void SetOutputSignals(ILoss loss, Dataset data, int start, int points, ReadOnlySpan<double> weights)
    {
        LossSignals.Set(loss, data, start, weights, Outputs(points), buffers.SetSlopes(ensemble.Depth, points),
            buffers.Values(buffers.Signals, ensemble.Depth, points));
    }

    /// <summary>
    /// Adds -xi_i sum_n D_i(n, c') d phi_i/d w (over the block; S_{i-1}^T D_i in the standard model) to each W_i part
    /// of <paramref name="velocity"/> and -xi_i sum_n D_i(n, c') sum_c p(c) d phi_i/d b to each b_i part where biases
    /// are trained; with <paramref name="first"/>, sets them. Masses of the data points are in D_L already; xi_i is
    /// rates[i - 1].
    /// </summary>
    internal void Backward(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points,
        ReadOnlySpan<double> rates, bool first, Span<double> velocity)
    {
        for (var i = ensemble.Depth; i >= 1; i--)
        {
            ReadOnlyMatrixView d = buffers.Matrix(buffers.Signals, i, points);
            if (first) ensemble.Biases(velocity, i).Clear();
            AddVelocity(i, rates[i - 1], state, x, d, first ? 0 : 1, velocity);
            if (i > 1) SendBack(i, state, x, d, buffers.Matrix(buffers.Signals, i - 1, points));
        }
    }

    /// <summary>
    /// The same added to the state itself, h of a step being in the rates, and weights multiplied by keeps[i - 1] before:
    /// nothing but the state is written. False, with the state as it was, where a signal is not finite.
    /// </summary>
    internal bool StepBack(Span<double> state, ReadOnlySpan<double> x, int points, ReadOnlySpan<double> rates,
        ReadOnlySpan<double> keeps)
    {
        for (var i = ensemble.Depth; i >= 1; i--)
        {
            if (!double.IsFinite(TensorPrimitives.Sum<double>(buffers.Values(buffers.Signals, i, points)))) return false;
            if (i > 1)
                SendBack(i, state, x, buffers.Matrix(buffers.Signals, i, points),
                    buffers.Matrix(buffers.Signals, i - 1, points));
        }
        for (var i = ensemble.Depth; i >= 1; i--)
            AddVelocity(i, rates[i - 1], state, x, buffers.Matrix(buffers.Signals, i, points), keeps[i - 1], state);
        return true;
    }

    /// <summary>
    /// The same for two layers, each neuron c of layer 1 with its own <paramref name="weights"/> A, [neuron, point], of
    /// the points, which D_L does not have: -xi_1 sum_n A(c, n) D_1(n, c) d phi_1/d w and
    /// -xi_2 sum_n A(c, n) s_1(H_1(n, c)) D_2(n, .), biases 0. Layer 2 must be a weighted sum. It leaves the
    /// activations of layer 1 weighted.
    /// </summary>
    internal void BackwardEach(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points,
        ReadOnlySpan<double> rates, ReadOnlyMatrixView weights, bool first, Span<double> velocity)
    {
        ReadOnlyMatrixView d = buffers.Matrix(buffers.Signals, 2, points);
        MatrixView below = buffers.Matrix(buffers.Signals, 1, points), s = buffers.Matrix(buffers.Activations, 1, points);
        SendBack(2, state, x, d, below);
        for (var n = 0; n < points; n++)
        {
            Span<double> signal = below.Row(n), activation = s.Row(n);
            for (var c = 0; c < signal.Length; c++)
            {
                var weight = weights.Data[c * weights.Stride + n];
                signal[c] *= weight;
                activation[c] *= weight;
            }
        }
        for (var i = 1; i <= 2 && first; i++) ensemble.Biases(velocity, i).Clear();
        AddVelocity(2, rates[1], state, x, d, first ? 0 : 1, velocity);
        AddVelocity(1, rates[0], state, x, below, first ? 0 : 1, velocity);
    }

    /// <summary>D_{i-1} from D_i.</summary>
    private void SendBack(int i, ReadOnlySpan<double> state, ReadOnlySpan<double> x, ReadOnlyMatrixView d,
        MatrixView below)
    {
        var (host, points) = (groups[i][0], d.Rows / Positions(i));
        if (!IsPlain(i))
        {
            var signal = buffers.Values(buffers.Signals, i - 1, points);
            taps.Backward(i, state, d, groups[i - 1], Pool(i - 1) is { } pooled
                ? buffers.ByPooled[i - 1].AsSpan(0, points * pooled.Extent.Positions * below.Columns) : signal);
            Pool(i - 1)?.Return(buffers.Values(buffers.Unpooled, i - 1, points), buffers.Activations[i - 1],
                buffers.ByPooled[i - 1], points, below.Columns, signal);
            buffers.MultiplyBySlopes(i - 1, points);
            return;
        }
        buffers.SetSlopes(i - 1, points);
        foreach (var group in groups[i - 1])
            Interaction(i).Backward(Pairs(state, i, x, points, group, host, ensemble.MassesInSums(i)),
                d.Block(0, 0, points, host.Count), below.Block(0, group.First, points, group.Count));
    }

    private void AddVelocity(int layer, double rate, ReadOnlySpan<double> state, ReadOnlySpan<double> x,
        ReadOnlyMatrixView d, double keep, Span<double> velocity)
    {
        var dw = ensemble.Weights(velocity, layer);
        if (!IsPlain(layer))
            taps.AddWeightVelocity(layer, Sources(layer, x), d, groups, rate, keep, dw);
        else foreach (var rows in groups[layer - 1])
            foreach (var columns in groups[layer])
                Interaction(layer).AddWeightVelocity(Pairs(state, layer, x, d.Rows, rows, columns, []),
                    d.Block(0, columns.First, d.Rows, columns.Count), rate, keep,
                    dw.Block(rows.First, columns.First, rows.Count, columns.Count));

        var db = ensemble.Biases(velocity, layer);
        if (ensemble.Architecture.Biases != BiasMode.Trained) return;
        rate = ensemble.BiasRate(layer, rate);
        if (!IsPlain(layer))
            for (var n = 0; n < d.Rows; n++) TensorPrimitives.MultiplyAdd(d.Row(n), -rate, db, db);
        else foreach (var columns in groups[layer])
            Interaction(layer).AddBiasVelocity(
                Pairs(state, layer, x, d.Rows, groups[layer - 1][0], columns, ensemble.MassesInSums(layer - 1)),
                d.Block(0, columns.First, d.Rows, columns.Count), rate, db.Slice(columns.First, columns.Count));
    }

    private bool IsPlain(int layer) => ensemble.Architecture.IsPlain(layer);

    private int Positions(int layer) => ensemble.Architecture.Geometry[layer - 1].Positions;

    private Pooling? Pool(int layer) => ensemble.Architecture.Geometry[layer - 1].Pooling;

    /// <summary>What the taps of a layer read: Z_{i-1}, or x for i = 1.</summary>
    internal ReadOnlySpan<double> Sources(int layer, ReadOnlySpan<double> x) =>
        layer == 1 ? x : buffers.Activations[layer - 1];

    private IInteraction Interaction(int layer) => ensemble.Architecture.Interactions[layer - 1];

    /// <summary>The pairs of <paramref name="rows"/> in layer i-1 and <paramref name="columns"/> in layer i.</summary>
    private Pairs Pairs(ReadOnlySpan<double> state, int layer, ReadOnlySpan<double> x, int points, NeuronGroup rows,
        NeuronGroup columns, ReadOnlySpan<double> masses)
    {
        var biases = ensemble.Biases(state, layer);
        return new()
        {
            Engine = engine,
            Activation = layer == 1 ? Inputs : ensemble.Architecture.Activations[layer - 2],
            Weights = ensemble.Weights(state, layer).Block(rows.First, columns.First, rows.Count, columns.Count),
            Biases = biases.IsEmpty ? biases : biases.Slice(columns.First, columns.Count),
            H = buffers.Below(buffers.Preactivations, layer, x, points).Block(0, rows.First, points, rows.Count),
            S = buffers.Below(buffers.Activations, layer, x, points).Block(0, rows.First, points, rows.Count),
            Slopes = layer == 1 ? default : new ReadOnlyMatrixView(buffers.Slopes(layer - 1, points), points,
                ensemble.Size(layer - 1)).Block(0, rows.First, points, rows.Count),
            Masses = masses,
            Scratch = scratch,
        };
    }
}
