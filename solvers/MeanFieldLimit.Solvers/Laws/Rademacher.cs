
namespace MeanFieldLimit.Solvers.Laws;

/// <summary>Mean - Scale or Mean + Scale, each with probability 1/2; the constant Mean when Scale is 0.</summary>
/// <param name="Mean">E X, finite.</param>
/// <param name="Scale">The standard deviation, at least 0, finite.</param>
public sealed record Rademacher(double Mean, double Scale) : ILaw
{
    /// <inheritdoc/>
    public double Mean { get; } = LawArguments.Finite(Mean);

    /// <summary>The distance of either value from the mean.</summary>
    public double Scale { get; } = LawArguments.Spread(Scale);

    /// <inheritdoc/>
    public double StandardDeviation => Scale;

    /// <inheritdoc/>
    public double Quantile(double u) => u <= 0.5 ? Mean - Scale : Mean + Scale;

    /// <inheritdoc/>
    public int GaussNodes(int requested)
    {
        GaussRule.Requested(requested);
        return Scale == 0 ? 1 : 2;
    }

    /// <inheritdoc/>
    public GaussRule Gauss(int requested) =>
        // The two-node Hermite rule is this law: -1 and 1, half each.
        GaussRule.Hermite(GaussNodes(requested)).Map(Mean, Scale);
}
