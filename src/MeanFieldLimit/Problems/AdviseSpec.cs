using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>What is asked of predicted gaps.</summary>
public sealed record AdviseSpec
{
    [Description("Numbers of parameters for which widths are chosen (mfl widths), strictly increasing.")]
    [Items(1, Remedy = "give one number or more, such as [1e4, 1e6]"), Between(1, 1e18)]
    public IReadOnlyList<double> Parameters { get; init; } = [1e3, 1e4, 1e5, 1e6, 1e7];

    [Description("How near networks are to come to the limit (mfl advise): the rms of their gap over that of the limit's " +
        "predictions, at the final time."), Between(1e-9, 10)]
    public double Accuracy { get; init; } = 0.1;
}
