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

    private const long One = 0x3FF0000000000000;
    private const int Mantissa = 52;

    /// <summary>y_j = tanh x_j.</summary>
    internal static void Of(ReadOnlySpan<double> x, Span<double> y)
    {
        ref double from = ref MemoryMarshal.GetReference(x), to = ref MemoryMarshal.GetReference(y[..x.Length]);
        var j = 0;
        for (; j <= x.Length - Vector256<double>.Count; j += Vector256<double>.Count)
            Of(Vector256.LoadUnsafe(ref from, (nuint)j)).StoreUnsafe(ref to, (nuint)j);
        if (j == x.Length) return;
        Span<double> rest = stackalloc double[Vector256<double>.Count];
        rest.Clear();
        x[j..].CopyTo(rest);
        Of(Vector256.Create<double>(rest)).CopyTo(rest);
        rest[..(x.Length - j)].CopyTo(y[j..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Of(Vector256<double> x)
    {
        var size = Vector256.Abs(x);
        // A NaN is the second of the two.
        var z = Vector256.MinNative(Vector256.Create(MostZ), size + size);
        var rounded = Vector256.MultiplyAddEstimate(z, Vector256.Create(Log2E), Vector256.Create(Rounding));
        var k = rounded - Vector256.Create(Rounding);
        var r = Vector256.MultiplyAddEstimate(k, Vector256.Create(-RestOfLn2),
            Vector256.MultiplyAddEstimate(k, Vector256.Create(-Ln2), z));
        var p = Vector256.MultiplyAddEstimate(r * r, Taylor(r), r);
        var power = (Vector256.ShiftLeft(rounded.AsInt64(), Mantissa) + Vector256.Create(One)).AsDouble();
        var u = Vector256.MultiplyAddEstimate(power, p, power - Vector256<double>.One);
        return Vector256.CopySign(u / (u + Vector256.Create(2.0)), x);
    }

    /// <summary>1/2! + r/3! + ... + r^11/13!.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Taylor(Vector256<double> r)
    {
        var sum = Vector256.Create(1.0 / 6227020800);
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 479001600));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 39916800));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 3628800));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 362880));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 40320));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 5040));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 720));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 120));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 24));
        sum = Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(1.0 / 6));
        return Vector256.MultiplyAddEstimate(sum, r, Vector256.Create(0.5));
    }
}
