using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>What passes over blocks of data points keep of each layer i = 1..L, [point, neuron], on images
/// [point, position, neuron].</summary>
internal sealed class PassBuffers
{
    // Numbers, a round one that was not tuned.
    private const int SlopesAtOnce = 1024;

    private readonly Ensemble ensemble;
    private readonly int threads;
    private readonly double[] slopes;

    /// <summary>Of blocks of at most <paramref name="capacity"/> points.</summary>
    internal PassBuffers(Ensemble ensemble, int threads, int capacity)
    {
        (this.ensemble, this.threads) = (ensemble, threads);
        var layers = Enumerable.Range(0, ensemble.Depth + 1);
        (Preactivations, Signals, Unpooled) = (Buffers(), Buffers(), Buffers());
        (Activations, ByPooled) = (Pooled(Unpooled), Pooled(Signals));
        slopes = new double[layers.Max(Size)];

        double[][] Buffers() => [.. layers.Select(i => new double[Size(i)])];
        double[][] Pooled(double[][] all) => [.. all.Select((buffer, i) => i == 0
            || ensemble.Architecture.Geometry[i - 1].Pooling is not { } pool
            ? buffer : new double[capacity * pool.Extent.Positions * ensemble.Size(i)])];
        long Size(int i) => i == 0 ? 0 : (long)capacity * Positions(i) * ensemble.Size(i);
    }

    /// <summary>H_i.</summary>
    internal double[][] Preactivations { get; }

    /// <summary>D_i.</summary>
    internal double[][] Signals { get; }

    /// <summary>s_i(H_i).</summary>
    internal double[][] Unpooled { get; }

    /// <summary>What layer i + 1 takes up; <see cref="Unpooled"/> where nothing is pooled.</summary>
    internal double[][] Activations { get; }

    /// <summary>Derivatives by <see cref="Activations"/>; <see cref="Signals"/> where nothing is pooled.</summary>
    internal double[][] ByPooled { get; }

    /// <summary>The values of a layer at its positions before pooling.</summary>
    internal Span<double> Values(double[][] buffers, int layer, int points) =>
        buffers[layer].AsSpan(0, Numbers(layer, points));

    /// <summary>The same as a matrix.</summary>
    internal MatrixView Matrix(double[][] buffers, int layer, int points) =>
        new(Values(buffers, layer, points), points * Positions(layer), ensemble.Size(layer));

    /// <summary>s_i(H_i) from H_i.</summary>
    internal void Activate(int layer, int points)
    {
        double[] h = Preactivations[layer], s = Unpooled[layer];
        var activation = ensemble.Architecture.Activations[layer - 1];
        Workers.Ranges(Numbers(layer, points), threads,
            (first, count) => activation.Apply(h.AsSpan(first, count), s.AsSpan(first, count)));
    }

    /// <summary>s_i'(H_i) of a layer, in the one place for those of any.</summary>
    internal Span<double> SetSlopes(int layer, int points)
    {
        double[] h = Preactivations[layer], s = Unpooled[layer];
        var activation = ensemble.Architecture.Activations[layer - 1];
        Workers.Ranges(Numbers(layer, points), threads, (first, count) =>
            activation.Derivative(h.AsSpan(first, count), s.AsSpan(first, count), slopes.AsSpan(first, count)));
        return Slopes(layer, points);
    }

    /// <summary>D_i = D_i s_i'(H_i), with slopes that stay in cache.</summary>
    internal void MultiplyBySlopes(int layer, int points)
    {
        double[] h = Preactivations[layer], s = Unpooled[layer], d = Signals[layer];
        var activation = ensemble.Architecture.Activations[layer - 1];
        Workers.Ranges(Numbers(layer, points), threads, (first, count) =>
        {
            Span<double> some = stackalloc double[SlopesAtOnce];
            for (var from = first; from < first + count; from += SlopesAtOnce)
            {
                var here = some[..Math.Min(SlopesAtOnce, first + count - from)];
                activation.Derivative(h.AsSpan(from, here.Length), s.AsSpan(from, here.Length), here);
                TensorPrimitives.Multiply(d.AsSpan(from, here.Length), here, d.AsSpan(from, here.Length));
            }
        });
    }

    /// <summary>What <see cref="SetSlopes"/> set, of that layer.</summary>
    internal Span<double> Slopes(int layer, int points) => slopes.AsSpan(0, Numbers(layer, points));

    /// <summary>The buffer of layer i-1, [point, neuron]; x for i = 1.</summary>
    internal ReadOnlyMatrixView Below(double[][] buffers, int layer, ReadOnlySpan<double> x, int points) =>
        layer == 1 ? new(x, points, ensemble.Size(0)) : (ReadOnlyMatrixView)Matrix(buffers, layer - 1, points);

    private int Numbers(int layer, int points) => points * Positions(layer) * ensemble.Size(layer);

    private int Positions(int layer) => ensemble.Architecture.Geometry[layer - 1].Positions;
}
