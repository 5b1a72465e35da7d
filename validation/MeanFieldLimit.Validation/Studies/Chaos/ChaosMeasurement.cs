namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>A kind of noise at one beta, over replicates; Langevin dynamics count as beta = 1.</summary>
internal sealed record ChaosMeasurement(ChaosNoise Noise, double Beta, IReadOnlyList<KindRecord> Replicates)
{
    /// <summary>Whether the limit is a diffusion.</summary>
    internal bool IsStochastic => Beta == 1;

    /// <summary>The exponent of N in E sup |W^N - W^*|^2 that the theory has.</summary>
    internal double Theory => IsStochastic ? -1 : Beta - 1;

    /// <summary>The mean square error of the limit; NaN where no replicate that was measured finished.</summary>
    internal double Error { get; } =
        Replicates.Select(r => r.Error).Where(e => !double.IsNaN(e)).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Values of the coordinate at the end, of all replicates together, [width].</summary>
    internal double[][] Pooled { get; } = [.. Replicates[0].Coordinates
        .Select((_, w) => Replicates.SelectMany(r => r.Coordinates[w]).ToArray())];
}
