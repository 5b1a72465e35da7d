using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>How the gap of networks is predicted from the limit alone.</summary>
public sealed record PredictSpec
{
    [Description("Draws of the noise of the masses in each hidden layer of more types than that; of fewer every type " +
        "is a direction of its own, without an error of draws. For the gap of parameters the types of all layers count " +
        "together. 0 predicts nothing, otherwise at least 2.")]
    [AtLeast(0)]
    public int Draws { get; init; } = 200;

    [Description("Whether the mean of N times the gap of networks of width N is predicted too, which is of order 1/N in " +
        "the gap.")]
    public bool Bias { get; init; }
}
