// Documented by [Description], as in Problem.cs.
#pragma warning disable CS1591

using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>The limit of a two-layer network as the density of its neurons, on a grid.</summary>
public sealed record DensitySpec
{
    [Description("Cells of the grid along each coordinate of a neuron; even, at most 1024 for two coordinates.")]
    [Between(8, 4096)]
    public int Cells { get; init; } = 128;

    [Description("Lower ends of the grid, one for each coordinate (w_1, b_1, w_2, those that are trained). Where " +
        "absent from the law at time 0 and where the particles go.")]
    [Items(1, 2)]
    public IReadOnlyList<double>? Low { get; init; }

    [Description("Upper ends of the grid, one for each coordinate.")]
    [Items(1, 2)]
    public IReadOnlyList<double>? High { get; init; }

    [Description("The longest step on the grid, and the tau of the JKO steps; a hundredth of training.time where " +
        "absent.")]
    [Positive]
    public double? Step { get; init; }

    [Description("Diffusion of every trained parameter: noise sqrt(2 temperature) dB, the mean-field Langevin " +
        "dynamics.")]
    [AtLeast(0)]
    public double Temperature { get; init; }

    [Description("gamma: the noise of SGD of this step over the size of its batches, independent from neuron to " +
        "neuron, which at beta = 1 stays in the limit (see chaos); of neurons with one trained parameter.")]
    [AtLeast(0)]
    public double Gamma { get; init; }

    [Description("lambda of the weight decay lambda/2 |theta|^2 of the trained parameters, added to the risk.")]
    [AtLeast(0)]
    public double WeightDecay { get; init; }

    [Description("Width of the network that is sampled and trained for the histogram over the density.")]
    [Between(1, 1_000_000)]
    public int Width { get; init; } = 2000;
}
