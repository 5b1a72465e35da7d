using MeanFieldLimit.Solvers.Functions;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Validation.Densities;

/// <summary>
/// Distances of measures that a common factor multiplies, of coordinates whose squares overflow or vanish too.
/// </summary>
internal static class ScaledDistance
{
    /// <summary>
    /// <paramref name="distance"/> of both, coordinates times <see cref="PowerOfTwo.Factor"/> and the result over it.
    /// </summary>
    internal static double Of(DiscreteMeasure a, DiscreteMeasure b,
        Func<DiscreteMeasure, DiscreteMeasure, double> distance)
    {
        var scale = PowerOfTwo.Factor(a.Points.Concat(b.Points).Max(Math.Abs));
        return scale == 1 ? distance(a, b) : distance(Scaled(a), Scaled(b)) / scale;

        DiscreteMeasure Scaled(DiscreteMeasure m) => new(m.Dimension, [.. m.Points.Select(x => x * scale)], m.Masses);
    }
}
