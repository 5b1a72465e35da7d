using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The mean-field velocity in factors, of the standard model. Where neurons on both sides are many and points few,
/// dW_i/dt = S_{i-1}^T (-xi_i D_i) has the rank of the points. At W_i + sum_j c_j S_j^T D_j, velocities in factors added to a
/// state, H_i = S diag(p) W_i + sum_j c_j (S diag(p) S_j^T) D_j and E = D diag(p) W_i^T + sum_j c_j (D diag(p) D_j^T) S_j:
/// a stage of a step reads W_i twice, and no matrix of its size is written.
/// </summary>
/// <remarks>Not for use by two threads at once: it owns its buffers.</remarks>
internal sealed class FactoredVelocity
{
    private readonly Ensemble ensemble;
    private readonly IMatrixEngine engine;
    private readonly FactorLayout layout;
    private readonly PassBuffers buffers;
    private readonly int points;
    private readonly double[] kept, inner;
    private double[] below = [], above = [];

    private FactoredVelocity(Ensemble ensemble, IMatrixEngine engine, FactorLayout layout, int points)
    {
        (this.ensemble, this.engine, this.layout, this.points) = (ensemble, engine, layout, points);
        buffers = new(ensemble, engine.Threads, points);
        (kept, inner) = (new double[layout.Kept], new double[points * points]);
    }

    /// <summary>That of an ensemble on so many points; null where nothing is gained.</summary>
    internal static FactoredVelocity? For(Ensemble ensemble, IMatrixEngine engine, int points)
    {
        var layout = ensemble.Offset is null ? Layout(ensemble.Architecture, NeuronGroup.Of(ensemble), points) : null;
        return layout?.Length < ensemble.State.Length ? new(ensemble, engine, layout, points) : null;
    }

    /// <summary>Its numbers in layers of such neurons; null where it takes another model than the standard one, or one that
    /// holds weights on a sphere, or fewer points at a time.</summary>
    internal static FactorLayout? Layout(Architecture architecture, NeuronGroup[][] groups, int points) =>
        architecture.IsDense && architecture.Constraint != WeightConstraint.Sphere
            && architecture.Interactions.All(phi => phi is WeightedSum)
            && points <= Passes.Points(groups.Skip(1).Sum(layer => (double)layer[0].Count))
            ? new(groups, architecture.Biases != BiasMode.None, points) : null;

    /// <summary>Numbers of a velocity.</summary>
    internal int Length => (int)layout.Length;

    /// <summary>velocity = that at y + sum_j c_j f_j, on as many points as it was made for.</summary>
    internal void Evaluate(ReadOnlySpan<double> y, FactoredSum sum, Dataset data, ILoss loss, ReadOnlySpan<double> rates,
        Span<double> velocity)
    {
        layout.Sum(ensemble, y, sum, kept);
        for (var i = 1; i <= ensemble.Depth; i++) Forward(i, y, sum, data.X);
        var outputs = buffers.Values(buffers.Activations, ensemble.Depth, points);
        LossSignals.Set(loss, data, 0, data.Masses, outputs, buffers.SetSlopes(ensemble.Depth, points),
            buffers.Values(buffers.Signals, ensemble.Depth, points));
        for (var i = ensemble.Depth; i >= 1; i--)
        {
            SetVelocity(i, data.X, rates[i - 1], velocity);
            if (i > 1) Backward(i, y, sum);
        }
    }

    /// <summary>result = y + sum_j c_j f_j.</summary>
    internal void Expand(ReadOnlySpan<double> y, FactoredSum sum, Span<double> result)
    {
        layout.Sum(ensemble, y, sum, kept);
        layout.Put(ensemble, kept, result);
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            if (!layout.IsFactored(i)) continue;
            var rank = Gather(i, sum);
            foreach (var block in layout.Blocks(i))
                if (block.IsFactored)
                    Add(i, block, rank, block.Of(ensemble.Weights(y, i)), block.Of(ensemble.Weights(result, i)));
        }
    }

    /// <summary>result = sum_j c_j f_j, but for blocks in factors that have tracers, which the norm of an ensemble does not
    /// see: they are left as they are.</summary>
    internal void ExpandMeasured(FactoredSum sum, Span<double> result)
    {
        layout.Sum(ensemble, [], sum, kept);
        layout.Put(ensemble, kept, result);
        for (var i = 1; i <= ensemble.Depth; i++)
            foreach (var block in layout.Blocks(i))
                if (block.IsFactored && block.IsMassive)
                    Add(i, block, Gather(i, sum), default, block.Of(ensemble.Weights(result, i)));
    }

    private void Forward(int i, ReadOnlySpan<double> y, FactoredSum sum, ReadOnlySpan<double> x)
    {
        var s = buffers.Below(buffers.Activations, i, x, points).Block(0, 0, points, ensemble.Massive(i - 1));
        var biases = layout.Biases(kept, i);
        foreach (var block in layout.Blocks(i))
        {
            if (block.Below.First > 0) continue;
            var group = block.Above;
            var h = buffers.Matrix(buffers.Preactivations, i, points).Block(0, group.First, points, group.Count);
            for (var n = 0; n < points && !biases.IsEmpty; n++) biases.Slice(group.First, group.Count).CopyTo(h.Row(n));
            engine.Multiply(1, s.Plain, ensemble.MassesInSums(i - 1), Weights(i, block, y).Plain, biases.IsEmpty ? 0 : 1, h);
            for (var j = 0; j < sum.Count && block.IsFactored; j++)
                AddThrough(s, ensemble.MassesInSums(i - 1), layout.Below(sum.Velocity(j), i), sum.Coefficient(j),
                    layout.Above(sum.Velocity(j), i), group, h);
        }
        buffers.Activate(i, points);
    }

    private void Backward(int i, ReadOnlySpan<double> y, FactoredSum sum)
    {
        var d = buffers.Matrix(buffers.Signals, i, points).Block(0, 0, points, ensemble.Massive(i));
        var slopes = new ReadOnlyMatrixView(buffers.SetSlopes(i - 1, points), points, ensemble.Size(i - 1));
        foreach (var block in layout.Blocks(i))
        {
            if (block.Above.First > 0) continue;
            var group = block.Below;
            var e = buffers.Matrix(buffers.Signals, i - 1, points).Block(0, group.First, points, group.Count);
            engine.Multiply(1, d.Plain, ensemble.MassesInSums(i), Weights(i, block, y).Transposed, 0, e);
            for (var j = 0; j < sum.Count && block.IsFactored; j++)
                AddThrough(d, ensemble.MassesInSums(i), layout.Above(sum.Velocity(j), i), sum.Coefficient(j),
                    layout.Below(sum.Velocity(j), i), group, e);
            e.MultiplyBy(slopes.Block(0, group.First, points, group.Count), engine.Threads);
        }
    }

    /// <summary>to += c (a diag(p) near^T) far, near of the massive neurons and far of a group.</summary>
    private void AddThrough(ReadOnlyMatrixView a, ReadOnlySpan<double> p, ReadOnlyMatrixView near, double c,
        ReadOnlyMatrixView far, NeuronGroup group, MatrixView to)
    {
        if (c == 0) return;
        var products = new MatrixView(inner, points, points);
        engine.Multiply(1, a.Plain, p, near.Block(0, 0, points, a.Columns).Transposed, 0, products);
        engine.Multiply(c, products.Plain, [], far.Block(0, group.First, points, group.Count).Plain, 1, to);
    }

    private void SetVelocity(int i, ReadOnlySpan<double> x, double rate, Span<double> velocity)
    {
        var s = buffers.Below(buffers.Activations, i, x, points);
        var d = buffers.Matrix(buffers.Signals, i, points);
        foreach (var block in layout.Blocks(i))
            if (!block.IsFactored)
                engine.Multiply(-rate, s.Block(0, block.Below.First, points, block.Below.Count).Transposed, [],
                    d.Block(0, block.Above.First, points, block.Above.Count).Plain, 0, block.Kept(velocity));
        if (layout.IsFactored(i))
        {
            s.CopyTo(layout.Below(velocity, i));
            TensorPrimitives.Multiply(d.Data, -rate, layout.Above(velocity, i).Data);
        }
        var biases = layout.Biases(velocity, i);
        biases.Clear();
        for (var n = 0; n < points && ensemble.Architecture.Biases == BiasMode.Trained; n++)
            TensorPrimitives.MultiplyAdd(d.Row(n), -ensemble.BiasRate(i, rate), biases, biases);
    }

    /// <summary>The factors of all terms, one below the other, those above times c_j; says how many rows they are.</summary>
    private int Gather(int i, FactoredSum sum)
    {
        int rank = 0, sources = points * ensemble.Size(i - 1), targets = points * ensemble.Size(i);
        if (below.Length < sum.Count * sources) below = new double[sum.Count * sources];
        if (above.Length < sum.Count * targets) above = new double[sum.Count * targets];
        for (var j = 0; j < sum.Count; j++)
        {
            if (sum.Coefficient(j) == 0) continue;
            layout.Below(sum.Velocity(j), i).Data.CopyTo(below.AsSpan(rank * ensemble.Size(i - 1)));
            TensorPrimitives.Multiply(layout.Above(sum.Velocity(j), i).Data, sum.Coefficient(j),
                above.AsSpan(rank * ensemble.Size(i), targets));
            rank += points;
        }
        return rank;
    }

    /// <summary>result = y + what the factors gathered give to a block; y empty counts as 0.</summary>
    private void Add(int i, WeightBlock block, int rank, ReadOnlyMatrixView y, MatrixView result)
    {
        var s = new ReadOnlyMatrixView(below.AsSpan(0, rank * ensemble.Size(i - 1)), rank, ensemble.Size(i - 1));
        var d = new ReadOnlyMatrixView(above.AsSpan(0, rank * ensemble.Size(i)), rank, ensemble.Size(i))
            .Block(0, block.Above.First, rank, block.Above.Count);
        var gathered = s.Block(0, block.Below.First, rank, block.Below.Count).Transposed;
        if (y.Data.IsEmpty) engine.Multiply(1, gathered, [], d.Plain, 0, result);
        else engine.MultiplyAdd(1, gathered, [], d.Plain, y, result);
    }

    /// <summary>A block of weights, less what factors add to it.</summary>
    private ReadOnlyMatrixView Weights(int i, WeightBlock block, ReadOnlySpan<double> y) =>
        block.IsFactored ? block.Of(ensemble.Weights(y, i)) : block.Kept(kept);
}
