using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// Exact transport on the line: for every convex cost the monotone coupling is optimal,
/// W_p^p = int_0^1 |F^-1(u) - G^-1(u)|^p du. O(n log n).
/// </summary>
public static class WassersteinLine
{
    /// <summary>The optimal plan for the cost |x - y|^p.</summary>
    /// <remarks>The potentials follow the plan from pair to pair, u_i + v_j = c_ij on all of its steps. They are
    /// feasible because the cost of sorted points is a Monge matrix (Hoffman 1963); to check that takes O(n m), see
    /// <see cref="OptimalTransport.Violation"/>.</remarks>
    /// <exception cref="ArgumentException">p is below 1 or a dimension is not 1.</exception>
    public static OptimalTransport Between(DiscreteMeasure source, DiscreteMeasure target, double p = 2)
    {
        TransportArguments.Power(p);
        TransportArguments.SameDimension(source, target);
        if (source.Dimension != 1)
            throw new ArgumentException($"points on the line have one coordinate, got {source.Dimension}: "
                + $"take {nameof(WassersteinExact)} or {nameof(WassersteinSliced)}");
        var solved = Between(source.Points, source.Masses, target.Points, target.Masses, p);
        TransportArguments.NotVanished(solved, source, target);
        return solved;
    }

    /// <summary>W_p^p alone, of points x with masses a and y with masses b, and the longest way of the plan, which is
    /// not kept.</summary>
    internal static (double Cost, double Longest) Cost(
        ReadOnlySpan<double> x, ReadOnlySpan<double> a, ReadOnlySpan<double> y, ReadOnlySpan<double> b, double p)
    {
        var masses = new IntegerMasses(a, b);
        var walk = new Staircase(Sorted.Of(x, masses.Source), Sorted.Of(y, masses.Target));
        var (cost, longest) = (0.0, 0.0);
        while (walk.Next(out var amount))
        {
            cost += amount * Power(walk.Distance, p);
            if (amount > 0) longest = Math.Max(longest, walk.Distance);
        }
        return (cost / masses.Total, longest);
    }

    /// <summary>W_p alone, in units of the longest way: neither p nor coordinates are too large for it.</summary>
    /// <exception cref="ArgumentException">A difference of coordinates is not finite.</exception>
    internal static double Distance(
        ReadOnlySpan<double> x, ReadOnlySpan<double> a, ReadOnlySpan<double> y, ReadOnlySpan<double> b, double p)
    {
        var masses = new IntegerMasses(a, b);
        Sorted source = Sorted.Of(x, masses.Source), target = Sorted.Of(y, masses.Target);
        var (longest, sum) = (0.0, 0.0);
        for (var walk = new Staircase(source, target); walk.Next(out var amount);)
            if (amount > 0) longest = Math.Max(longest, walk.Distance);
        if (longest == 0) return 0;
        if (!double.IsFinite(longest))
            throw new ArgumentException($"differences of coordinates must be finite, got {longest}: multiply all "
                + "coordinates by one small number, by which W_p is multiplied too");
        for (var walk = new Staircase(source, target); walk.Next(out var amount);)
            sum += amount * Power(walk.Distance / longest, p);
        return longest * Math.Pow(sum / masses.Total, 1 / p);
    }

    private static OptimalTransport Between(double[] x, double[] a, double[] y, double[] b, double p)
    {
        var most = ArraySize.Of("a plan", "take fewer points", (long)x.Length + y.Length - 1);
        TransportArguments.Extent(1, x, y, p);
        var masses = new IntegerMasses(a, b);
        Sorted source = default, target = default;
        var threads = IntegerMasses.Threads(x.Length + y.Length);
        Workers.Run(2, threads, side =>
        {
            if (side == 0) source = Sorted.Of(x, masses.Source);
            else target = Sorted.Of(y, masses.Target);
        });
        // u and v in the order of the sorted points.
        var (sortedU, sortedV) = (new double[x.Length], new double[y.Length]);
        var (sources, targets, flows) = (new int[most], new int[most], new double[most]);
        var (count, cost) = (0, 0.0);
        var walk = new Staircase(source, target);
        // The first step sets v from u = 0; every other meets one new point.
        var (lastSource, lastTarget) = (0, -1);
        while (walk.Next(out var amount))
        {
            var c = Power(walk.Distance, p);
            if (walk.J != lastTarget)
                sortedV[walk.J] = c - sortedU[walk.I];
            else if (walk.I != lastSource)
                sortedU[walk.I] = c - sortedV[walk.J];
            (lastSource, lastTarget) = (walk.I, walk.J);
            if (amount == 0) continue;
            (sources[count], targets[count]) = (source.Indices[walk.I], target.Indices[walk.J]);
            flows[count] = amount * masses.Unit;
            cost += amount * c;
            count++;
        }
        double[] u = [], v = [];
        Workers.Run(2, threads, side =>
        {
            if (side == 0) u = source.ByIndex(sortedU);
            else v = target.ByIndex(sortedV);
        });
        var plan = new TransportPlan(sources[..count], targets[..count], flows[..count]);
        var largest = Power(Math.Max(source.Points[^1] - target.Points[0], target.Points[^1] - source.Points[0]), p);
        return new(p, cost * masses.Unit, plan, masses.DualValue(u, v), masses.Rounding(a, b, largest, u, v), u, v);
    }

    internal static double Power(double distance, double p) => p switch
    {
        1 => distance,
        2 => distance * distance,
        _ => Math.Pow(distance, p),
    };

    /// <summary>Points in order, with the indices they had and their masses.</summary>
    private readonly record struct Sorted(double[] Points, int[] Indices, long[] Masses)
    {
        public static Sorted Of(ReadOnlySpan<double> points, long[] masses)
        {
            var (sorted, indices, moved) = (points.ToArray(), new int[points.Length], new long[points.Length]);
            for (var i = 0; i < indices.Length; i++) indices[i] = i;
            Array.Sort(sorted, indices);
            for (var i = 0; i < indices.Length; i++) moved[i] = masses[indices[i]];
            return new(sorted, indices, moved);
        }

        /// <summary>Values of the points in order, by the indices that these had.</summary>
        public double[] ByIndex(double[] values)
        {
            var moved = new double[values.Length];
            for (var i = 0; i < values.Length; i++) moved[Indices[i]] = values[i];
            return moved;
        }
    }

    /// <summary>The pairs (I, J) of the monotone coupling, from the smallest points to the largest: every step moves
    /// one of the two on, so n + m - 1 pairs are met, some without mass.</summary>
    private struct Staircase(Sorted source, Sorted target)
    {
        private long left = source.Masses[0], room = target.Masses[0];
        private bool begun;

        public int I { get; private set; }

        public int J { get; private set; }

        public readonly double Distance => Math.Abs(source.Points[I] - target.Points[J]);

        public bool Next(out long amount)
        {
            amount = 0;
            if (begun)
            {
                var lastSource = I + 1 == source.Points.Length;
                if (lastSource && J + 1 == target.Points.Length) return false;
                if (left == 0 && !lastSource)
                    left = source.Masses[++I];
                else
                    room = target.Masses[++J];
            }
            begun = true;
            amount = Math.Min(left, room);
            left -= amount;
            room -= amount;
            return true;
        }
    }
}
