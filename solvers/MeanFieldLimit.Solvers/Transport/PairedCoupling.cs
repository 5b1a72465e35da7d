using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// The coupling that takes each x_i to its own y_i, and how far it is from optimal: what a scheme that moves particles
/// must know before it calls (sum_i m_i |x_i - y_i|^p)^(1/p) a Wasserstein distance.
/// </summary>
/// <param name="Cost">sum_i m_i |x_i - y_i|^p.</param>
/// <param name="DualValue">The value of feasible potentials: W_p^p is between it and Cost.</param>
/// <param name="SourcePotentials">u [i]: u_i + v_k &lt;= |x_i - y_k|^p for all i and k.</param>
/// <param name="TargetPotentials">v [k].</param>
internal sealed record PairedCoupling(
    double Cost, double DualValue, double[] SourcePotentials, double[] TargetPotentials)
{
    // A coupling near the identity needs a few rounds; where these do not settle it, the simplex does.
    private const int Rounds = 16;

    // On the line sorting does, in far less memory. But its potentials are as large as the squared distances between
    // points, and where all of them move by far less than that, their roundings hide the cost.
    private const int MostOnTheLine = 2048;
    private const double Rounding = 1e-13;

    /// <summary>Cost - DualValue: what another coupling could save at most.</summary>
    public double Excess => Cost - DualValue;

    /// <summary>Whether no other coupling saves more than <paramref name="relative"/> of the cost.</summary>
    public bool IsOptimal(double relative = 1e-9) => Excess <= relative * Cost;

    /// <summary>
    /// The pairs (x_i, y_i) and their certificate. They are optimal if and only if v_k &lt;= v_i + c_ik - c_ii has a
    /// solution, that is, if they are cyclically monotone: shortest paths by Bellman-Ford, O(n^2) per round, and the
    /// exact solver where those do not end.
    /// </summary>
    /// <param name="dimension">d.</param>
    /// <param name="x">[i, d].</param>
    /// <param name="y">[i, d].</param>
    /// <param name="masses">m [i], not negative, of sum 1.</param>
    /// <param name="p">At least 1.</param>
    /// <exception cref="ArgumentException">As for <see cref="DiscreteMeasure"/> and <see cref="Wasserstein"/>.
    /// </exception>
    public static PairedCoupling Of(int dimension, double[] x, double[] y, double[] masses, double p = 2)
    {
        var (source, target) = (new DiscreteMeasure(dimension, x, masses), new DiscreteMeasure(dimension, y, masses));
        TransportArguments.Power(p);
        TransportArguments.SameDimension(source, target);
        var paid = new double[masses.Length];
        for (var i = 0; i < paid.Length; i++)
        {
            var distance = TensorPrimitives.Distance<double>(
                x.AsSpan(i * dimension, dimension), y.AsSpan(i * dimension, dimension));
            paid[i] = WassersteinLine.Power(distance, p);
        }
        var cost = TensorPrimitives.Dot<double>(masses, paid);
        if ((dimension > 1 || paid.Length <= MostOnTheLine) && ShortestPaths(source, target, paid, p) is { } certificate
            && certificate.Excess <= Rounding * cost)
            return certificate;
        var best = Wasserstein.Between(source, target, p);
        return Certified(masses, cost, best.SourcePotentials, best.TargetPotentials);
    }

    private static PairedCoupling ShortestPaths(
        DiscreteMeasure source, DiscreteMeasure target, double[] paid, double p)
    {
        var n = paid.Length;
        var cost = CostMatrix.OfDistances(source.Dimension, source.Points, target.Points, p);
        double[] v = new double[n], u = new double[n], before = new double[n], row = new double[n];
        for (var round = 0; round < Rounds; round++)
        {
            v.CopyTo(before, 0);
            for (var i = 0; i < n; i++)
            {
                TensorPrimitives.Add(cost.AsSpan(i * n, n), v[i] - paid[i], row);
                row[i] = v[i];
                TensorPrimitives.Min(v, row, v);
            }
            if (v.AsSpan().SequenceEqual(before)) break;
        }
        for (var i = 0; i < n; i++)
        {
            TensorPrimitives.Subtract(cost.AsSpan(i * n, n), v, row);
            u[i] = TensorPrimitives.Min<double>(row);
        }
        return Certified(source.Masses, TensorPrimitives.Dot<double>(source.Masses, paid), u, v);
    }

    // With the masses as given, not those that the exact solvers round to integers.
    private static PairedCoupling Certified(double[] masses, double cost, double[] u, double[] v) =>
        new(cost, TensorPrimitives.Dot<double>(masses, u) + TensorPrimitives.Dot<double>(masses, v), u, v);
}
