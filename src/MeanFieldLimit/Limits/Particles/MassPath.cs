using MeanFieldLimit.Data;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>A direction dm of the masses of the data that varies in time, constant on intervals.</summary>
/// <remarks>Not for use by two threads at once: values are made when they are asked for.</remarks>
internal sealed class MassPath
{
    private const double Rounding = 1e-10;

    private readonly IReadOnlyList<double> ends;
    private readonly Action<int, double[]> fill;
    private readonly double[] dm;
    private int current = -1;

    /// <summary>That with values on [ends[k], ends[k + 1]) that are filled in by number.</summary>
    internal MassPath(IReadOnlyList<double> ends, int points, Action<int, double[]> fill) =>
        (this.ends, this.fill, dm) = (ends, fill, new double[points]);

    /// <summary>dm at a time, [point].</summary>
    /// <exception cref="ArgumentException">It does not sum to 0.</exception>
    internal ReadOnlySpan<double> At(double t)
    {
        var k = Math.Clamp(current, 0, ends.Count - 2);
        while (k < ends.Count - 2 && t >= ends[k + 1]) k++;
        while (k > 0 && t < ends[k]) k--;
        if (k == current) return dm;
        fill(k, dm);
        CheckSum(dm, "the data");
        current = k;
        return dm;
    }

    /// <summary>Refuses a direction of masses that does not sum to 0.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    internal static void CheckSum(double[] dp, string of)
    {
        if (!(Math.Abs(dp.Sum()) <= Rounding * dp.Sum(Math.Abs)))
            throw new ArgumentException($"directions of masses must sum to 0 in {of}, for masses sum to 1, got " +
                $"{dp.Sum():G6}; subtract the sum times the masses");
    }

    /// <summary>
    /// What SGD makes of the masses m of the data, over sqrt(eps), to first order: batches of B points drawn with
    /// replacement, a point with its mass as probability, have masses m + dm, and over a time h the integral of dm has
    /// the covariance (diag(m) - m m^T) h / B. Hence dm = (B h)^(-1/2) (sqrt(m_i) z_i - m_i sum_j sqrt(m_j) z_j) on an
    /// interval of length h, z standard normal. Here z is made of so many equal <paramref name="parts"/> of each interval:
    /// the same parts of all are the same Brownian path, on whatever intervals.
    /// </summary>
    internal static MassPath White(Dataset data, int batch, IReadOnlyList<double> ends, RandomStream stream, int parts)
    {
        var points = data.Count;
        double[] roots = [.. data.Masses.Select(Math.Sqrt)], z = new double[points];
        return new(ends, points, (k, dm) =>
        {
            Array.Clear(dm);
            for (var part = 0; part < parts; part++)
            {
                stream.FillNormal((ulong)(k * parts + part) * (ulong)points, z);
                TensorPrimitives.Add(dm, z, dm);
            }
            TensorPrimitives.Multiply(dm, roots, dm);
            TensorPrimitives.Multiply(dm, 1 / Math.Sqrt(batch * (ends[k + 1] - ends[k]) * parts), dm);
            TensorPrimitives.MultiplyAdd(data.Masses, -dm.Sum(), dm, dm);
        });
    }

    /// <summary>
    /// Ends of intervals from 0 to the last save time, equal ones between any two: at least <paramref name="count"/>, an
    /// even number between saves, each divided into <paramref name="parts"/>.
    /// </summary>
    internal static double[] Ends(IReadOnlyList<double> saveTimes, int count, int parts = 1)
    {
        List<double> ends = [0];
        foreach (var save in saveTimes)
        {
            var start = ends[^1];
            var all = 2 * (int)Math.Ceiling(count * (save - start) / saveTimes[^1] / 2) * parts;
            for (var part = 1; part < all; part++) ends.Add(start + (save - start) * part / all);
            if (save > start) ends.Add(save);
        }
        return [.. ends];
    }
}

/// <summary>
/// A direction of masses: dp_1..dp_(L-1) of the neurons of hidden layers, each empty where a layer's masses stay, and
/// perhaps one of the data.
/// </summary>
internal sealed record MassDirection(IReadOnlyList<double[]> Layers, MassPath? Data = null)
{
    /// <summary>Sets u(0), which is 0 otherwise.</summary>
    internal Action<Span<double>>? Start { get; init; }
}
