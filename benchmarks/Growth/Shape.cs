using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>A dense network, without biases, and the points that pass through it.</summary>
/// <param name="Inputs">d.</param>
/// <param name="Hidden">N_1..N_(L-1).</param>
/// <param name="Outputs">K.</param>
/// <param name="Points">Of a batch, or all.</param>
internal sealed record Shape(int Inputs, int[] Hidden, int Outputs, int Points)
{
    // Points of a block, and bytes of its activations.
    private const double MostPoints = 512, LeastPoints = 16, BlockBytes = 64 << 20;

    // Of the velocity of two layers.
    private const int Tile = 128, TiledPoints = 1024, MostChunks = 64, MostKept = 1 << 23;

    private double[] Sizes => [Inputs, .. Hidden.Select(n => (double)n), Outputs];

    /// <summary>P = d N_1 + N_1 N_2 + ... + N_(L-1) K.</summary>
    internal double Parameters => Sizes.Zip(Sizes.Skip(1), (a, b) => a * b).Sum();

    /// <summary>n (6 P - 2 d N_1): a product forward, two backward but for the first layer, which has no signal below.
    /// </summary>
    internal double Operations => Points * (6 * Parameters - 2.0 * Inputs * Hidden[0]);

    /// <summary>Numbers of a block: pre-activations, activations, signals and slopes, b (3 sum N_i + max N_i).</summary>
    internal double Block => Math.Min(Points, Math.Clamp(Math.Floor(BlockBytes / (24 * Sizes.Skip(1).Sum())),
        LeastPoints, MostPoints)) * (3 * Sizes.Skip(1).Sum() + Sizes.Skip(1).Max());

    /// <summary>
    /// Of two layers by tiles: three matrices of a tile and its weights, and what at most 64 chunks of neurons send up to a
    /// block, which has its outputs and their signals; with what is sent, activations are kept up to a bound.
    /// </summary>
    internal double Tiled => (3.0 * Tile + Inputs) * Tile + 4.0 * TiledBlock * Outputs
        + Math.Min(MostKept, TiledBlock * (Outputs * Math.Min(MostChunks, Math.Ceiling((double)Hidden[0] / Tile)) + Hidden[0]));

    private int TiledBlock => Math.Min(Points, TiledPoints);

    internal Ensemble Network(string activation)
    {
        var hidden = Catalogue.Find<IActivation>(activation);
        var network = Ensemble.Uniform(new(Inputs, Outputs,
            [.. Enumerable.Repeat(hidden, Hidden.Length), Catalogue.Find<IActivation>("identity")], BiasMode.None), Hidden);
        new RandomStream(1, 1).FillNormal(0, network.State);
        return network;
    }

    /// <summary>Points of a normal law with y of another.</summary>
    internal static Dataset Normal(int points, int inputs, int outputs)
    {
        double[] x = new double[points * inputs], y = new double[points * outputs];
        new RandomStream(2, 0).FillNormal(0, x);
        new RandomStream(2, 1).FillNormal(0, y);
        return new(inputs, outputs, x, y, LabelKind.Real);
    }
}
