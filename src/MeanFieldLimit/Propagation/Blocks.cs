using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>How many data points pass through the layers at a time.</summary>
internal static class Blocks
{
    // Pre-activations, activations and signals of a block stay within 64 MiB and 512 points: larger blocks did
    // not make the matrix products faster, and points x neurons of a whole data set need not fit in memory. Tracers do
    // not count: blocks decide the order of sums over points, which they must not change.
    private const long Bytes = 64L << 20;
    private const int MostPoints = 512;

    /// <summary>Points per block for <paramref name="ensemble"/> on <paramref name="count"/> points.</summary>
    internal static int Capacity(Ensemble ensemble, int count)
    {
        long neurons = 0;
        for (var i = 1; i <= ensemble.Depth; i++) neurons += ensemble.Massive(i);
        var fitting = Bytes / (3 * sizeof(double) * neurons);
        return (int)Math.Min(count, Math.Clamp(fitting, 16, MostPoints));
    }
}
