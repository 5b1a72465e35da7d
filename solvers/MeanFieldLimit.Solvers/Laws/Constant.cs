
namespace MeanFieldLimit.Solvers.Laws;

/// <summary>Always Value.</summary>
/// <param name="Value">Finite.</param>
public sealed record Constant(double Value) : ILaw
{
    /// <summary>The only value.</summary>
    public double Value { get; } = LawArguments.Finite(Value);

    /// <inheritdoc/>
    public double Mean => Value;

    /// <inheritdoc/>
    public double StandardDeviation => 0;

    /// <inheritdoc/>
    public double Quantile(double u) => Value;

    /// <inheritdoc/>
    public int GaussNodes(int requested) => Math.Min(1, GaussRule.Requested(requested));

    /// <inheritdoc/>
    public GaussRule Gauss(int requested) => GaussRule.Hermite(GaussNodes(requested)).Map(Value, 0);
}
