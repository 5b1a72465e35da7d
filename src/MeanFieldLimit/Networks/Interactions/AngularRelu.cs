namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// The angular means of s(h) = h for h > 0, k h otherwise, in closed form. With u0 = -b/|a| inside (-1, 1),
/// P(u > u0) = 1/2 - c int_0^u0 (1 - v^2)^((d-3)/2) dv and E[u; u > u0] = c (1 - u0^2)^((d-1)/2) / (d - 1),
/// c = Gamma(d/2) / (sqrt(pi) Gamma((d-1)/2)).
/// </summary>
/// <remarks>
/// The integral is a regularised incomplete beta function of half-integer parameters, hence a finite sum: with
/// v = sin theta, J_k = int cos^k = sin cos^(k-1) / k + (k-1)/k J_(k-2), all terms of one sign.
/// </remarks>
internal sealed class AngularRelu(int dimension, double leak) : IAngularMean
{
    private readonly double norm = Norm(dimension);
    private readonly bool even = dimension % 2 == 0;

    // 1/k for k = 2, 4, ..., d - 2 or 3, 5, ..., d - 2: a division a term would take most of the time.
    private readonly double[] reciprocals =
        [.. Enumerable.Range(0, (dimension - 2) / 2).Select(j => 1.0 / (2 * j + 2 + dimension % 2))];

    public double Value(double a, double b) =>
        leak * b + (1 - leak) * (Math.Abs(a) * MeanAbove(a, b) + b * Above(a, b));

    public double SlopeInRadius(double a, double b) => (1 - leak) * Math.Sign(a) * MeanAbove(a, b);

    public double SlopeInBias(double a, double b) => leak + (1 - leak) * Above(a, b);

    /// <summary>P(a u + b > 0).</summary>
    private double Above(double a, double b)
    {
        a = Math.Abs(a);
        if (a <= Math.Abs(b)) return b > 0 ? 1 : 0;
        double u = -b / a, squared = (1 - u) * (1 + u);
        double integral = even ? Math.Asin(u) : u, term = even ? u * Math.Sqrt(squared) : u * squared;
        foreach (var reciprocal in reciprocals)
        {
            integral = term * reciprocal + (1 - reciprocal) * integral;
            term *= squared;
        }
        return 0.5 - norm * integral;
    }

    /// <summary>E[u; |a| u + b > 0].</summary>
    private double MeanAbove(double a, double b)
    {
        a = Math.Abs(a);
        if (a <= Math.Abs(b)) return 0;
        double u = b / a, squared = (1 - u) * (1 + u), power = even ? Math.Sqrt(squared) : 1;
        for (var n = (dimension - 1) / 2; n > 0; n >>= 1, squared *= squared)
            if ((n & 1) == 1) power *= squared;
        return norm / (dimension - 1) * power;
    }

    /// <summary>c, from c(2) = 1/pi, c(3) = 1/2 and c(d + 2) = c(d) d / (d - 1).</summary>
    private static double Norm(int dimension)
    {
        var c = dimension % 2 == 0 ? 1 / Math.PI : 0.5;
        for (var d = dimension % 2 == 0 ? 2 : 3; d < dimension; d += 2) c *= d / (d - 1.0);
        return c;
    }
}
