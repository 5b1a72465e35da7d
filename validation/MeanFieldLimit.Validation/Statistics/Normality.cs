using MathNet.Numerics.Distributions;

namespace MeanFieldLimit.Validation.Statistics;

/// <summary>How far a sample is from a normal law whose mean and variance are not known.</summary>
/// <param name="Skewness">m_3 / m_2^(3/2).</param>
/// <param name="Kurtosis">m_4 / m_2^2 - 3.</param>
/// <param name="Kolmogorov">
/// The largest distance D of the empirical distribution function to that of the fitted normal law, in Stephens'
/// modified form D (sqrt n - 0.01 + 0.85/sqrt n).
/// </param>
/// <param name="Count">n.</param>
internal readonly record struct Normality(double Skewness, double Kurtosis, double Kolmogorov, int Count)
{
    /// <summary>
    /// What <see cref="Kolmogorov"/> exceeds in 5 % of normal samples (Stephens 1974, table 1A, case 3).
    /// </summary>
    internal const double Critical = 0.895;

    // Standard errors of normal samples.
    internal double SkewnessError => Math.Sqrt(6.0 / Count);

    internal double KurtosisError => Math.Sqrt(24.0 / Count);

    /// <summary>Measures a sample of at least two different values.</summary>
    internal static Normality Of(IReadOnlyList<double> sample)
    {
        var n = sample.Count;
        var mean = sample.Average();
        double Moment(int power) => sample.Average(v => Math.Pow(v - mean, power));
        var variance = Moment(2);
        var deviation = Math.Sqrt(variance * n / (n - 1.0));
        var distance = sample.Order().Select(v => Normal.CDF(mean, deviation, v))
            .Select((p, i) => Math.Max(p - (double)i / n, (i + 1.0) / n - p)).Max();
        return new(Moment(3) / Math.Pow(variance, 1.5), Moment(4) / (variance * variance) - 3,
            distance * (Math.Sqrt(n) - 0.01 + 0.85 / Math.Sqrt(n)), n);
    }
}
