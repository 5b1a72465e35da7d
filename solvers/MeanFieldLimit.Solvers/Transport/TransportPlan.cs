using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>A coupling of two discrete measures, sum_k Masses[k] delta_(x_Sources[k], y_Targets[k]).</summary>
/// <param name="Sources">Indices of points of the first measure.</param>
/// <param name="Targets">Indices of points of the second measure.</param>
/// <param name="Masses">What goes from the one to the other, positive.</param>
public sealed record TransportPlan(int[] Sources, int[] Targets, double[] Masses)
{
    /// <summary>The number of pairs; n + m - 1 at most if the coupling is a vertex, as those of the exact solvers.
    /// </summary>
    public int Count => Masses.Length;

    /// <summary>Whether every source goes to one target: the plan is then a map, that of <see cref="Barycentres"/>.
    /// </summary>
    public bool IsMap => Sources.Distinct().Count() == Sources.Length;

    /// <summary>The barycentric projection T(x_i) = sum_j pi_ij y_j / sum_j pi_ij, [source, d]: the map if the plan is
    /// one. A source without mass has the barycentre NaN.</summary>
    /// <param name="sources">The number of points of the first measure.</param>
    /// <param name="dimension">d.</param>
    /// <param name="targets">y [target, d].</param>
    public double[] Barycentres(int sources, int dimension, ReadOnlySpan<double> targets)
    {
        var barycentres = new double[ArraySize.Of("barycentres", "take fewer points", sources, dimension)];
        var mass = new double[sources];
        for (var k = 0; k < Count; k++)
            mass[Sources[k]] += Masses[k];
        for (var k = 0; k < Count; k++)
            for (var d = 0; d < dimension; d++)
                barycentres[Sources[k] * dimension + d] +=
                    Masses[k] / mass[Sources[k]] * targets[Targets[k] * dimension + d];
        for (var i = 0; i < sources; i++)
            if (mass[i] == 0) barycentres.AsSpan(i * dimension, dimension).Fill(double.NaN);
        return barycentres;
    }
}
