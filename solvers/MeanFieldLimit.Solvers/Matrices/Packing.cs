namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Copies of a block of a factor in the order in which the tile kernel reads it.</summary>
internal static unsafe class Packing
{
    /// <summary>to[k width + l] = p_k from[l lane + k depth] for l below <paramref name="lanes"/>, 0 from there to
    /// <paramref name="width"/>; without p if it is null.</summary>
    public static void Panel(
        double* to, int width, double* from, nint lane, nint depth, double* p, int lanes, int k)
    {
        for (var q = 0; q < k; q++, to += width)
        {
            var row = from + q * depth;
            if (lane == 1)
                new ReadOnlySpan<double>(row, lanes).CopyTo(new Span<double>(to, lanes));
            else
                Gather(to, row, lane, lanes);
            if (p != null)
            {
                for (var l = 0; l < lanes; l++)
                    to[l] *= p[q];
            }
            for (var l = lanes; l < width; l++)
                to[l] = 0;
        }
    }

    private static void Gather(double* to, double* from, nint stride, int count)
    {
        for (var l = 0; l < count; l++, from += stride)
            to[l] = *from;
    }
}
