using MathNet.Numerics.Statistics;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>
/// The median over S replicates of a quantity at one width, the least and the largest: these hold the median of all
/// networks between them with the probability 1 - 2^(1 - S).
/// </summary>
internal sealed record WidthMedian(double Value, double Low, double High)
{
    // Risks of sums that cancel are known to the rounding of their terms.
    private const double Rounding = 1e-12;

    internal static WidthMedian Of(IEnumerable<double> values)
    {
        double[] all = [.. values.Select(v => Math.Max(v, Rounding))];
        return new(all.Median(), all.Min(), all.Max());
    }
}
