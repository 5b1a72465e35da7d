using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>Neurons of a layer that go through products together.</summary>
internal readonly record struct NeuronGroup(int First, int Count)
{
    /// <summary>
    /// Those of layers 0..L: the massive neurons, then the tracers if there are any. They go through separate products:
    /// those of the host then have the same shapes, hence the same bits, whether tracers ride along or not.
    /// </summary>
    internal static NeuronGroup[][] Of(Ensemble ensemble)
    {
        var layers = Enumerable.Range(0, ensemble.Depth + 1).ToArray();
        return Of([.. layers.Select(ensemble.Size)], [.. layers.Select(ensemble.Massive)]);
    }

    /// <summary>The same of layers of such sizes.</summary>
    internal static NeuronGroup[][] Of(int[] sizes, int[] massive) =>
        [.. sizes.Zip(massive, (size, first) => first == size ? new NeuronGroup[] { new(0, size) }
            : [new(0, first), new(first, size - first)])];
}
