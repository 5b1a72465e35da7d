using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>Laws of neurons (a, w) with |w| = length and |a| at most a bound, and what a neuron costs.</summary>
public sealed record StaticsSpec
{
    [Description("The largest |a| of outgoing weights. Without one there must be a penalty.")]
    [Between(1e-6, 1e6)]
    public double? Bound { get; init; }

    [Description("lambda of the penalty lambda E[|a| |w|], which is added to the risk.")]
    [AtLeast(0, Remedy = "use a positive number, or 0 for none")]
    public double Penalty { get; init; }

    [Description("|w|, the length of the incoming weights of every neuron. Of relu and leaky-relu only its product " +
        "with bound matters.")]
    [Between(1e-6, 1e6)]
    public double Length { get; init; } = 1;
}
