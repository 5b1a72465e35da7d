using System.Text.Json.Serialization;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// lim N (E yhat_N - yhat), the mean over networks of width N being that of their initial weights: with masses
/// p_i + N_i^(-1/2) dp_i and middle weights w_i + tau_i xi, xi standard noise of each pair of neurons,
/// b = 1/2 sum_i (N / N_i) sum_c p_i(c) D^2 yhat[e_c - p_i, e_c - p_i] + N/2 sum_i tau_i^2 sum_(j, j') d^2 yhat / d w_i(j, j')^2.
/// Layers and noise are independent, so nothing else has this order; the next is N^-2.
/// </summary>
/// <param name="OfMasses">The first sum at each save time, [point, K].</param>
/// <param name="OfNoise">The second, that of the noise of middle weights; 0 where there is none.</param>
/// <param name="PointShares">The share of each entry in means over points and outputs.</param>
public sealed record PredictedBias(IReadOnlyList<double[]> OfMasses, IReadOnlyList<double[]> OfNoise, double[] PointShares)
{
    /// <summary>The standard error of <see cref="Rms"/> from the draws of noise; 0 where there is none.</summary>
    public double StandardError { get; init; }

    /// <summary>
    /// The rms difference of the parts of masses on two sets of nodes, whose mean is taken: twice that to each.
    /// </summary>
    public double NodesError { get; init; }

    /// <summary>Its rms over points and outputs at the final time.</summary>
    [JsonIgnore]
    public double Rms => RmsOf(At(OfMasses.Count - 1), PointShares);

    /// <summary>That of the part of masses.</summary>
    [JsonIgnore]
    public double MassPart => RmsOf(OfMasses[^1], PointShares);

    /// <summary>That of the part of the noise of middle weights.</summary>
    [JsonIgnore]
    public double NoisePart => RmsOf(OfNoise[^1], PointShares);

    /// <summary>At save time number k, [point, K].</summary>
    public double[] At(int k) => [.. OfMasses[k].Zip(OfNoise[k], (m, n) => m + n)];

    /// <summary>
    /// The component of values [point, K] along it at the final time, over its length: 1 of itself.
    /// </summary>
    public double Share(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var b = At(OfMasses.Count - 1);
        double product = 0, square = 0;
        for (var n = 0; n < b.Length; n++)
        {
            product += PointShares[n] * b[n] * values[n];
            square += PointShares[n] * b[n] * b[n];
        }
        return product / square;
    }

    internal static double RmsOf(double[] values, double[] shares) =>
        Math.Sqrt(values.Zip(shares, (v, share) => share * v * v).Sum());
}
