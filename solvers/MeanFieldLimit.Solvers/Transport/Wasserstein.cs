using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>The Wasserstein distance W_p(mu, nu) = min (sum_ij pi_ij |x_i - y_j|^p)^(1/p) of discrete measures, exact.
/// </summary>
public static class Wasserstein
{
    /// <summary>Distance, plan and certificate: sorted on the line, by the network simplex elsewhere.</summary>
    /// <exception cref="ArgumentException">p is below 1 or the dimensions differ.</exception>
    public static OptimalTransport Between(DiscreteMeasure source, DiscreteMeasure target, double p = 2) =>
        source.Dimension == 1 && target.Dimension == 1
            ? WassersteinLine.Between(source, target, p)
            : WassersteinExact.Between(source, target, p);

    /// <summary>W_p alone.</summary>
    /// <exception cref="ArgumentException">p is below 1 or the dimensions differ.</exception>
    public static double Distance(DiscreteMeasure source, DiscreteMeasure target, double p = 2) =>
        Between(source, target, p).Distance;
}
