using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The passes of an ensemble over a block of data points with their tangents, the derivatives along a direction v of
/// the parameters: H', D' and those of the sums of the velocity (forward over reverse; Pearlmutter 1994). In the
/// standard model H_i' = b' + S' diag(p) W + S diag(p) W' with S' = s'(H) H', and D_{i-1} = s' E with
/// E = D_i diag(p) W^T has D_{i-1}' = s' E' + s'' H' E.
/// </summary>
/// <remarks>Tracers have tangents where they are asked for. Not for use by two threads at once.</remarks>
internal sealed class TangentPasses
{
    private const int TangentRoom = 3;

    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine;
    private readonly Passes passes;
    private readonly TapProducts taps;
    private readonly NeuronGroup[][] massive;
    private readonly int[] moving;    // how many neurons of layers 0..L have tangents

    // Of layers 1..L: H', s(H)', its pooled Z', s'(H), s''(H) H', D and D'; derivatives by Z and their tangents.
    private readonly double[][] preactivations, activations, pooled, slopes, bends, signals, signalTangents;
    private readonly double[] inputs, byPooled, scratch, tangentScratch;

    private bool knowsSlopes, knowsSignals;    // whether s'(H), and D, are there from another direction

    /// <summary>Buffers for as many of so many data points as pass through the layers at a time.</summary>
    /// <exception cref="ArgumentException">An interaction has no tangents, or a layer pools maxima.</exception>
    internal TangentPasses(Ensemble ensemble, IMatrixEngine engine, int count, bool tracers = false)
    {
        var architecture = ensemble.Architecture;
        if (architecture.Interactions.FirstOrDefault(phi => phi is not ITangentInteraction) is { } other)
            throw new ArgumentException($"interactions must have tangents for a Hessian, got {other.Name} without; use " +
                "weighted-sum", nameof(ensemble));
        if (architecture.Geometry.Any(g => g.Pooling is { HasKinks: true }))
            throw new ArgumentException("pooling must not take maxima for a Hessian, got max; use average",
                nameof(ensemble));
        (this.ensemble, this.engine) = (ensemble, engine);
        passes = Passes.InBlocks(ensemble, engine, count);
        taps = new(ensemble, engine);
        var layers = Enumerable.Range(0, ensemble.Depth + 1).ToArray();
        massive = [.. layers.Select(i => new[] { new NeuronGroup(0, ensemble.Massive(i)) })];
        moving = [.. layers.Select(i => tracers ? ensemble.Size(i) : ensemble.Massive(i))];
        (preactivations, activations, slopes, bends) = (Buffers(), Buffers(), Buffers(), Buffers());
        (signals, signalTangents) = (Buffers(), Buffers());
        pooled = [.. activations.Select((buffer, i) => i > 0 && Pool(i) is { } pool
            ? new double[Capacity * pool.Extent.Positions * ensemble.Size(i)] : buffer)];
        inputs = new double[Capacity * ensemble.Size(0)];
        byPooled = new double[Capacity * layers.Skip(1).Max(i => ensemble.Size(i) * Positions(i))];
        scratch = new double[Math.Max(4L, Capacity + 1) * layers.Max(ensemble.Size)];
        tangentScratch = new double[TangentRoom * scratch.Length];

        double[][] Buffers() => [.. layers.Select(i =>
            i == 0 ? [] : new double[Capacity * Positions(i) * ensemble.Size(i)])];
    }

    internal int Capacity => passes.Capacity;

    /// <summary>yhat [point, K] of the last block.</summary>
    internal ReadOnlySpan<double> Outputs(int points) => passes.Outputs(points);

    /// <summary>yhat' [point, K] of the last block.</summary>
    internal ReadOnlySpan<double> OutputTangents(int points) => Values(activations, ensemble.Depth, points);

    /// <summary>Runs a block of data points, from one on, through the layers; says how many they are.</summary>
    internal int Forward(ReadOnlySpan<double> state, ReadOnlySpan<double> v, Dataset data, int start,
        out ReadOnlySpan<double> x)
    {
        var points = Forward(state, data, start, out x);
        Move(new(state, v, []), x, points);
        return points;
    }

    /// <summary>The same without tangents.</summary>
    internal int Forward(ReadOnlySpan<double> state, Dataset data, int start, out ReadOnlySpan<double> x)
    {
        knowsSlopes = knowsSignals = false;
        return passes.Forward(state, data, start, out x);
    }

    /// <summary>The tangents alone, along another direction, of the points that went through last.</summary>
    internal void Move(in Direction at, ReadOnlySpan<double> x, int points)
    {
        ReadOnlySpan<double> state = at.State, v = at.V;
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var h = View(preactivations, i, points);
            if (ensemble.Architecture.IsPlain(i))
            {
                var masses = ensemble.MassesInSums(i - 1);
                var pairs = Pairs(state, i, x, points, (ensemble.Massive(i - 1), moving[i])) with { Masses = masses };
                Interaction(i).ForwardTangent(pairs, Tangents(v, i, points, pairs), h.Block(0, 0, points, moving[i]));
                if (at.MassesOf(i - 1) is { Length: > 0 } moved)
                {
                    var sum = Room(points, moving[i]);
                    Interaction(i).Forward(pairs with { Masses = moved, Biases = [] }, sum);
                    Add(sum, h);
                }
            }
            else
            {
                taps.Forward(i, v, passes.Sources(i, x), massive[i], h);
                if (i > 1) taps.Forward(i, state, pooled[i - 1], massive[i], h, add: true);
            }
            Span<double> s = passes.Unpooled(i, points), slope = Values(slopes, i, points),
                along = Values(activations, i, points);
            if (!knowsSlopes) Activation(i).Derivative(passes.Preactivations(i, points).Data, s, slope);
            TensorPrimitives.Multiply(slope, h.Data, along);
            Pool(i)?.Apply(along, points, ensemble.Size(i), pooled[i]);
        }
        knowsSlopes = true;
    }

    /// <summary>
    /// Adds rate_i sum_n sum_k e(n, k) d yhat_k(n) / d theta, over the masses, of the last block to
    /// <paramref name="result"/>; of a layer's biases with their own rate in a scaling.
    /// </summary>
    internal void PullBack(ReadOnlySpan<double> state, ReadOnlySpan<double> x, int points,
        ReadOnlySpan<double> rates, ReadOnlySpan<double> e, Span<double> result)
    {
        Span<double> against = stackalloc double[rates.Length];
        TensorPrimitives.Negate(rates, against);
        TensorPrimitives.Multiply(e, Values(slopes, ensemble.Depth, points), passes.OutputSignals(points));
        passes.Backward(state, x, points, against, first: false, result);
    }

    /// <summary>
    /// Adds the tangent of that sum, where <paramref name="e"/> is [point, K], the same for all directions, and
    /// <paramref name="moved"/> its tangent.
    /// </summary>
    internal void PullBackTangent(in Direction at, ReadOnlySpan<double> x, int points, ReadOnlySpan<double> e,
        ReadOnlySpan<double> moved, Span<double> result)
    {
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            ((ITwiceDifferentiable)Activation(i)).SecondDerivative(passes.Preactivations(i, points).Data,
                passes.Unpooled(i, points), Values(bends, i, points));
            TensorPrimitives.Multiply(Values(bends, i, points), Values(preactivations, i, points),
                Values(bends, i, points));
        }
        Span<double> slope = Values(slopes, ensemble.Depth, points),
            tangent = Values(signalTangents, ensemble.Depth, points);
        TensorPrimitives.Multiply(e, slope, Values(signals, ensemble.Depth, points));
        TensorPrimitives.Multiply(moved, slope, tangent);
        TensorPrimitives.MultiplyAdd(e, Values(bends, ensemble.Depth, points), tangent, tangent);
        for (var i = ensemble.Depth; i >= 1; i--)
        {
            AddTangents(i, at, x, points, result);
            if (i > 1) SendBack(i, at, x, points);
        }
        knowsSignals = true;
    }

    /// <summary>Adds those of the sums over D_i to the parts of W_i and b_i.</summary>
    private void AddTangents(int i, in Direction at, ReadOnlySpan<double> x, int points, Span<double> result)
    {
        var rate = at.Rates[i - 1];
        ReadOnlyMatrixView d = First(moving[i], View(signals, i, points)),
            moved = First(moving[i], View(signalTangents, i, points));
        var dw = ensemble.Weights(result, i);
        if (ensemble.Architecture.IsPlain(i))
        {
            var pairs = Pairs(at.State, i, x, points, (moving[i - 1], moving[i]));
            Interaction(i).AddWeightTangent(pairs, Tangents(at.V, i, points, pairs), d, moved, rate,
                dw.Block(0, 0, moving[i - 1], moving[i]));
        }
        else
        {
            taps.AddWeightVelocity(i, passes.Sources(i, x), moved, massive, -rate, 1, dw);
            if (i > 1) taps.AddWeightVelocity(i, pooled[i - 1], d, massive, -rate, 1, dw);
        }
        if (ensemble.Architecture.Biases != BiasMode.Trained) return;
        rate = ensemble.BiasRate(i, rate);
        var db = ensemble.Biases(result, i)[..moving[i]];
        if (ensemble.Architecture.IsPlain(i))
        {
            var masses = ensemble.MassesInSums(i - 1);
            var pairs = Pairs(at.State, i, x, points, (ensemble.Massive(i - 1), moving[i])) with { Masses = masses };
            Interaction(i).AddBiasTangent(pairs, Tangents(at.V, i, points, pairs), d, moved, rate, db);
        }
        else for (var n = 0; n < moved.Rows; n++) TensorPrimitives.MultiplyAdd(moved.Row(n), rate, db, db);
    }

    /// <summary>D_{i-1} and its tangent from those of layer i.</summary>
    private void SendBack(int i, in Direction at, ReadOnlySpan<double> x, int points)
    {
        ReadOnlyMatrixView d = First(ensemble.Massive(i), View(signals, i, points)),
            moved = First(ensemble.Massive(i), View(signalTangents, i, points));
        MatrixView below = View(signals, i - 1, points), belowMoved = View(signalTangents, i - 1, points);
        if (ensemble.Architecture.IsPlain(i))
        {
            var neurons = moving[i - 1];
            var masses = ensemble.MassesInSums(i);
            var pairs = Pairs(at.State, i, x, points, (neurons, ensemble.Massive(i))) with { Masses = masses };
            if (!knowsSignals) Interaction(i).Backward(pairs, d, below.Block(0, 0, points, neurons));
            Interaction(i).BackwardTangent(pairs, Tangents(at.V, i, points, pairs), d, moved,
                belowMoved.Block(0, 0, points, neurons));
            if (at.MassesOf(i) is { Length: > 0 } dp)
            {
                var sum = Room(points, neurons);
                Interaction(i).Backward(pairs with { Masses = dp }, d, sum);
                Add(sum, belowMoved);
            }
            return;
        }
        var byZ = byPooled.AsSpan(0, points * (Pool(i - 1)?.Extent.Positions ?? Positions(i - 1)) * below.Columns);
        taps.Backward(i, at.State, d, massive[i - 1], byZ);
        Return(byZ, below.Data);
        taps.Backward(i, at.State, moved, massive[i - 1], byZ);
        taps.Backward(i, at.V, d, massive[i - 1], byZ, add: true);
        Return(byZ, belowMoved.Data);
        Span<double> slope = Values(slopes, i - 1, points), bend = Values(bends, i - 1, points);
        TensorPrimitives.Multiply(belowMoved.Data, slope, belowMoved.Data);
        TensorPrimitives.MultiplyAdd(below.Data, bend, belowMoved.Data, belowMoved.Data);
        TensorPrimitives.Multiply(below.Data, slope, below.Data);

        void Return(ReadOnlySpan<double> from, Span<double> to)
        {
            if (Pool(i - 1) is { } pool) pool.Return([], [], from, points, ensemble.Size(i - 1), to);
            else from.CopyTo(to);
        }
    }

    /// <summary>The first so many neurons of layer i-1 and those of layer i.</summary>
    private Pairs Pairs(ReadOnlySpan<double> state, int i, ReadOnlySpan<double> x, int points, (int Rows, int Columns) of) => new()
    {
        Engine = engine,
        Activation = i == 1 ? Passes.Inputs : Activation(i - 1),
        Weights = ensemble.Weights(state, i).Block(0, 0, of.Rows, of.Columns),
        Biases = Biases(state, i, of.Columns),
        H = i == 1 ? new(x, points, ensemble.Size(0)) : First(of.Rows, passes.Preactivations(i - 1, points)),
        S = i == 1 ? new(x, points, ensemble.Size(0)) : First(of.Rows, passes.Activations(i - 1, x, points)),
        Slopes = i == 1 ? default : First(of.Rows, View(slopes, i - 1, points)),
        Masses = [],
        Scratch = scratch,
    };

    private Pairs Tangents(ReadOnlySpan<double> v, int i, int points, in Pairs of)
    {
        var still = new ReadOnlyMatrixView(inputs.AsSpan(0, points * ensemble.Size(0)), points, ensemble.Size(0));
        var (rows, columns) = (of.Weights.Rows, of.Weights.Columns);
        return of with
        {
            Weights = ensemble.Weights(v, i).Block(0, 0, rows, columns),
            Biases = Biases(v, i, columns),
            H = i == 1 ? still : First(rows, View(preactivations, i - 1, points)),
            S = i == 1 ? still : First(rows, View(activations, i - 1, points)),
            Slopes = i == 1 ? default : First(rows, View(bends, i - 1, points)),
            Scratch = tangentScratch,
        };
    }

    private MatrixView Room(int points, int neurons) => new(byPooled.AsSpan(0, points * neurons), points, neurons);

    private static void Add(MatrixView what, MatrixView to)
    {
        for (var n = 0; n < what.Rows; n++)
            TensorPrimitives.Add(to.Row(n)[..what.Columns], what.Row(n), to.Row(n)[..what.Columns]);
    }

    private static ReadOnlyMatrixView First(int neurons, ReadOnlyMatrixView of) => of.Block(0, 0, of.Rows, neurons);

    private ReadOnlySpan<double> Biases(ReadOnlySpan<double> state, int i, int neurons) =>
        ensemble.HasBiases ? ensemble.Biases(state, i)[..neurons] : [];

    private ITangentInteraction Interaction(int i) =>
        (ITangentInteraction)ensemble.Architecture.Interactions[i - 1];

    private IActivation Activation(int i) => ensemble.Architecture.Activations[i - 1];

    private Pooling? Pool(int i) => ensemble.Architecture.Geometry[i - 1].Pooling;

    private int Positions(int i) => ensemble.Architecture.Geometry[i - 1].Positions;

    private Span<double> Values(double[][] buffers, int i, int points) =>
        buffers[i].AsSpan(0, points * Positions(i) * ensemble.Size(i));

    private MatrixView View(double[][] buffers, int i, int points) =>
        new(Values(buffers, i, points), points * Positions(i), ensemble.Size(i));
}
