using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>Which gradient descents are compared by the sharpness that they end at.</summary>
public sealed record SharpnessSpec
{
    [Description("Steps eta of gradient descent and of SGD, as training.step counts them.")]
    [Items(1, Remedy = "give one step or more, such as [0.1, 0.2]"), Positive]
    public required IReadOnlyList<double> Steps { get; init; }

    [Description("Batches of SGD, beside gradient descent on all points.")]
    [AtLeast(1)]
    public IReadOnlyList<int> Batches { get; init; } = [];

    [Description("A training whose risk ends above it is at no minimum, and not compared; a thousandth of that at its start where absent.")]
    [Positive]
    public double? Risk { get; init; }

    [Description("Whether the limit takes the steps of gradient descent too.")]
    public bool Limit { get; init; } = true;

    [Description("SGD that goes on from where gradient descent of each step has come to; none where absent.")]
    public EscapeSpec? Escape { get; init; }
}

/// <summary>Branches of SGD from the end of gradient descent, at its step.</summary>
public sealed record EscapeSpec
{
    [Description("Batches of the branches; gradient descent on all points goes on beside them.")]
    [Items(1, Remedy = "give one batch or more, such as [4, 16]"), AtLeast(1)]
    public required IReadOnlyList<int> Batches { get; init; }

    [Description("Time of each branch.")]
    [Positive]
    public required double Time { get; init; }

    [Description("Times at which risk and test error of a branch are recorded.")]
    [Between(1, 100000)]
    public int Saves { get; init; } = 200;
}
