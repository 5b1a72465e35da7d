using System.Collections.Concurrent;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The mean-field velocity of two layers of many neurons, by tiles of points and neurons that stay in cache: the
/// pre-activations [point, neuron] never exist as a whole, and are computed twice, for the predictions and for the
/// velocity. Where slopes follow from activations, S_1 of the first tiles of each chunk is kept in between, in 64 MiB at
/// most, and not computed anew. Neurons are divided among threads in chunks that depend on sizes
/// alone, and what chunks send up is summed in their order.
/// </summary>
internal sealed class NeuronBlocks
{
    // Whole lines, and whole register tiles: of 24 doubles or 48 singles with vectors of 512 bits, of half with 256.
    private const int TilePoints = 128, TileNeurons = 144;

    private const int MostPoints = 1024, MostChunks = 64, MostSent = 1 << 22;

    // With what is sent. MemoryPlan states the block of the passes in place of both, which is more where outputs are few.
    // Measured with tanh, d = 20, N = 10,000 and n = 1,000: 62 ms where 81 with nothing kept with AVX2; 36 where 48
    // with an eighth of it with AVX-512.
    private const int MostKept = 1 << 23;

    // Below, whole matrices stay in cache. To compute a pre-activation anew takes longer than to keep it from some
    // sixty inputs on; it is then kept, unless those of all pairs take too much memory.
    private const long LeastPairs = 1 << 19, LeastPairsOfLongInputs = 1 << 23;
    private const int LongInputs = 64;

    private readonly Ensemble ensemble;
    private readonly ILoss loss;
    private readonly IMatrixEngine engine;
    private readonly int threads, most, chunk, chunks, outputs, room;
    private readonly double[] sent, preactivations, predictions, slopes, signals;
    private readonly ConcurrentBag<Tile> tiles = [];
    private LineBuffer? kept;

    private NeuronBlocks(Ensemble ensemble, ILoss loss, IMatrixEngine engine, int points)
    {
        (this.ensemble, this.loss, this.engine, threads) = (ensemble, loss, engine.OnOneThread, engine.Threads);
        (outputs, most) = (ensemble.Size(2), Math.Min(points, MostPoints));
        var count = most * outputs;
        var mostChunks = Math.Clamp(MostSent / count, 1, MostChunks);
        var tilesOfAll = (Massive + TileNeurons - 1) / TileNeurons;
        chunk = (tilesOfAll + mostChunks - 1) / mostChunks * TileNeurons;
        chunks = (Massive + chunk - 1) / chunk;
        sent = new double[chunks * count];
        // What each chunk keeps begins with a line.
        var lines = (int)Math.Clamp((MostKept - sent.Length) / chunks, 0, (long)chunk * most) / LineBuffer.Line;
        room = ensemble.Architecture.Activations[0].SlopeFromValue ? lines * LineBuffer.Line : 0;
        (preactivations, predictions) = (new double[count], new double[count]);
        (slopes, signals) = (new double[count], new double[count]);
    }

    /// <summary>That of an ensemble on so many points; null where whole matrices do as well, or must.</summary>
    internal static NeuronBlocks? For(Ensemble ensemble, ILoss loss, IMatrixEngine engine, int points)
    {
        return ensemble.Offset is null && Suit(ensemble.Architecture, ensemble.Massive(1), points)
            ? new(ensemble, loss, engine, points) : null;
    }

    /// <summary>Whether there are two layers of the standard model, and enough neurons and points.</summary>
    internal static bool Suit(Architecture architecture, long massive, int points) =>
        architecture.Depth == 2 && architecture.IsPlain(1) && architecture.IsPlain(2)
            && architecture.Interactions.All(phi => phi is WeightedSum)
            && points * massive >= (architecture.Inputs < LongInputs ? LeastPairs : LeastPairsOfLongInputs);

    /// <summary>velocity = -xi_i sum_x weight_x H_x, xi_i being rates[i - 1], with H_x the gradient at a point.</summary>
    internal void Sum(ReadOnlySpan<double> y, Dataset data, ReadOnlySpan<double> weights, double[] rates,
        Span<double> velocity)
    {
        // Not where only whole matrices are asked for.
        kept ??= new(chunks * room);
        var tracers = (ensemble.Size(1) - Massive + chunk - 1) / chunk;
        for (var start = 0; start < data.Count; start += most)
        {
            var points = new PointBlock(data, start, Math.Min(most, data.Count - start));
            Workers.Run(chunks, threads, y, [], [], (c, state, _, _) => Send(c, state, points));
            SetSignals(y, points, weights);
            Workers.Run(chunks + tracers, threads, y, [], velocity, (c, state, _, v) => SendBack(c, state, points, rates, v));
            var biases = ensemble.Biases(velocity, 2);
            if (start == 0) biases.Clear();
            for (var n = 0; n < points.Count * outputs && TrainsBiases; n += outputs)
                TensorPrimitives.MultiplyAdd(signals.AsSpan(n, outputs), -ensemble.BiasRate(2, rates[1]), biases, biases);
        }
    }

    private bool TrainsBiases => ensemble.Architecture.Biases == BiasMode.Trained;

    /// <summary>H_2 of a block of points, as far as it comes from a chunk.</summary>
    private MatrixView Sent(int c, int points) =>
        new(sent.AsSpan(c * points * outputs, points * outputs), points, outputs);

    private void Send(int c, ReadOnlySpan<double> state, PointBlock points)
    {
        var tile = Take();
        var sum = Sent(c, points.Count);
        sum.Data.Clear();
        for (var neuron = Start(c); neuron < End(c); neuron += TileNeurons)
        {
            tile.Neurons = Math.Min(TileNeurons, End(c) - neuron);
            var masses = ensemble.Masses(1).Slice(neuron, tile.Neurons);
            var outgoing = ensemble.Weights(state, 2).Block(neuron, 0, tile.Neurons, outputs);
            for (var n = 0; n < points.Count; n += TilePoints)
            {
                var s = Activations(tile, c, neuron, n, points, out _);
                Activate(tile, neuron, state, points.From(n), s);
                engine.Multiply(1, s.Plain, masses, outgoing.Plain, 1, sum.Block(n, 0, tile.Points, outputs));
            }
        }
        tiles.Add(tile);
    }

    /// <summary>
    /// Room for S_1 of the tile at a neuron of chunk c and point n of a block: where it is kept from the first pass to the
    /// second, as long as the chunk has room, else that of the thread.
    /// </summary>
    private MatrixView Activations(Tile tile, int c, int neuron, int n, PointBlock points, out bool isKept)
    {
        tile.Points = Math.Min(TilePoints, points.Count - n);
        var start = (long)(neuron - Start(c)) * points.Count + n * tile.Neurons;
        var count = tile.Points * tile.Neurons;
        // Tracers send nothing.
        isKept = c < chunks && start + count <= room;
        return isKept ? new(kept!.Span.Slice(c * room + (int)start, count), tile.Points, tile.Neurons) : tile.S;
    }

    /// <summary>H_1 and S_1 of a tile.</summary>
    private void Activate(Tile tile, int neuron, ReadOnlySpan<double> state, PointBlock points, MatrixView s)
    {
        var h = tile.H;
        if (ensemble.HasBiases)
            for (var n = 0; n < h.Rows; n++) ensemble.Biases(state, 1).Slice(neuron, h.Columns).CopyTo(h.Row(n));
        engine.Multiply(1, points.X(tile.Points).Plain, [],
            ensemble.Weights(state, 1).Block(0, neuron, ensemble.Size(0), h.Columns).Plain, ensemble.HasBiases ? 1 : 0, h);
        ensemble.Architecture.Activations[0].Apply(h.Data, s.Data);
    }

    private void SetSignals(ReadOnlySpan<double> state, PointBlock points, ReadOnlySpan<double> weights)
    {
        var count = points.Count * outputs;
        Span<double> h = preactivations.AsSpan(0, count), yhat = predictions.AsSpan(0, count), slope = slopes.AsSpan(0, count);
        for (var n = 0; n < count; n += outputs)
            if (ensemble.HasBiases) ensemble.Biases(state, 2).CopyTo(h[n..]);
            else h.Slice(n, outputs).Clear();
        for (var c = 0; c < chunks; c++) TensorPrimitives.Add(h, Sent(c, points.Count).Data, h);
        var activation = ensemble.Architecture.Activations[1];
        activation.Apply(h, yhat);
        activation.Derivative(h, yhat, slope);
        LossSignals.Set(loss, points.Data, points.Start, weights, yhat, slope, signals.AsSpan(0, count));
    }

    /// <summary>The velocity of a chunk, added to what is there from the second block of points on.</summary>
    private void SendBack(int c, ReadOnlySpan<double> state, PointBlock points, double[] rates, Span<double> velocity)
    {
        var tile = Take();
        for (var neuron = Start(c); neuron < End(c); neuron += TileNeurons)
        {
            tile.Neurons = Math.Min(TileNeurons, End(c) - neuron);
            var outgoing = ensemble.Weights(state, 2).Block(neuron, 0, tile.Neurons, outputs);
            var dw = ensemble.Weights(velocity, 1).Block(0, neuron, ensemble.Size(0), tile.Neurons);
            var db = ensemble.Biases(velocity, 1) is { IsEmpty: false } all ? all.Slice(neuron, tile.Neurons) : [];
            tile.Clear();
            for (var n = 0; n < points.Count; n += TilePoints)
            {
                var s = Activations(tile, c, neuron, n, points, out var isKept);
                if (!isKept) Activate(tile, neuron, state, points.From(n), s);
                var d = new ReadOnlyMatrixView(signals.AsSpan(n * outputs, tile.Points * outputs), tile.Points, outputs);
                engine.Multiply(-rates[1], ((ReadOnlyMatrixView)s).Transposed, [], d.Plain,
                    points.Start + n == 0 ? 0 : 1, ensemble.Weights(velocity, 2).Block(neuron, 0, tile.Neurons, outputs));
                AddGradients(tile, s, points.From(n), d, outgoing);
            }
            for (var i = 0; i < dw.Rows; i++) Put(tile.Weights.Row(i), outgoing, -rates[0], points.Start == 0, dw.Row(i));
            if (points.Start == 0) db.Clear();
            if (TrainsBiases) Put(tile.Biases.Row(0), outgoing, -ensemble.BiasRate(1, rates[0]), false, db);
        }
        tiles.Add(tile);
    }

    /// <summary>
    /// Adds sum_n x_n D_1(n, .) and sum_n D_1(n, .) of a tile, D_1 = s'(H_1) * D_2 W_2^T. Of one output the factors of
    /// points go into the product, and those of neurons are left for its result.
    /// </summary>
    private void AddGradients(Tile tile, MatrixView s, PointBlock points, ReadOnlyMatrixView d,
        ReadOnlyMatrixView outgoing)
    {
        var slope = tile.Slopes;
        ensemble.Architecture.Activations[0].Derivative(tile.H.Data, s.Data, slope.Data);
        if (outputs > 1)
        {
            engine.Multiply(1, d.Plain, [], outgoing.Transposed, 0, tile.H);
            TensorPrimitives.Multiply(slope.Data, tile.H.Data, slope.Data);
        }
        var factors = outputs == 1 ? d.Data : [];
        engine.Multiply(1, points.X(tile.Points).Transposed, factors, slope.Plain, 1, tile.Weights);
        if (TrainsBiases) engine.Multiply(1, tile.Ones.Plain, factors, slope.Plain, 1, tile.Biases);
    }

    private void Put(Span<double> sums, ReadOnlyMatrixView outgoing, double rate, bool first, Span<double> result)
    {
        if (outputs == 1) TensorPrimitives.Multiply(sums, outgoing.Data[..sums.Length], sums);
        if (first) TensorPrimitives.Multiply(sums, rate, result);
        else TensorPrimitives.MultiplyAdd(sums, rate, result, result);
    }

    private int Massive => ensemble.Massive(1);

    // The chunks of tracers come after those of the massive neurons, which are the same without them.
    private int Start(int c) => c < chunks ? c * chunk : Massive + (c - chunks) * chunk;

    private int End(int c) => Math.Min(Start(c) + chunk, c < chunks ? Massive : ensemble.Size(1));

    private Tile Take() => tiles.TryTake(out var free) ? free : new(ensemble.Size(0));

    /// <summary>Points of a data set, from one on.</summary>
    private readonly record struct PointBlock(Dataset Data, int Start, int Count)
    {
        public PointBlock From(int n) => new(Data, Start + n, Count - n);

        /// <summary>x of the first of them, [point, d].</summary>
        public ReadOnlyMatrixView X(int points) =>
            new(Data.X.AsSpan(Start * Data.Inputs, points * Data.Inputs), points, Data.Inputs);
    }

    /// <summary>What a thread keeps of a tile of points and neurons.</summary>
    private sealed class Tile(int inputs)
    {
        private readonly LineBuffer h = new(TilePoints * TileNeurons), s = new(TilePoints * TileNeurons),
            slopes = new(TilePoints * TileNeurons);
        private readonly double[] weights = new double[inputs * TileNeurons],
            biases = new double[TileNeurons], ones = [.. Enumerable.Repeat(1.0, TilePoints)];

        public int Points { get; set; }

        public int Neurons { get; set; }

        public MatrixView H => new(h.Span[..(Points * Neurons)], Points, Neurons);

        public MatrixView S => new(s.Span[..(Points * Neurons)], Points, Neurons);

        public MatrixView Slopes => new(slopes.Span[..(Points * Neurons)], Points, Neurons);

        /// <summary>Sums over points for w_1.</summary>
        public MatrixView Weights => new(weights.AsSpan(0, inputs * Neurons), inputs, Neurons);

        /// <summary>Sums over points for b_1.</summary>
        public MatrixView Biases => new(biases.AsSpan(0, Neurons), 1, Neurons);

        public ReadOnlyMatrixView Ones => new(ones.AsSpan(0, Points), 1, Points);

        public void Clear()
        {
            weights.AsSpan().Clear();
            biases.AsSpan().Clear();
        }
    }
}
