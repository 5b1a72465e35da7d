using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// W_2 of measures of angles modulo 2 pi, the distance being the shorter arc; exact. Unrolled, the circle is the line,
/// on which the monotone coupling is optimal given the mass s that goes round: W_2^2 = min_s int_0^1 (F^-1(u) -
/// G^-1(u + s))^2 du, with G^-1(u + 1) = G^-1(u) + 2 pi. The integral is convex in s (Delon, Salomon and Sobolevskii,
/// Fast transport optimization for Monge costs on the circle, SIAM J. Appl. Math. 70, 2010).
/// </summary>
public static class WassersteinCircle
{
    // As a function of s the cost has slopes of at most 16 pi^2: the last digit of s is one of the cost.
    private const int Halvings = 60;

    /// <summary>W_2 of two discrete measures of angles.</summary>
    /// <exception cref="ArgumentException">A dimension is not 1.</exception>
    public static double Distance(DiscreteMeasure source, DiscreteMeasure target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        Arcs from = new(source), to = new(target);
        // At s = 1 all of the target lies beyond the source, at s = -1 before it.
        var (low, high) = (-1.0, 1.0);
        for (var k = 0; k < Halvings; k++)
        {
            var middle = (low + high) / 2;
            if (Slope(from, to, middle) < 0) low = middle;
            else high = middle;
        }
        var (angles, masses) = to.From((low + high) / 2);
        return WassersteinLine.Distance(from.Angles, from.Masses, angles, masses, 2);
    }

    /// <summary>
    /// W_2 of a discrete measure of angles and the uniform law: with G^-1(u) = 2 pi u the minimum over s is the
    /// variance of F^-1(u) - 2 pi u.
    /// </summary>
    /// <exception cref="ArgumentException">The dimension is not 1.</exception>
    public static double ToUniform(DiscreteMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        var arcs = new Arcs(measure);
        double[] offsets = [.. arcs.Angles.Select((angle, i) =>
            angle - Math.Tau * (arcs.Levels[i] - arcs.Masses[i] / 2))];
        var mean = offsets.Zip(arcs.Masses, (c, m) => m * c).Sum();
        // Of the square over an atom of mass m: that at its middle, and the variance of 2 pi u on it.
        return Math.Sqrt(offsets.Zip(arcs.Masses,
            (c, m) => m * (Math.Pow(c - mean, 2) + Math.Pow(Math.Tau * m, 2) / 12)).Sum());
    }

    /// <summary>
    /// d/ds of the cost: where G^-1(u + s) jumps in u, from y to y', the cost of what is there of F^-1 changes from
    /// (x - y)^2 to (x - y')^2.
    /// </summary>
    private static double Slope(Arcs from, Arcs to, double s)
    {
        var sum = 0.0;
        for (var j = 0; j < to.Angles.Length; j++)
        {
            var (x, y, next) = (from.At(to.Levels[j] - s), to.Angles[j],
                j + 1 < to.Angles.Length ? to.Angles[j + 1] : to.Angles[0] + Math.Tau);
            sum += (next - y) * (next - x + y - x);
        }
        return sum;
    }

    /// <summary>Angles in [0, 2 pi], increasing, and their masses, of sum 1.</summary>
    private sealed class Arcs
    {
        internal Arcs(DiscreteMeasure measure)
        {
            if (measure.Dimension != 1)
                throw new ArgumentException($"points on the circle have one angle, got {measure.Dimension} "
                    + $"coordinates: take {nameof(WassersteinExact)}");
            var sum = measure.Masses.Sum();
            (double Angle, double Mass)[] sorted = [.. measure.Points.Select((a, i) =>
                (a - Math.Tau * Math.Floor(a / Math.Tau), measure.Masses[i] / sum)).Where(p => p.Item2 > 0).Order()];
            (Angles, Masses) = ([.. sorted.Select(p => p.Angle)], [.. sorted.Select(p => p.Mass)]);
            Levels = new double[Masses.Length];
            var level = 0.0;
            for (var i = 0; i < Levels.Length; i++) Levels[i] = level += Masses[i];
            Levels[^1] = 1;
        }

        internal double[] Angles { get; }

        internal double[] Masses { get; }

        /// <summary>Sums of masses up to each.</summary>
        internal double[] Levels { get; }

        /// <summary>F^-1(u).</summary>
        internal double At(double u) => Angles[Index(u - Math.Floor(u))] + Math.Tau * Math.Floor(u);

        /// <summary>The atoms of one round from the level s on, the first of which may be a part of one.</summary>
        internal (double[] Angles, double[] Masses) From(double s)
        {
            var (turns, n) = (Math.Floor(s), Angles.Length);
            var first = Index(s - turns);
            var part = Math.Clamp(Levels[first] - (s - turns), 0, Masses[first]);
            int[] order = [.. Enumerable.Range(first, n + 1)];
            double[] masses = [.. order.Select(i => Masses[i % n])];
            (masses[0], masses[^1]) = (part, Masses[first] - part);
            return ([.. order.Select(i => Angles[i % n] + Math.Tau * (turns + i / n))], masses);
        }

        private int Index(double level)
        {
            var found = Array.BinarySearch(Levels, level);
            return Math.Min(found < 0 ? ~found : found, Levels.Length - 1);
        }
    }
}
