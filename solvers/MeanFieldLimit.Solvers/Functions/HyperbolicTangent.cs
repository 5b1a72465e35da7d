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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Of<V, R>(ReadOnlySpan<double> x, Span<double> y) where V : struct where R : IReals<V>
    {
        var four = 4 * R.Count;
        ref double from = ref MemoryMarshal.GetReference(x), to = ref MemoryMarshal.GetReference(y[..x.Length]);
        var j = 0;
        for (; j <= x.Length - four; j += four) OfFour<V, R>(ref Unsafe.Add(ref from, j), ref Unsafe.Add(ref to, j));
        if (j == x.Length) return;
        Span<double> rest = stackalloc double[four];
        rest.Clear();
        x[j..].CopyTo(rest);
        OfFour<V, R>(ref rest[0], ref rest[0]);
        rest[..(x.Length - j)].CopyTo(y[j..]);
    }

    /// <summary>y_j = 1 - s_j^2.</summary>
    internal static void Slope(ReadOnlySpan<double> s, Span<double> y)
    {
        if (Vector512.IsHardwareAccelerated) Slope<Vector512<double>, Reals512>(s, y);
        else Slope<Vector256<double>, Reals256>(s, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slope<V, R>(ReadOnlySpan<double> s, Span<double> y) where V : struct where R : IReals<V>
    {
        ref double from = ref MemoryMarshal.GetReference(s), to = ref MemoryMarshal.GetReference(y[..s.Length]);
        var j = 0;
        for (; j <= s.Length - R.Count; j += R.Count)
        {
            var v = R.Load(ref from, j);
            R.Store(R.Subtract(R.Broadcast(1), R.Multiply(v, v)), ref to, j);
        }
        for (; j < s.Length; j++) y[j] = 1 - s[j] * s[j];
    }

    // Four vectors in turn, whose chains of multiply-adds hide each other's latency: of 256 bits 4.2 cycles a number where 6.5
    // with one, of 512 some two thirds of that: a division of eight takes 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OfFour<V, R>(ref double from, ref double to) where V : struct where R : IReals<V>
    {
        V w = R.Load(ref from, 0), x = R.Load(ref from, R.Count), y = R.Load(ref from, 2 * R.Count),
            z = R.Load(ref from, 3 * R.Count);
        Reduce<V, R>(w, out var nw, out var rw);
        Reduce<V, R>(x, out var nx, out var rx);
        Reduce<V, R>(y, out var ny, out var ry);
        Reduce<V, R>(z, out var nz, out var rz);
        // 1/2! + r/3! + ... + r^11/13!.
        V a = R.Broadcast(1.0 / 6227020800), b = a, c = a, d = a;
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 479001600);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 479001600);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 39916800);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 39916800);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 3628800);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 3628800);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 362880);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 362880);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 40320);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 40320);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 5040);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 5040);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 720);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 720);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 120);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 120);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 24);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 24);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 6);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 6);
        Step<V, R>(ref a, ref b, rw, rx, 1.0 / 2);
        Step<V, R>(ref c, ref d, ry, rz, 1.0 / 2);
        R.Store(Finish<V, R>(w, nw, R.MultiplyAdd(R.Multiply(rw, rw), a, rw)), ref to, 0);
        R.Store(Finish<V, R>(x, nx, R.MultiplyAdd(R.Multiply(rx, rx), b, rx)), ref to, R.Count);
        R.Store(Finish<V, R>(y, ny, R.MultiplyAdd(R.Multiply(ry, ry), c, ry)), ref to, 2 * R.Count);
        R.Store(Finish<V, R>(z, nz, R.MultiplyAdd(R.Multiply(rz, rz), d, rz)), ref to, 3 * R.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<V, R>(ref V a, ref V b, V ra, V rb, double term) where V : struct where R : IReals<V>
    {
        a = R.MultiplyAdd(a, ra, R.Broadcast(term));
        b = R.MultiplyAdd(b, rb, R.Broadcast(term));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce<V, R>(V x, out V rounded, out V r) where V : struct where R : IReals<V>
    {
        var size = R.Abs(x);
        // A NaN is the second of the two.
        var z = R.Min(R.Broadcast(MostZ), R.Add(size, size));
        rounded = R.MultiplyAdd(z, R.Broadcast(Log2E), R.Broadcast(Rounding));
        var k = R.Subtract(rounded, R.Broadcast(Rounding));
        r = R.MultiplyAdd(k, R.Broadcast(-RestOfLn2), R.MultiplyAdd(k, R.Broadcast(-Ln2), z));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Finish<V, R>(V x, V rounded, V p) where V : struct where R : IReals<V>
    {
        var power = R.PowerOfTwo(rounded);
        var u = R.MultiplyAdd(power, p, R.Subtract(power, R.Broadcast(1)));
        return R.CopySign(R.Divide(u, R.Add(u, R.Broadcast(2))), x);
    }
}
