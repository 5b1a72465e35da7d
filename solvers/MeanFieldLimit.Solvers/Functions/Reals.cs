using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Functions;

/// <summary>Hardware vectors V of doubles with the arithmetic of functions of each number; those of products have rows and
/// precisions besides.</summary>
internal interface IReals<V> where V : struct
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Load(ref double from, int at);

    static abstract void Store(V x, ref double to, int at);

    static abstract V Broadcast(double x);

    static abstract V Add(V x, V y);

    static abstract V Subtract(V x, V y);

    static abstract V Multiply(V x, V y);

    static abstract V Divide(V x, V y);

    /// <summary>x * y + z, rounded once where the processor can.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>The smaller one, and y where one is NaN.</summary>
    static abstract V Min(V x, V y);

    static abstract V Abs(V x);

    static abstract V CopySign(V x, V sign);

    /// <summary>2^k, k being the last bits of n, which a whole number added to 3 * 2^51 leaves there.</summary>
    static abstract V PowerOfTwo(V n);
}

/// <summary>Parts of a double.</summary>
internal static class Binary64
{
    public const int MantissaBits = 52;

    /// <summary>The bits of 1.</summary>
    public const long One = 0x3FF0000000000000;
}

/// <summary>Vectors of 8 doubles.</summary>
internal readonly struct Reals512 : IReals<Vector512<double>>
{
    public static int Count => 8;
    public static Vector512<double> Load(ref double from, int at) => Vector512.LoadUnsafe(ref from, (nuint)at);
    public static void Store(Vector512<double> x, ref double to, int at) => x.StoreUnsafe(ref to, (nuint)at);
    public static Vector512<double> Broadcast(double x) => Vector512.Create(x);
    public static Vector512<double> Add(Vector512<double> x, Vector512<double> y) => x + y;
    public static Vector512<double> Subtract(Vector512<double> x, Vector512<double> y) => x - y;
    public static Vector512<double> Multiply(Vector512<double> x, Vector512<double> y) => x * y;
    public static Vector512<double> Divide(Vector512<double> x, Vector512<double> y) => x / y;
    public static Vector512<double> MultiplyAdd(Vector512<double> x, Vector512<double> y, Vector512<double> z) =>
        Vector512.MultiplyAddEstimate(x, y, z);
    public static Vector512<double> Min(Vector512<double> x, Vector512<double> y) => Vector512.MinNative(x, y);
    public static Vector512<double> Abs(Vector512<double> x) => Vector512.Abs(x);
    public static Vector512<double> CopySign(Vector512<double> x, Vector512<double> sign) =>
        Vector512.CopySign(x, sign);

    public static Vector512<double> PowerOfTwo(Vector512<double> n) =>
        (Vector512.ShiftLeft(n.AsInt64(), Binary64.MantissaBits) + Vector512.Create(Binary64.One)).AsDouble();
}

/// <summary>Vectors of 4 doubles.</summary>
internal readonly struct Reals256 : IReals<Vector256<double>>
{
    public static int Count => 4;
    public static Vector256<double> Load(ref double from, int at) => Vector256.LoadUnsafe(ref from, (nuint)at);
    public static void Store(Vector256<double> x, ref double to, int at) => x.StoreUnsafe(ref to, (nuint)at);
    public static Vector256<double> Broadcast(double x) => Vector256.Create(x);
    public static Vector256<double> Add(Vector256<double> x, Vector256<double> y) => x + y;
    public static Vector256<double> Subtract(Vector256<double> x, Vector256<double> y) => x - y;
    public static Vector256<double> Multiply(Vector256<double> x, Vector256<double> y) => x * y;
    public static Vector256<double> Divide(Vector256<double> x, Vector256<double> y) => x / y;
    public static Vector256<double> MultiplyAdd(Vector256<double> x, Vector256<double> y, Vector256<double> z) =>
        Vector256.MultiplyAddEstimate(x, y, z);
    public static Vector256<double> Min(Vector256<double> x, Vector256<double> y) => Vector256.MinNative(x, y);
    public static Vector256<double> Abs(Vector256<double> x) => Vector256.Abs(x);
    public static Vector256<double> CopySign(Vector256<double> x, Vector256<double> sign) =>
        Vector256.CopySign(x, sign);

    public static Vector256<double> PowerOfTwo(Vector256<double> n) =>
        (Vector256.ShiftLeft(n.AsInt64(), Binary64.MantissaBits) + Vector256.Create(Binary64.One)).AsDouble();
}
