using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Functions;

/// <summary>
/// The angle of a point of the upper half plane. Of (|x|, y) it is b + arctan r, turned by the one b of 0, pi/4 and pi/2
/// for which r = tan(angle - b) is at most tan(pi/8); arctan r is its Taylor polynomial to r^39, whose rest is 1.3e-17
/// of it.
/// </summary>
internal static class PolarAngle
{
    private const double LowBound = 0.41421356237309503, HighBound = 2.4142135623730949;

    /// <summary>angle_j of (x_j, y_j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Of(ReadOnlySpan<double> y, ReadOnlySpan<double> x, Span<double> angle)
    {
        var (lanes, length) = (Vector256<double>.Count, angle.Length);
        ref double height = ref MemoryMarshal.GetReference(y[..length]), along = ref MemoryMarshal.GetReference(x[..length]),
            to = ref MemoryMarshal.GetReference(angle);
        var j = 0;
        for (; j <= length - lanes; j += lanes)
            Of(Vector256.LoadUnsafe(ref height, (nuint)j), Vector256.LoadUnsafe(ref along, (nuint)j))
                .StoreUnsafe(ref to, (nuint)j);
        if (j == length) return;
        Span<double> heights = stackalloc double[lanes], alongs = stackalloc double[lanes];
        heights.Clear();
        alongs.Clear();
        y[j..length].CopyTo(heights);
        x[j..length].CopyTo(alongs);
        Of(Vector256.Create<double>(heights), Vector256.Create<double>(alongs)).CopyTo(heights);
        heights[..(length - j)].CopyTo(angle[j..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Of(Vector256<double> y, Vector256<double> x)
    {
        var size = Vector256.Abs(x);
        var low = Vector256.LessThanOrEqual(y, size * LowBound);
        var high = Vector256.GreaterThan(y, size * HighBound);
        var up = Vector256.ConditionalSelect(low, y, Vector256.ConditionalSelect(high, -size, y - size));
        var over = Vector256.ConditionalSelect(low, size, Vector256.ConditionalSelect(high, y, y + size));
        var turned = Vector256.ConditionalSelect(low, Vector256<double>.Zero,
            Vector256.ConditionalSelect(high, Vector256.Create(Math.PI / 2), Vector256.Create(Math.PI / 4)));
        // At the origin both are 0. A NaN is the second of the two.
        var r = up / Vector256.MaxNative(Vector256.Create(double.Epsilon), over);
        var angle = turned + Vector256.MultiplyAddEstimate(r * r * r, Taylor(r * r), r);
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<double>.Zero),
            Vector256.Create(Math.PI) - angle, angle);
    }

    /// <summary>-1/3 + z/5 - ... - z^18/39.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Taylor(Vector256<double> z)
    {
        var sum = Vector256.Create(-1.0 / 39);
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 37));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 35));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 33));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 31));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 29));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 27));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 25));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 23));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 21));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 19));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 17));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 15));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 13));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 11));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 9));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 7));
        sum = Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(1.0 / 5));
        return Vector256.MultiplyAddEstimate(sum, z, Vector256.Create(-1.0 / 3));
    }
}
