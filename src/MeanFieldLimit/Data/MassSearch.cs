namespace MeanFieldLimit.Data;

/// <summary>Finds the points that hold quantiles u of masses: the first up to which their sum exceeds u.</summary>
internal sealed class MassSearch
{
    private readonly double[] sums;

    /// <exception cref="ArgumentException">A mass is negative, or none is positive.</exception>
    internal MassSearch(ReadOnlySpan<double> masses)
    {
        sums = new double[masses.Length];
        var sum = 0.0;
        for (var n = 0; n < masses.Length; n++)
        {
            if (!(masses[n] >= 0))
                throw new ArgumentException($"masses that are drawn from must not be negative, got {masses[n]}");
            sums[n] = sum += masses[n];
        }
        if (!(sum > 0 && double.IsFinite(sum)))
            throw new ArgumentException($"masses must have a positive, finite sum, got {sum}");
    }

    /// <summary>The least n with sum_{m &lt;= n} mass_m > u sum_m mass_m, u in [0, 1): no point of mass 0.</summary>
    internal int Find(double u)
    {
        // Below the last sum, whatever the product rounds to.
        var wanted = Math.Min(u * sums[^1], Math.BitDecrement(sums[^1]));
        var (low, high) = (0, sums.Length - 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (sums[middle] > wanted) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
