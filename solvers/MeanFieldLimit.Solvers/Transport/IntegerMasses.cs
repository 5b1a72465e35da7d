using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// The masses of two measures as integers of equal sum, in units of 1 / Total: sums and differences are then exact, and
/// ties are ties. Masses are rounded by 2^-60 of their sum: below that of the doubles where these are above 1e-2, above
/// it for smaller ones; see <see cref="Rounding"/>.
/// </summary>
internal sealed class IntegerMasses
{
    private const double MassTolerance = 1e-9;
    private const double Epsilon = 1.0 / (1L << 52);
    private const long LargestTotal = 1L << 60;

    // Of both sides: fewer do not repay a second thread.
    private const int LeastShared = 1 << 14;

    private readonly double sourceSum, targetSum;

    /// <param name="source">a.</param>
    /// <param name="target">b.</param>
    /// <param name="exponent">Both were divided by 2 to that, for messages.</param>
    public IntegerMasses(ReadOnlySpan<double> source, ReadOnlySpan<double> target, int exponent = 0)
    {
        (sourceSum, targetSum) = (Sum(source, "source"), Sum(target, "target"));
        if (Math.Abs(sourceSum - targetSum) > MassTolerance * sourceSum)
            throw new ArgumentException($"both measures must have the same total mass, the source has "
                + $"{Math.ScaleB(sourceSum, exponent):R} and the target {Math.ScaleB(targetSum, exponent):R}: "
                + "divide the masses of each by their sum");
        // Equal masses 1/n and 1/m are exact in units of the least common multiple of n and m.
        long unit = source.Length / Gcd(source.Length, target.Length) * (long)target.Length;
        while (unit <= LargestTotal / 2) unit *= 2;
        var rounded = new long[2][];
        Workers.Run(2, Threads(source.Length + target.Length), source, target, [], (n, a, b, _) =>
            rounded[n] = n == 0 ? Round(a, sourceSum, unit) : Round(b, targetSum, unit));
        (Source, Target) = (rounded[0], rounded[1]);
        long excess = 0;
        foreach (var k in Source) excess += k;
        Total = excess;
        foreach (var k in Target) excess -= k;
        if (excess > 0)
        {
            Largest(Source) -= excess;
            Total -= excess;
        }
        else
            Largest(Target) += excess;
        Unit = sourceSum / Total;
    }

    public long[] Source { get; }

    public long[] Target { get; }

    public long Total { get; }

    /// <summary>The mass of one unit.</summary>
    public double Unit { get; }

    /// <summary>sum_i a_i u_i + sum_j b_j v_j.</summary>
    public double DualValue(double[] u, double[] v)
    {
        var value = 0.0;
        for (var i = 0; i < u.Length; i++) value += Source[i] * u[i];
        for (var j = 0; j < v.Length; j++) value += Target[j] * v[j];
        return value * Unit;
    }

    /// <summary>
    /// What W_p^p may differ by from that of the masses before they were rounded, and the roundings of the potentials:
    /// at the optimum these vary by no more than the costs, and a change of masses sums to 0, so that it counts with
    /// half of that range.
    /// </summary>
    /// <param name="source">a, as given.</param>
    /// <param name="target">b, as given.</param>
    /// <param name="range">max c - min c.</param>
    /// <param name="u">[source].</param>
    /// <param name="v">[target].</param>
    public double Rounding(
        ReadOnlySpan<double> source, ReadOnlySpan<double> target, double range, double[] u, double[] v)
    {
        var sides = new double[2];
        Workers.Run(2, Threads(source.Length + target.Length), source, target, [], (n, a, b, _) =>
            sides[n] = n == 0 ? Side(a, sourceSum, Source, u) : Side(b, targetSum, Target, v));
        return (sides[0] + sides[1]) * Unit;

        double Side(ReadOnlySpan<double> masses, double sum, long[] rounded, double[] potential)
        {
            var magnitude = 0.0;
            for (var i = 0; i < rounded.Length; i++) magnitude += rounded[i] * Math.Abs(potential[i]);
            return Moved(masses, rounded, sum) / 2 * Total * range + Epsilon * magnitude;
        }
    }

    /// <summary>The threads that share the work on two sides of so many points.</summary>
    public static int Threads(int points) => points < LeastShared ? 1 : 2;

    // sum_i |a_i - k_i / Total| for masses a of sum 1, with the rounding of the difference; equal ones are exact.
    private double Moved(ReadOnlySpan<double> masses, long[] rounded, double sum)
    {
        if (TensorPrimitives.Min(rounded) == TensorPrimitives.Max(rounded)) return 0;
        var moved = Epsilon;
        for (var i = 0; i < rounded.Length; i++) moved += Math.Abs(masses[i] / sum - (double)rounded[i] / Total);
        return moved;
    }

    // Compensated (Neumaier 1974): the same masses in another order are the same integers.
    private static double Sum(ReadOnlySpan<double> masses, string name)
    {
        if (masses.IsEmpty)
            throw new ArgumentException($"a measure must have at least one point, the {name} has none: give one");
        var (sum, lost) = (0.0, 0.0);
        for (var i = 0; i < masses.Length; i++)
        {
            if (!(masses[i] >= 0 && double.IsFinite(masses[i])))
                throw new ArgumentException($"masses must be finite and not negative, mass {i} of the {name} is "
                    + $"{masses[i]}: leave the point out or mend it");
            var (larger, smaller) = (Math.Max(sum, masses[i]), Math.Min(sum, masses[i]));
            sum += masses[i];
            lost += larger - sum + smaller;
        }
        sum += lost;
        if (!(sum > 0 && double.IsFinite(sum)))
            throw new ArgumentException($"the total mass must be positive, that of the {name} is {sum}: give mass");
        return sum;
    }

    private static long[] Round(ReadOnlySpan<double> masses, double sum, long unit)
    {
        var rounded = new long[masses.Length];
        if (TensorPrimitives.Min(masses) == TensorPrimitives.Max(masses))
            Array.Fill(rounded, unit / masses.Length);
        else
            for (var i = 0; i < rounded.Length; i++)
                rounded[i] = (long)Math.Round(masses[i] / sum * unit);
        return rounded;
    }

    private static ref long Largest(long[] masses)
    {
        var at = 0;
        for (var i = 1; i < masses.Length; i++)
            if (masses[i] > masses[at]) at = i;
        return ref masses[at];
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
