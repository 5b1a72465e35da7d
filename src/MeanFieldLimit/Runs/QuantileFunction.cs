namespace MeanFieldLimit.Runs;

/// <summary>
/// A law on the line by its quantile function, piecewise linear between knots (u_i, x_i): the density is constant
/// between the x_i. Two of them have the exact distance W_2^2 = int_0^1 (F^-1 - G^-1)^2 du.
/// </summary>
/// <remarks>
/// In place of atoms: whatever the two laws are, those of atoms at different places are O(h) from each other in W_2,
/// which would hide that their densities agree to O(h^2).
/// </remarks>
internal sealed class QuantileFunction
{
    private readonly double[] u, x;

    private QuantileFunction(double[] u, double[] x) => (this.u, this.x) = (u, x);

    /// <summary>A density on a grid of one axis: knots at the ends of cells.</summary>
    internal static QuantileFunction Of(Density density)
    {
        var axis = density.Grid.Axes[0];
        var u = new double[axis.Cells + 1];
        for (var i = 0; i < axis.Cells; i++) u[i + 1] = u[i] + density.Masses[i];
        for (var i = 0; i <= axis.Cells; i++) u[i] /= u[^1];
        return new(u, [.. u.Select((_, i) => axis.Start + i * axis.Spacing)]);
    }

    /// <summary>Particles on the line: x_i amid its mass, the outermost half masses as dense as the next.</summary>
    internal static QuantileFunction Of(DiscreteMeasure measure)
    {
        int[] order = [.. Enumerable.Range(0, measure.Count).Where(i => measure.Masses[i] > 0)
            .OrderBy(i => measure.Points[i])];
        double[] x = [.. order.Select(i => measure.Points[i])], m = [.. order.Select(i => measure.Masses[i])];
        if (x.Length == 1) return new([0, 1], [x[0], x[0]]);
        var (u, below) = (new double[x.Length + 2], 0.0);
        for (var i = 0; i < x.Length; below += m[i++]) u[i + 1] = below + m[i] / 2;
        u[^1] = 1;
        for (var i = 1; i < u.Length; i++) u[i] = Math.Clamp(u[i], u[i - 1], 1);
        var (first, last) = (m[0] / (m[0] + m[1]) * (x[1] - x[0]), m[^1] / (m[^1] + m[^2]) * (x[^1] - x[^2]));
        return new(u, [x[0] - first, .. x, x[^1] + last]);
    }

    /// <summary>W_2, integrated piece by piece: both are linear between neighbouring knots of either.</summary>
    internal double Distance(QuantileFunction other)
    {
        var (sum, at, i, j) = (0.0, 0.0, 0, 0);
        while (i + 1 < u.Length && j + 1 < other.u.Length)
        {
            var end = Math.Min(u[i + 1], other.u[j + 1]);
            if (end > at)
            {
                double left = At(i, at) - other.At(j, at), right = At(i, end) - other.At(j, end);
                sum += (end - at) * (left * left + left * right + right * right) / 3;
                at = end;
            }
            if (u[i + 1] <= end) i++;
            else j++;
        }
        return Math.Sqrt(sum);
    }

    private double At(int piece, double level) => u[piece + 1] > u[piece]
        ? x[piece] + (level - u[piece]) / (u[piece + 1] - u[piece]) * (x[piece + 1] - x[piece])
        : x[piece];
}
