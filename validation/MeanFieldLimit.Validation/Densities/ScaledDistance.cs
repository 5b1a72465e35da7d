using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Validation.Densities;

/// <summary>
/// Distances of measures that a common factor multiplies, of coordinates whose squares overflow or vanish too.
/// </summary>
internal static class ScaledDistance
{
    private const double Largest = 1e100, Smallest = 1e-100;

    /// <summary>A power of 2 that brings a size whose square is out of range to about 1; 1 for all others.</summary>
    internal static double Scale(double size) =>
        size is 0 or (>= Smallest and <= Largest) ? 1 : Math.ScaleB(1, Math.Min(1000, -Math.ILogB(size)));

    /// <summary>
    /// <paramref name="distance"/> of both, coordinates out of range brought to about 1 by a power of 2 and the result
    /// back.
    /// </summary>
    internal static double Of(DiscreteMeasure a, DiscreteMeasure b,
        Func<DiscreteMeasure, DiscreteMeasure, double> distance)
    {
        var scale = Scale(a.Points.Concat(b.Points).Max(Math.Abs));
        return scale == 1 ? distance(a, b) : distance(Scaled(a), Scaled(b)) / scale;

        DiscreteMeasure Scaled(DiscreteMeasure m) => new(m.Dimension, [.. m.Points.Select(x => x * scale)], m.Masses);
    }
}
