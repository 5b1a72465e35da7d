using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>Scales of the output: f = alpha sigma sum_r a_r s, learning rates over alpha^2.</summary>
public sealed record LazySpec
{
    [Description("Factors alpha of the outputs, strictly increasing; learning rates are divided by alpha^2, so that " +
        "the tangent kernel is the same at the start.")]
    [Items(1, Remedy = "give one scale or more, such as [0.5, 1, 2, 4]"), Between(1e-6, 1e6)]
    public IReadOnlyList<double> Alphas { get; init; } = [0.25, 0.5, 1, 2, 4, 8, 16, 32];
}
