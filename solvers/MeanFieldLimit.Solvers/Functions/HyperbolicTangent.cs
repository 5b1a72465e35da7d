using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Functions;

/// <summary>
/// tanh x = u / (u + 2) with u = e^z - 1 and z = 2 |x|, which cancels nowhere. With z = k ln 2 + r, |r| at most ln 2 / 2,
/// u = 2^k (e^r - 1) + 2^k - 1, and e^r - 1 is its Taylor polynomial to r^13, whose rest is 1.3e-17 of it.
/// </summary>
internal static class HyperbolicTangent
{
    // From 19.1 on tanh is 1.
    private const double MostZ = 40;

    // ln 2 in two parts, the first with zeros at its end, so that k times it is exact.
    private const double Log2E = 1.4426950408889634, Ln2 = 0.69314718036912382, RestOfLn2 = 1.9082149292705877e-10;

    // Added to a small number it rounds that to a whole one, which the last bits of the sum are.
    private const double Rounding = 6755399441055744;

    /// <summary>y_j = tanh x_j, to the same bits with vectors of any length.</summary>
    internal static void Of(ReadOnlySpan<double> x, Span<double> y)
    {
        if (Vector512.IsHardwareAccelerated) Of<Vector512<double>, Reals512>(x, y);
        else Of<Vector256<double>, Reals256>(x, y);
    }

    internal static void Of<V, L>(ReadOnlySpan<double> x, Span<double> y) where V : struct where L : IReals<V>
    {
        var four = 4 * L.Count;
        ref double from = ref MemoryMarshal.GetReference(x), to = ref MemoryMarshal.GetReference(y[..x.Length]);
        var j = 0;
        for (; j <= x.Length - four; j += four) OfFour<V, L>(ref Unsafe.Add(ref from, j), ref Unsafe.Add(ref to, j));
        if (j == x.Length) return;
        Span<double> rest = stackalloc double[four];
        rest.Clear();
        x[j..].CopyTo(rest);
        OfFour<V, L>(ref rest[0], ref rest[0]);
        rest[..(x.Length - j)].CopyTo(y[j..]);
    }

    /// <summary>y_j = 1 - s_j^2.</summary>
    internal static void Slope(ReadOnlySpan<double> s, Span<double> y)
    {
        if (Vector512.IsHardwareAccelerated) Slope<Vector512<double>, Reals512>(s, y);
        else Slope<Vector256<double>, Reals256>(s, y);
    }

    internal static void Slope<V, L>(ReadOnlySpan<double> s, Span<double> y) where V : struct where L : IReals<V>
    {
        ref double from = ref MemoryMarshal.GetReference(s), to = ref MemoryMarshal.GetReference(y[..s.Length]);
        var j = 0;
        for (; j <= s.Length - L.Count; j += L.Count)
        {
            var v = L.Load(ref from, j);
            L.Store(L.Subtract(L.Of(1), L.Multiply(v, v)), ref to, j);
        }
        for (; j < s.Length; j++) y[j] = 1 - s[j] * s[j];
    }

    // Four vectors in turn, whose chains of multiply-adds hide each other's latency: of 256 bits 4.2 cycles a number where 6.5
    // with one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OfFour<V, L>(ref double from, ref double to) where V : struct where L : IReals<V>
    {
        V w = L.Load(ref from, 0), x = L.Load(ref from, L.Count), y = L.Load(ref from, 2 * L.Count),
            z = L.Load(ref from, 3 * L.Count);
        Reduce<V, L>(w, out var nw, out var rw);
        Reduce<V, L>(x, out var nx, out var rx);
        Reduce<V, L>(y, out var ny, out var ry);
        Reduce<V, L>(z, out var nz, out var rz);
        // 1/2! + r/3! + ... + r^11/13!.
        V a = L.Of(1.0 / 6227020800), b = a, c = a, d = a;
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 479001600);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 479001600);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 39916800);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 39916800);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 3628800);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 3628800);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 362880);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 362880);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 40320);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 40320);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 5040);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 5040);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 720);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 720);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 120);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 120);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 24);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 24);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 6);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 6);
        Step<V, L>(ref a, ref b, rw, rx, 1.0 / 2);
        Step<V, L>(ref c, ref d, ry, rz, 1.0 / 2);
        L.Store(Finish<V, L>(w, nw, L.MultiplyAdd(L.Multiply(rw, rw), a, rw)), ref to, 0);
        L.Store(Finish<V, L>(x, nx, L.MultiplyAdd(L.Multiply(rx, rx), b, rx)), ref to, L.Count);
        L.Store(Finish<V, L>(y, ny, L.MultiplyAdd(L.Multiply(ry, ry), c, ry)), ref to, 2 * L.Count);
        L.Store(Finish<V, L>(z, nz, L.MultiplyAdd(L.Multiply(rz, rz), d, rz)), ref to, 3 * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<V, L>(ref V a, ref V b, V ra, V rb, double term) where V : struct where L : IReals<V>
    {
        a = L.MultiplyAdd(a, ra, L.Of(term));
        b = L.MultiplyAdd(b, rb, L.Of(term));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce<V, L>(V x, out V rounded, out V r) where V : struct where L : IReals<V>
    {
        var size = L.Abs(x);
        // A NaN is the second of the two.
        var z = L.Min(L.Of(MostZ), L.Add(size, size));
        rounded = L.MultiplyAdd(z, L.Of(Log2E), L.Of(Rounding));
        var k = L.Subtract(rounded, L.Of(Rounding));
        r = L.MultiplyAdd(k, L.Of(-RestOfLn2), L.MultiplyAdd(k, L.Of(-Ln2), z));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Finish<V, L>(V x, V rounded, V p) where V : struct where L : IReals<V>
    {
        var power = L.PowerOfTwo(rounded);
        var u = L.MultiplyAdd(power, p, L.Subtract(power, L.Of(1)));
        return L.CopySign(L.Divide(u, L.Add(u, L.Of(2))), x);
    }
}
