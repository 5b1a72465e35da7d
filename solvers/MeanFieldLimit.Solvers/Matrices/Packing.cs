using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Copies of a block of a factor in the order in which the tile kernel reads it:
/// to[k width + l] = p_k from_lk for l below lanes, 0 from there to width; without p if it is null.
/// </summary>
internal static unsafe class Packing<L, V, E>
    where L : ILanes<V, E> where V : struct where E : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(E* to, int width, Strided from, double* p, int lanes, int k)
    {
        if (from.Row == 1)
            Rows(to, width, from.Data, from.Column, p, lanes, k);
        else
            Transposed(to, width, from, p, lanes, k);
        if (lanes < width)
        {
            for (var q = 0; q < k; q++)
                new Span<E>(to + (nint)q * width + lanes, width - lanes).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(E* to, int width, double* from, nint depth, double* p, int lanes, int k)
    {
        for (var q = 0; q < k; q++, to += width, from += depth) Line(to, from, p == null ? 1 : p[q], lanes);
    }

    /// <summary>to_l = factor from_l of so many numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(E* to, double* from, double factor, int count)
    {
        var done = 0;
        for (; done + L.Count <= count; done += L.Count)
            L.Copy(from + done, factor, to + done);
        for (; done < count; done++)
            to[done] = L.Of(factor * from[done]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(E* to, int width, Strided from, double* p, int lanes, int k)
    {
        var l = 0;
        for (; from.Column == 1 && Vector512.IsHardwareAccelerated && Avx512F.IsSupported && l + 8 <= lanes; l += 8)
        {
            var q = EightByEight(to + l, width, from.From(l, 0), p, k);
            FourRows(to + l, width, from.From(l, 0), p, q, k);
            FourRows(to + l + 4, width, from.From(l + 4, 0), p, q, k);
        }
        for (; l + 4 <= lanes; l += 4)
        {
            var q = from.Column == 1 && Avx.IsSupported ? FourByFour(to + l, width, from.From(l, 0), p, k) : 0;
            FourRows(to + l, width, from.From(l, 0), p, q, k);
        }
        for (; l < lanes; l++)
        {
            for (var q = 0; q < k; q++)
                to[(nint)q * width + l] = L.Of((p == null ? 1 : p[q]) * *from.At(l, q));
        }
    }

    // Four rows at a time: about one entry per cycle, six times the speed of one entry after the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(E* to, int width, Strided from, double* p, int q, int k)
    {
        double* r0 = from.Data, r1 = r0 + from.Row, r2 = r1 + from.Row, r3 = r2 + from.Row;
        nint r = q * from.Column;
        for (to += (nint)q * width; q < k; q++, r += from.Column, to += width)
        {
            var f = p == null ? 1 : p[q];
            to[0] = L.Of(f * r0[r]);
            to[1] = L.Of(f * r1[r]);
            to[2] = L.Of(f * r2[r]);
            to[3] = L.Of(f * r3[r]);
        }
    }

    /// <summary>The same for contiguous rows, 4 x 4 entries at a time; how many of each row it has done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FourByFour(E* to, int width, Strided from, double* p, int k)
    {
        double* r0 = from.Data, r1 = r0 + from.Row, r2 = r1 + from.Row, r3 = r2 + from.Row;
        var q = 0;
        for (; q + 4 <= k; q += 4, to += 4 * (nint)width)
        {
            Vector256<double> a = Vector256.Load(r0 + q), b = Vector256.Load(r1 + q), c = Vector256.Load(r2 + q),
                d = Vector256.Load(r3 + q);
            Vector256<double> ab = Avx.UnpackLow(a, b), ba = Avx.UnpackHigh(a, b), cd = Avx.UnpackLow(c, d),
                dc = Avx.UnpackHigh(c, d);
            Put(to, Avx.Permute2x128(ab, cd, 0x20), p, q);
            Put(to + width, Avx.Permute2x128(ba, dc, 0x20), p, q + 1);
            Put(to + 2 * (nint)width, Avx.Permute2x128(ab, cd, 0x31), p, q + 2);
            Put(to + 3 * (nint)width, Avx.Permute2x128(ba, dc, 0x31), p, q + 3);
        }
        return q;
    }

    /// <summary>The same, 8 x 8 entries at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EightByEight(E* to, int width, Strided from, double* p, int k)
    {
        double* r0 = from.Data, r4 = r0 + 4 * from.Row;
        nint row = from.Row, w = width;
        var q = 0;
        for (; q + 8 <= k; q += 8, to += 8 * w, r0 += 8, r4 += 8)
        {
            Vector512<double> a = Vector512.Load(r0), b = Vector512.Load(r0 + row), c = Vector512.Load(r0 + 2 * row),
                d = Vector512.Load(r0 + 3 * row), e = Vector512.Load(r4), f = Vector512.Load(r4 + row),
                g = Vector512.Load(r4 + 2 * row), h = Vector512.Load(r4 + 3 * row);
            PutQuarters(to, w, p, Avx512F.UnpackLow(a, b), Avx512F.UnpackLow(c, d), Avx512F.UnpackLow(e, f),
                Avx512F.UnpackLow(g, h));
            PutQuarters(to + w, w, p == null ? null : p + 1, Avx512F.UnpackHigh(a, b), Avx512F.UnpackHigh(c, d),
                Avx512F.UnpackHigh(e, f), Avx512F.UnpackHigh(g, h));
            if (p != null) p += 8;
        }
        return q;
    }

    // Quarters 0 of all four to the first line, quarters 1 to the second one after it, and so on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutQuarters(E* to, nint width, double* p, Vector512<double> x, Vector512<double> y, Vector512<double> z,
        Vector512<double> v)
    {
        const byte Even = 0x88, Odd = 0xDD;
        Vector512<double> xy = Avx512F.Shuffle4x128(x, y, Even), zv = Avx512F.Shuffle4x128(z, v, Even),
            yx = Avx512F.Shuffle4x128(x, y, Odd), vz = Avx512F.Shuffle4x128(z, v, Odd);
        Put(to, Avx512F.Shuffle4x128(xy, zv, Even), p, 0);
        Put(to + 2 * width, Avx512F.Shuffle4x128(yx, vz, Even), p, 2);
        Put(to + 4 * width, Avx512F.Shuffle4x128(xy, zv, Odd), p, 4);
        Put(to + 6 * width, Avx512F.Shuffle4x128(yx, vz, Odd), p, 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(E* to, Vector512<double> values, double* p, int q)
    {
        if (p != null) values *= p[q];
        if (typeof(E) == typeof(double)) values.Store((double*)to);
        else Avx512F.ConvertToVector256Single(values).Store((float*)to);
    }

    private static void Put(E* to, Vector256<double> values, double* p, int q)
    {
        if (p != null) values *= p[q];
        if (typeof(E) == typeof(double)) values.Store((double*)to);
        else Avx.ConvertToVector128Single(values).Store((float*)to);
    }
}
