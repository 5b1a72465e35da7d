using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>What passes over blocks of data points keep of each layer i = 1..L, [point, neuron], on images
/// [point, position, neuron].</summary>
internal sealed class PassBuffers
{
    private readonly Ensemble ensemble;

    /// <summary>Of blocks of at most <paramref name="capacity"/> points.</summary>
    internal PassBuffers(Ensemble ensemble, int capacity)
    {
        this.ensemble = ensemble;
        var layers = Enumerable.Range(0, ensemble.Depth + 1);
        (Preactivations, Signals, Unpooled) = (Of(Numbers), Of(Numbers), Of(Numbers));
        (Activations, ByPooled) = (Pooled(Unpooled), Pooled(Signals));
        Most = layers.Max(Numbers);

        double[][] Of(Func<int, long> numbers) => [.. layers.Select(i => i == 0 ? [] : new double[capacity * numbers(i)])];
        double[][] Pooled(double[][] all) => [.. all.Select((buffer, i) => i == 0
            || ensemble.Architecture.Geometry[i - 1].Pooling is not { } pool
            ? buffer : new double[capacity * pool.Extent.Positions * ensemble.Size(i)])];
        long Numbers(int i) => (long)ensemble.Size(i) * (i == 0 ? 1 : Positions(i));
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

    /// <summary>Numbers of a point in the layer that has most.</summary>
    internal long Most { get; }

    /// <summary>The values of a layer at its positions before pooling.</summary>
    internal Span<double> Values(double[][] buffers, int layer, int points) =>
        buffers[layer].AsSpan(0, points * Positions(layer) * ensemble.Size(layer));

    /// <summary>The same as a matrix.</summary>
    internal MatrixView Matrix(double[][] buffers, int layer, int points) =>
        new(Values(buffers, layer, points), points * Positions(layer), ensemble.Size(layer));

    /// <summary>The buffer of layer i-1, [point, neuron]; x for i = 1.</summary>
    internal ReadOnlyMatrixView Below(double[][] buffers, int layer, ReadOnlySpan<double> x, int points) =>
        layer == 1 ? new(x, points, ensemble.Size(0)) : (ReadOnlyMatrixView)Matrix(buffers, layer - 1, points);

    private int Positions(int layer) => ensemble.Architecture.Geometry[layer - 1].Positions;
}
