using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// Entropic transport of clouds, OT_eps = min_pi sum_ij pi_ij |x_i - y_j|^p + eps KL(pi | a x b) (Cuturi 2013; Peyre
/// and Cuturi 2019, section 4). O(n m) per iteration; the smaller eps against the cost, the more iterations.
/// </summary>
public static class WassersteinEntropic
{
    /// <summary>OT_eps, its potentials and how far they are from optimal.</summary>
    /// <param name="source">mu.</param>
    /// <param name="target">nu, of the same dimension.</param>
    /// <param name="epsilon">eps, positive, in the units of |x - y|^p.</param>
    /// <param name="p">At least 1.</param>
    /// <param name="limits">When to end.</param>
    /// <exception cref="ArgumentException">eps is not positive, p is below 1 or the dimensions differ.</exception>
    public static EntropicTransport Between(
        DiscreteMeasure source, DiscreteMeasure target, double epsilon, double p = 2, SinkhornLimits? limits = null)
    {
        Check(source, target, epsilon, p);
        return Solve(source, target, epsilon, p, limits, symmetric: false);
    }

    /// <summary>The debiased divergence S_eps; not negative for p up to 2, see <see
    /// cref="SinkhornDivergence.IsNegative"/>.</summary>
    /// <inheritdoc cref="Between"/>
    public static SinkhornDivergence Divergence(
        DiscreteMeasure source, DiscreteMeasure target, double epsilon, double p = 2, SinkhornLimits? limits = null)
    {
        EntropicTransport Self(DiscreteMeasure mu) => Solve(mu, mu, epsilon, p, limits, symmetric: true);
        Check(source, target, epsilon, p);
        return new(p, Between(source, target, epsilon, p, limits), Self(source), Self(target));
    }

    /// <summary>
    /// The plan [source, target] with both marginals exact: rows and columns that exceed their mass are scaled down,
    /// and what is then missing is added as a product (Altschuler, Weed and Rigollet 2017, algorithm 2). Its cost is an
    /// upper bound of W_p^p.
    /// </summary>
    public static double[] Plan(
        DiscreteMeasure source, DiscreteMeasure target, EntropicTransport solved, double p = 2)
    {
        var (plan, a, b) = (Cost(source, target, p), source.Masses, target.Masses);
        var (n, m) = (a.Length, b.Length);
        double[] columns = new double[m], missing = new double[n];
        for (var i = 0; i < n; i++)
        {
            var row = plan.AsSpan(i * m, m);
            if (a[i] == 0)
            {
                row.Clear();
                continue;
            }
            // Where both points have no mass, nothing bounds the exponent.
            for (var j = 0; j < m; j++)
                row[j] = b[j] == 0 ? 0 : b[j] * Math.Exp(
                    (solved.SourcePotentials[i] + solved.TargetPotentials[j] - row[j]) / solved.Epsilon);
            var sum = TensorPrimitives.Sum<double>(row);
            TensorPrimitives.Multiply(row, a[i] * Math.Min(1, 1 / sum), row);
            TensorPrimitives.Add(columns, row, columns);
        }
        for (var j = 0; j < m; j++) columns[j] = columns[j] > b[j] ? b[j] / columns[j] : 1;
        var lack = b.ToArray();
        for (var i = 0; i < n; i++)
        {
            var row = plan.AsSpan(i * m, m);
            TensorPrimitives.Multiply(row, columns, row);
            TensorPrimitives.Subtract(lack, row, lack);
            missing[i] = Math.Max(0, a[i] - TensorPrimitives.Sum<double>(row));
        }
        var total = missing.Sum();
        if (total > 0)
            for (var i = 0; i < n; i++)
                for (var j = 0; j < m; j++)
                    plan[i * m + j] += missing[i] * Math.Max(0, lack[j]) / total;
        return plan;
    }

    internal static void Check(DiscreteMeasure source, DiscreteMeasure target, double epsilon, double p)
    {
        TransportArguments.Power(p);
        TransportArguments.SameDimension(source, target);
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon,
                $"epsilon must be positive and finite, got {epsilon}: for 0 take {nameof(WassersteinExact)}");
    }

    private static EntropicTransport Solve(DiscreteMeasure source, DiscreteMeasure target, double epsilon, double p,
        SinkhornLimits? limits, bool symmetric)
    {
        var (a, b) = (source.Masses, target.Masses);
        return new Sinkhorn(new CloudPass(Cost(source, target, p), a, b), a, b)
            .Solve(epsilon, limits ?? new(), symmetric);
    }

    private static double[] Cost(DiscreteMeasure source, DiscreteMeasure target, double p) =>
        CostMatrix.OfDistances(source.Dimension, source.Points, target.Points, p);
}
