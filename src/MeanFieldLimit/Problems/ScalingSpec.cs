using System.ComponentModel;
using MeanFieldLimit.Embeddings;

namespace MeanFieldLimit.Problems;

/// <summary>How sums and learning rates go with the width.</summary>
public sealed record ScalingSpec
{
    [Description("A named point of the family f = sigma sum_r a_r s(<w_r, x>), sigma = factor (N/width)^sum, " +
        "learning rates of a times (N/width)^outgoing, of w times (N/width)^incoming; or exponents, which gives " +
        "these. Learning rates go with the variances of the laws too: parameters stand for multiples of standard " +
        "ones.")]
    public required ScalingKind Kind { get; init; }

    [Description("The width d* of the reference network, whose sum is factor times a plain one.")]
    [Positive]
    public double? Width { get; init; }

    [Description("sigma*, the factor of the sum at the reference width; 1/sqrt(width) where absent."), Positive]
    public double? Factor { get; init; }

    [Description("exponents: q_sigma, that of the sum.")]
    public double? Sum { get; init; }

    [Description("exponents: q_a, that of the learning rate of outgoing weights.")]
    public double? Outgoing { get; init; }

    [Description("exponents: q_w, that of the learning rate of incoming weights.")]
    public double? Incoming { get; init; }

    /// <summary>The scaling.</summary>
    public Scaling Build()
    {
        var reference = Width ?? 1;
        return new(Kind == ScalingKind.Exponents ? new(Sum!.Value, Outgoing!.Value, Incoming!.Value)
            : ScalingExponents.Named[Kind], reference, Factor ?? 1 / Math.Sqrt(reference));
    }
}

[Description("The initial function f0 of the limit of a scaling whose networks start as a Gaussian process.")]
public sealed record InitialSpec
{
    [Description("Its values: one list of outputs per training point, then per test point.")]
    [Items(1)]
    public IReadOnlyList<IReadOnlyList<double>>? Values { get; init; }

    [Description("Which draw of the Gaussian process, where there are no values; where absent the first, or all of " +
        "them together where the limit has a closed form: their mean, with the standard deviation."), AtLeast(0)]
    public int? Draw { get; init; }
}
