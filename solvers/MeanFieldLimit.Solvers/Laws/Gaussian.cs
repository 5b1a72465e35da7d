using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Laws;

/// <summary>N(Mean, StandardDeviation^2); the constant Mean when StandardDeviation is 0.</summary>
/// <param name="Mean">E X, finite.</param>
/// <param name="StandardDeviation">At least 0, finite.</param>
public sealed record Gaussian(double Mean, double StandardDeviation) : ILaw
{
    private const int CacheChunk = 1024;

    /// <inheritdoc/>
    public double Mean { get; } = LawArguments.Finite(Mean);

    /// <inheritdoc/>
    public double StandardDeviation { get; } = LawArguments.Spread(StandardDeviation);

    /// <inheritdoc/>
    public double Quantile(double u) =>
        StandardDeviation == 0 ? Mean : Mean + StandardDeviation * NormalDistribution.Quantile(u);

    /// <inheritdoc/>
    public void Quantiles(Span<double> u)
    {
        if (StandardDeviation == 0)
        {
            u.Fill(Mean);
            return;
        }
        for (var start = 0; start < u.Length; start += CacheChunk)
        {
            var chunk = u.Slice(start, Math.Min(CacheChunk, u.Length - start));
            NormalDistribution.Quantile(chunk, chunk);
            TensorPrimitives.Multiply(chunk, StandardDeviation, chunk);
            TensorPrimitives.Add(chunk, Mean, chunk);
        }
    }

    /// <inheritdoc/>
    public int GaussNodes(int requested)
    {
        GaussRule.Requested(requested);
        return StandardDeviation == 0 ? 1 : requested;
    }

    /// <inheritdoc/>
    public GaussRule Gauss(int requested) => GaussRule.Hermite(GaussNodes(requested)).Map(Mean, StandardDeviation);

    StandardLaw? ILaw.Standard => new(Mean, StandardDeviation, double.NegativeInfinity, double.PositiveInfinity,
        static t => -t * t / 2 - Math.Log(2 * Math.PI) / 2, static (below, above) =>
            below < above ? NormalDistribution.Quantile(below) : -NormalDistribution.Quantile(above));
}
