namespace MeanFieldLimit.Interactions;

/// <summary>
/// The angular means of s(h) = h for h > 0, k h otherwise, in closed form. With u0 = -b/|a| inside (-1, 1),
/// P(u > u0) = 1/2 - c int_0^u0 (1 - v^2)^((d-3)/2) dv and E[u; u > u0] = c (1 - u0^2)^((d-1)/2) / (d - 1),
/// c = Gamma(d/2) / (sqrt(pi) Gamma((d-1)/2)).
/// </summary>
/// <remarks>
/// The integral is a regularised incomplete beta function of half-integer parameters, hence a finite sum: with
/// v = sin theta, J_k = int cos^k = (sin cos^(k-1) + (k-1) J_(k-2)) / k, all terms of one sign.
/// </remarks>
internal sealed class AngularRelu(int dimension, double leak) : IAngularMean
{
    private readonly double norm = Norm(dimension);

    public double Value(double a, double b) => leak * b + (1 - leak) * (Math.Abs(a) * MeanAbove(a, b) + b * Above(a, b));

    public double SlopeInRadius(double a, double b) => (1 - leak) * Math.Sign(a) * MeanAbove(a, b);

    public double SlopeInBias(double a, double b) => leak + (1 - leak) * Above(a, b);

    /// <summary>P(a u + b > 0).</summary>
    private double Above(double a, double b)
    {
        a = Math.Abs(a);
        if (a <= Math.Abs(b)) return b > 0 ? 1 : 0;
        if (b == 0) return 0.5;
        double u = -b / a, squared = (1 - u) * (1 + u);
        var even = dimension % 2 == 0;
        double integral = even ? Math.Asin(u) : u, term = even ? u * Math.Sqrt(squared) : u * squared;
        for (var k = even ? 2 : 3; k <= dimension - 2; k += 2, term *= squared)
            integral = (term + (k - 1) * integral) / k;
        return 0.5 - norm * integral;
    }

    /// <summary>E[u; |a| u + b > 0].</summary>
    private double MeanAbove(double a, double b)
    {
        a = Math.Abs(a);
        if (a <= Math.Abs(b)) return 0;
        var u = b / a;
        return norm / (dimension - 1) * Math.Pow((1 - u) * (1 + u), (dimension - 1) / 2.0);
    }

    /// <summary>c, from c(2) = 1/pi, c(3) = 1/2 and c(d + 2) = c(d) d / (d - 1).</summary>
    private static double Norm(int dimension)
    {
        var c = dimension % 2 == 0 ? 1 / Math.PI : 0.5;
        for (var d = dimension % 2 == 0 ? 2 : 3; d < dimension; d += 2) c *= d / (d - 1.0);
        return c;
    }
}
