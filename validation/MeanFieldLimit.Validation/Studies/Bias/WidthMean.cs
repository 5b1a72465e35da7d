using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>The geometric mean over replicates of a quantity at one width, with its 95 % interval.</summary>
internal sealed record WidthMean(double Value, double Low, double High)
{
    // Risks of sums that cancel are known to the rounding of their terms.
    private const double Rounding = 1e-12;

    internal static WidthMean Of(IEnumerable<double> values)
    {
        double[] logs = [.. values.Select(v => Math.Log(Math.Max(v, Rounding)))];
        var mean = logs.Average();
        var half = logs.Length < 2 ? double.NaN : Bootstrap.Student(logs.Length)
            * Math.Sqrt(logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1.0) / logs.Length);
        return new(Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half));
    }
}
