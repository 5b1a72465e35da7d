
namespace MeanFieldLimit.Solvers.Laws;

/// <summary>The uniform law on [Low, High].</summary>
public sealed record Uniform : ILaw
{
    /// <summary>Uniform on [low, high].</summary>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite, or low is not below high.</exception>
    public Uniform(double low, double high)
    {
        Low = LawArguments.Finite(low);
        High = LawArguments.Finite(high);
        if (low >= high)
            throw new ArgumentOutOfRangeException(
                nameof(high), high, $"low must be below high, got {low} and {high}: order them, or take a constant");
        LawArguments.Finite(high - low);
    }

    /// <summary>The lower end.</summary>
    public double Low { get; }

    /// <summary>The upper end.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public double Mean => Low + HalfLength;

    /// <inheritdoc/>
    public double StandardDeviation => HalfLength / Math.Sqrt(3);

    private double HalfLength => (High - Low) / 2;

    /// <inheritdoc/>
    public double Quantile(double u) => Low + (High - Low) * u;

    /// <inheritdoc/>
    public int GaussNodes(int requested) => GaussRule.Requested(requested);

    /// <inheritdoc/>
    public GaussRule Gauss(int requested) => GaussRule.Legendre(GaussNodes(requested)).Map(Mean, HalfLength);

    StandardLaw? ILaw.Standard => new(Mean, HalfLength, -1, 1, static _ => -Math.Log(2),
        static (below, above) => below < above ? 2 * below - 1 : 1 - 2 * above);
}
