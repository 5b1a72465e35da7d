using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Validation.Chaos;

/// <summary>A kind of noise at one beta, over widths and replicates; Langevin dynamics count as beta = 1.</summary>
internal sealed class ChaosMeasurement(ChaosNoise noise, double beta, int widths, int seeds, int parts)
{
    internal ChaosNoise Noise => noise;

    internal double Beta => beta;

    /// <summary>Whether the limit is a diffusion.</summary>
    internal bool IsStochastic => beta == 1;

    /// <summary>The exponent of N in E sup |W^N - W^*|^2 that the theory has.</summary>
    internal double Theory => IsStochastic ? -1 : beta - 1;

    /// <summary>E over neurons of sup |W^N - W^*|^2, [width, replicate]: network against limit.</summary>
    internal double[,] Total { get; } = new double[widths, seeds];

    /// <summary>The same of groups of particles.</summary>
    internal double[,] TotalOfGroups { get; } = new double[widths, seeds];

    /// <summary>The noise part: network against the same network without noise.</summary>
    internal double[,] NoisePart { get; } = new double[widths, seeds];

    /// <summary>The risk at the end, [width, replicate].</summary>
    internal double[,] Risk { get; } = new double[widths, seeds];

    /// <summary>Contributions of neurons to the predictions at the end, [width, replicate].</summary>
    internal Contributions[,] Contributions { get; } = new Contributions[widths, seeds];

    /// <summary>Values of the coordinate at the end, [width][replicate].</summary>
    internal double[][][] Coordinates { get; } = [.. Enumerable.Range(0, widths).Select(_ => new double[seeds][])];

    /// <summary>The same of all replicates together, [width].</summary>
    internal double[][] Pooled => [.. Coordinates.Select(r => r.SelectMany(c => c).ToArray())];

    /// <summary>The same of the limit at the neurons of the widest network, [replicate].</summary>
    internal double[][] LimitCoordinates { get; } = new double[seeds][];

    /// <summary>
    /// E sup |W^* - W'^*|^2 between the limit and one on other nodes and other paths, one a replicate measured.
    /// </summary>
    internal double[] Error { get; } = new double[parts];
}
