using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>A kind of noise at one beta, over widths and replicates; Langevin dynamics count as beta = 1.</summary>
internal sealed class ChaosMeasurement(ChaosNoise noise, double beta, IReadOnlyList<KindRecord> replicates)
{
    internal ChaosNoise Noise => noise;

    internal double Beta => beta;

    /// <summary>Whether the limit is a diffusion.</summary>
    internal bool IsStochastic => beta == 1;

    /// <summary>The exponent of N in E sup |W^N - W^*|^2 that the theory has.</summary>
    internal double Theory => IsStochastic ? -1 : beta - 1;

    /// <summary>E over neurons of sup |W^N - W^*|^2, [width, replicate]: network against limit.</summary>
    internal double[,] Total { get; } = Table(replicates, r => r.Total);

    /// <summary>The same of groups of particles.</summary>
    internal double[,] TotalOfGroups { get; } = Table(replicates, r => r.TotalOfGroups);

    /// <summary>The noise part: network against the same network without noise.</summary>
    internal double[,] NoisePart { get; } = Table(replicates, r => r.NoisePart);

    /// <summary>The risk at the end, [width, replicate].</summary>
    internal double[,] Risk { get; } = Table(replicates, r => r.Risk);

    /// <summary>Contributions of neurons to the predictions at the end, [width, replicate].</summary>
    internal Contributions[,] Contributions { get; } = Table(replicates, r => r.Contributions);

    /// <summary>Values of the coordinate at the end, of all replicates together, [width].</summary>
    internal double[][] Pooled { get; } = [.. Enumerable.Range(0, replicates[0].Total.Length)
        .Select(w => replicates.SelectMany(r => r.Coordinates[w]).ToArray())];

    /// <summary>The same of the limit at the neurons of the widest network, [replicate].</summary>
    internal double[][] LimitCoordinates { get; } = [.. replicates.Select(r => r.LimitCoordinates)];

    /// <summary>
    /// E sup |W^* - W'^*|^2 between the limit and one on other nodes and other paths, one a replicate measured.
    /// </summary>
    internal double[] Error { get; } = [.. replicates.Select(r => r.Error).Where(e => !double.IsNaN(e))];

    /// <summary>[width, replicate] of what replicates have one a width.</summary>
    internal static TValue[,] Table<TRecord, TValue>(IReadOnlyList<TRecord> replicates, Func<TRecord, TValue[]> values)
    {
        var table = new TValue[values(replicates[0]).Length, replicates.Count];
        for (var w = 0; w < table.GetLength(0); w++)
            for (var r = 0; r < replicates.Count; r++) table[w, r] = values(replicates[r])[w];
        return table;
    }
}
