namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// A solution of the transport problem with its certificate: for every coupling pi and all potentials u, v with
/// u_i + v_j &lt;= c_ij, <c>sum_i a_i u_i + sum_j b_j v_j &lt;= sum_ij pi_ij c_ij</c>, with equality at the optimum.
/// </summary>
public sealed class OptimalTransport
{
    internal OptimalTransport(
        double power, double cost, TransportPlan plan, double dualValue, double rounding, double[] u, double[] v) =>
        (Power, Cost, Plan, DualValue, Rounding, SourcePotentials, TargetPotentials) =
        (power, cost, plan, dualValue, rounding, u, v);

    /// <summary>p where the cost is |x - y|^p, 1 where it was given.</summary>
    public double Power { get; }

    /// <summary>sum_ij pi_ij c_ij of the plan: W_p^p, from above.</summary>
    public double Cost { get; }

    /// <summary>W_p = Cost^(1/p); of a given cost matrix, the cost.</summary>
    public double Distance => Power == 2 ? Math.Sqrt(Cost) : Math.Pow(Cost, 1 / Power);

    /// <summary>The plan pi.</summary>
    public TransportPlan Plan { get; }

    /// <summary>u [source].</summary>
    public double[] SourcePotentials { get; }

    /// <summary>v [target].</summary>
    public double[] TargetPotentials { get; }

    /// <summary>sum_i a_i u_i + sum_j b_j v_j, at most W_p^p but for roundings.</summary>
    public double DualValue { get; }

    /// <summary>
    /// By how much roundings may change W_p^p: those of the masses, which are integers here, in units of about 2^-60 of
    /// the total, times the largest difference of costs; and those of the potentials. A mass of 1e-20 counts nothing:
    /// if it is so far off that its cost matters, this number shows it.
    /// </summary>
    public double Rounding { get; }

    /// <summary>|Cost - DualValue| + Rounding, which bounds the error of the cost, but for the rounding of its sum.
    /// </summary>
    public double Gap => Math.Abs(Cost - DualValue) + Rounding;

    /// <summary>The same of masses and costs that are powers of 2 times those solved for.</summary>
    /// <exception cref="ArgumentException">The cost is too large or too small for a double.</exception>
    internal OptimalTransport Scaled(int mass, int cost)
    {
        double[] Times(double[] values, int exponent) => Array.ConvertAll(values, v => Math.ScaleB(v, exponent));
        var (value, dual) = (Math.ScaleB(Cost, mass + cost), Math.ScaleB(DualValue, mass + cost));
        var (u, v) = (Times(SourcePotentials, cost), Times(TargetPotentials, cost));
        if (!double.IsFinite(value) || (value == 0 && Cost != 0) || !u.All(double.IsFinite) || !v.All(double.IsFinite))
            throw new ArgumentException($"the cost of a plan must be a double, it is {Cost:R} times 2^{mass + cost}: "
                + "multiply the masses or the costs by one number");
        // A subnormal number is rounded by as much as the least one.
        var rounding = Math.ScaleB(Rounding, mass + cost) + (double.IsSubnormal(value) ? double.Epsilon : 0);
        return new(Power, value, Plan with { Masses = Times(Plan.Masses, mass) }, dual, rounding, u, v);
    }

    /// <summary>max_ij (u_i + v_j - c_ij), at most a rounding; O(n m).</summary>
    /// <param name="cost">c_ij, called for every pair.</param>
    public double Violation(Func<int, int, double> cost)
    {
        var worst = double.NegativeInfinity;
        for (var i = 0; i < SourcePotentials.Length; i++)
            for (var j = 0; j < TargetPotentials.Length; j++)
                worst = Math.Max(worst, SourcePotentials[i] + TargetPotentials[j] - cost(i, j));
        return worst;
    }
}
