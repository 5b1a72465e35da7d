using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>For which batches and steps of SGD the end of training is looked at.</summary>
public sealed record StabilitySpec
{
    [Description("Points of a batch, strictly increasing, no more than there are training points; where absent the " +
        "powers of two below their number, and all of them.")]
    [Items(1, Remedy = "give one batch or more, such as [1, 8]")]
    [AtLeast(1, Remedy = "use a positive number of points")]
    public IReadOnlyList<int>? Batches { get; init; }

    [Description("Steps of SGD, in the time of the limit, of which it is said for each batch whether they are stable.")]
    [Items(1, Remedy = "give one step or more, such as [0.1, 0.2]"), Positive]
    public IReadOnlyList<double>? Steps { get; init; }
}
