namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// The coefficients of the Runge-Kutta-Chebyshev method of order 2 with s stages (Sommeijer, Shampine and Verwer 1997):
/// w0 = 1 + (2/13)/s^2, w1 = T_s'(w0)/T_s''(w0), b_j = T_j''(w0)/T_j'(w0)^2, b_0 = b_1 = b_2.
/// </summary>
internal sealed class ChebyshevPolynomials
{
    private readonly double w0, w1;
    private readonly double[] t, first, second;     // T_j(w0) and its derivatives

    internal ChebyshevPolynomials(int stages)
    {
        Stages = stages;
        w0 = 1 + 2.0 / 13 / ((double)stages * stages);
        (t, first, second) = (new double[stages + 1], new double[stages + 1], new double[stages + 1]);
        (t[0], t[1], first[1]) = (1, w0, 1);
        for (var j = 2; j <= stages; j++)
        {
            t[j] = 2 * w0 * t[j - 1] - t[j - 2];
            first[j] = 2 * t[j - 1] + 2 * w0 * first[j - 1] - first[j - 2];
            second[j] = 4 * first[j - 1] + 2 * w0 * second[j - 1] - second[j - 2];
        }
        w1 = first[stages] / second[stages];
    }

    internal int Stages { get; }

    /// <summary>mu~_1 = b_1 w1.</summary>
    internal double First => B(1) * w1;

    internal double B(int j) => second[Math.Max(2, j)] / (first[Math.Max(2, j)] * first[Math.Max(2, j)]);

    internal double Mu(int j) => 2 * B(j) * w0 / B(j - 1);

    internal double Nu(int j) => -B(j) / B(j - 2);

    /// <summary>mu~_j, the factor of h F_{j-1}.</summary>
    internal double MuSlope(int j) => 2 * B(j) * w1 / B(j - 1);

    /// <summary>gamma~_j = -(1 - b_{j-1} T_{j-1}(w0)) mu~_j, the factor of h F_0.</summary>
    internal double Gamma(int j) => -(1 - B(j - 1) * t[j - 1]) * MuSlope(j);

    /// <summary>Node c_j: stage j stands at t + c_j h; c_s = 1.</summary>
    internal double Node(int j) => j switch
    {
        0 => 0,
        1 => Node(2) / (4 * w0),
        _ => w1 * second[j] / first[j],
    };
}
