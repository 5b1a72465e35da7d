using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>The limit of a two-layer network as the density of its neurons, on a grid.</summary>
public sealed record DensitySpec
{
    [Description("Cells of the grid along each coordinate of a neuron; even, at most 1024 for two coordinates.")]
    [Between(8, 4096)]
    public int Cells { get; init; } = 128;

    [Description("Lower ends of the grid, one for each coordinate (w_1, b_1, w_2, those that are trained). Where " +
        "absent from the law at time 0 and where the particles go."), Items(1, 2)]
    public IReadOnlyList<double>? Low { get; init; }

    [Description("Upper ends of the grid, one for each coordinate."), Items(1, 2)]
    public IReadOnlyList<double>? High { get; init; }

    [Description("The longest step on the grid and of particles with noise, and the tau of the JKO steps; a " +
        "hundredth of training.time where absent."), Positive]
    public double? Step { get; init; }

    [Description("Width of the network that is sampled and trained for the histogram over the density.")]
    [Between(1, 1_000_000)]
    public int Width { get; init; } = 2000;
}
