using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>Teacher and student: which networks are trained without regularization, and on how many points.</summary>
public sealed record BiasSpec
{
    [Description("Runs under the law of the inputs itself: numbers of neurons of their teachers, each of them a " +
        "random unit vector with the outgoing weight 1 in their mean.")]
    [Items(1, Remedy = "give one teacher or more, such as [1, 5, 40]"), Between(1, 10_000)]
    public IReadOnlyList<int> Teachers { get; init; } = [1, 5, 40];

    [Description("Their width."), Between(2, 2000)]
    public int Width { get; init; } = 50;

    [Description("Their input dimension."), Between(2, 2000)]
    public int Dimension { get; init; } = 100;

    [Description("Numbers of training points of the networks of couple, strictly increasing: a map over widths and " +
        "points. Those of data.points are trained for every seed.")]
    [Items(1, Remedy = "give one number or more, such as [50, 100, 200]"), Between(1, 2048)]
    public IReadOnlyList<int> Samples { get; init; } = [50, 100, 200];

    [Description("Widths far above the least number of points, at which networks are compared with random features, " +
        "strictly increasing.")]
    [Items(1, Remedy = "give one width or more, such as [100, 200, 400]"), Between(1, 10_000)]
    public IReadOnlyList<int> Wide { get; init; } = [100, 200, 400, 800];

    [Description("The step of networks in the mean-field scaling. Those of the conventional one take training.step / " +
        "width in the time of their parameters, or this where it is less.")]
    [Positive]
    public double ScaledStep { get; init; } = 0.2;

    [Description("The final time of networks in the mean-field scaling and of their limit."), Positive]
    public double ScaledTime { get; init; } = 1000;
}
