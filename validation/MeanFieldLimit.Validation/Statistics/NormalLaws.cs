namespace MeanFieldLimit.Validation.Statistics;

/// <summary>Normal laws N(m_i, v_i) of several quantities, and mean distances between them.</summary>
internal sealed record NormalLaws(double[] Means, double[] Variances)
{
    // Of the largest variance of both laws: what outputs that differ by rounding alone have.
    private const double Rounding = 1e-30;

    /// <summary>
    /// sum_i w_i KL(N(m_i, v_i) || N(m_i*, v_i*)), KL = (log(v*/v) + (v + (m - m*)^2) / v* - 1) / 2: infinite where
    /// one of these laws has no variance and the other one has.
    /// </summary>
    internal double Divergence(NormalLaws reference, IReadOnlyList<double> weights)
    {
        var zero = Rounding * Math.Max(Variances.Max(), reference.Variances.Max());
        return Mean(reference, weights, (m, v, other, variance) => v <= zero || variance <= zero
            ? Math.Max(v, variance) <= zero && (m - other) * (m - other) <= zero ? 0 : double.PositiveInfinity
            : 0.5 * (Math.Log(variance / v) + (v + (m - other) * (m - other)) / variance - 1));
    }

    /// <summary>sum_i w_i W2^2(N(m_i, v_i), N(m_i*, v_i*)), W2^2 = (m - m*)^2 + (sqrt v - sqrt v*)^2.</summary>
    internal double SquaredWasserstein(NormalLaws other, IReadOnlyList<double> weights) => Mean(other, weights,
        (m, v, mean, variance) =>
            (m - mean) * (m - mean) + Math.Pow(Math.Sqrt(v) - Math.Sqrt(variance), 2));

    private double Mean(NormalLaws other, IReadOnlyList<double> weights,
        Func<double, double, double, double, double> of)
    {
        var sum = 0.0;
        for (var i = 0; i < Means.Length; i++)
            sum += weights[i] * of(Means[i], Variances[i], other.Means[i], other.Variances[i]);
        return sum;
    }
}
