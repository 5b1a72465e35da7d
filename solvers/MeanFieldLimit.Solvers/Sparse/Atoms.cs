using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>The signed measure sum_i m_i delta_{x_i}.</summary>
/// <param name="Points">x [atom, d].</param>
/// <param name="Masses">m [atom]; the sign of one of mass 0 is kept by the sign of its zero.</param>
internal sealed record Atoms(double[] Points, double[] Masses)
{
    // Closer ones are one: what that changes is of second order, below the roundings of a gap.
    private const double Near = 1e-7;

    internal int Count => Masses.Length;

    /// <summary>One more atom without mass, of a sign.</summary>
    internal Atoms With(double[] point, int sign) => new([.. Points, .. point], [.. Masses, sign < 0 ? -0.0 : 0.0]);

    /// <summary>Those of some masses.</summary>
    internal Atoms Where(Func<double, bool> keep)
    {
        var d = Count == 0 ? 0 : Points.Length / Count;
        int[] kept = [.. Enumerable.Range(0, Count).Where(i => keep(Masses[i]))];
        return new([.. kept.SelectMany(i => Points[(i * d)..((i + 1) * d)])], [.. kept.Select(i => Masses[i])]);
    }

    /// <summary>Atoms of one sign that lie within roundings of each other become one, at their centre.</summary>
    internal Atoms Merged(ISupport support)
    {
        if (Count < 2) return this;
        var d = Points.Length / Count;
        double[] points = [.. Points], masses = [.. Masses], difference = new double[d];
        for (var i = 0; i < Count; i++)
            for (var j = i + 1; j < Count; j++)
            {
                if (masses[i] * masses[j] <= 0) continue;
                var at = points.AsSpan(i * d, d);
                support.Subtract(points.AsSpan(j * d, d), at, difference);
                if (TensorPrimitives.Norm<double>(difference) > Near) continue;
                TensorPrimitives.MultiplyAdd(difference, masses[j] / (masses[i] + masses[j]), at, at);
                (masses[i], masses[j]) = (masses[i] + masses[j], 0);
            }
        return new Atoms(points, masses).Where(m => m != 0);
    }
}
