using System.ComponentModel;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Problems;

/// <summary>The network: its layers 1..L, the last one being the output layer.</summary>
public sealed record NetworkSpec
{
    [Description("The inputs as images; where absent they are d single numbers.")]
    public ImageSpec? Image { get; init; }

    [Description("The layers 1..L; the last one is the output layer, whose neurons are the outputs of the data.")]
    [Items(2, Remedy = "give at least one hidden layer and the output layer")]
    public required IReadOnlyList<LayerSpec> Layers { get; init; }

    [Description("No biases, biases that stay as they start, or biases trained with the weights.")]
    public BiasMode Biases { get; init; } = BiasMode.None;

    [Description("How the initial weights of different neurons are related; iid where absent.")]
    public EmbeddingSpec Embedding { get; init; } = new IidSpec();
}

/// <summary>Layer i: the law of its incoming weights w_i, of its biases b_i, and its activation s_i.</summary>
public sealed record LayerSpec
{
    [Description("The law of the incoming weights at time 0; they do not shrink with the width.")]
    public required LawSpec Weights { get; init; }

    [Description("The weights of the layer as windows that share them; where absent it is dense, with a weight for " +
        "each position of the channels below. Only where network.image is given.")]
    public ConvolutionSpec? Convolution { get; init; }

    [Description("Pooling of the activations; none where absent.")]
    public PoolSpec? Pool { get; init; }

    [Description("A mean filter, added to the law of the weights: one number a place of the window (or position " +
        "below), in layer 1 one a channel and place, in the output layer one a position and output; 0 where absent.")]
    [Items(1)]
    public IReadOnlyList<double>? Filter { get; init; }

    [Description("Layer 1: sphere, the incoming weights of each neuron (of a convolution, of each channel) have " +
        "length 1 at all times: they start at a draw of the law over its length, and move by the part of the " +
        "velocity that is tangent. starts-on-sphere: they start so, and then move freely.")]
    public WeightConstraint Constraint { get; init; }

    [Description("The law of the biases at time 0; zero where absent. Only where network.biases is not none.")]
    public LawSpec? Bias { get; init; }

    [Description("The activation; hidden layers must name one, the output layer has identity where absent.")]
    [NameOf<IActivation>]
    public string? Activation { get; init; }

    [Description("What a neuron receives over a connection, summed over the layer below by their masses. " +
        "weighted-sum: w s(h) + b. gated: w s(h) / (1 + e^-b). residual: h + w s(h) + b. dendritic: s(w h) + b.")]
    [NameOf<IInteraction>]
    public string Interaction { get; init; } = "weighted-sum";

    [Description("The learning rate of the weights and biases over time, for the limit and for finite networks; " +
        "1 where absent.")]
    public ScheduleSpec? Rate { get; init; }
}
