namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>A sparse measure near the infimum of F(nu) + price |nu|, and the proof of how near.</summary>
/// <param name="Points">x [atom, d].</param>
/// <param name="Masses">m [atom], of either sign.</param>
/// <param name="Value">F(nu) + price |nu|, an upper bound of the infimum.</param>
/// <param name="Gap">Value - Gap is a lower bound of the infimum, but for roundings.</param>
/// <param name="Level">The bound of |delta F / delta nu| on the support that the gap was computed with.</param>
/// <param name="Iterations">Calls of the oracle.</param>
public sealed record SparseMinimum(double[] Points, double[] Masses, double Value, double Gap, double Level,
    int Iterations)
{
    /// <summary>|nu|.</summary>
    public double Mass => Masses.Sum(Math.Abs);

    /// <summary>
    /// The atom that holds the quantile u in (0, 1) of |m|: of uniform u, one with the probability |m_i| / |nu|.
    /// </summary>
    public int AtomAt(double u)
    {
        var (left, last) = (u * Mass, Masses.Length - 1);
        for (var i = 0; i < last; i++)
            if ((left -= Math.Abs(Masses[i])) < 0) return i;
        return last;
    }
}
