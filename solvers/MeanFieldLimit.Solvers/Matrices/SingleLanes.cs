using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>32 registers of 16 singles: a tile of 8 x 48.</summary>
internal readonly unsafe struct SingleLanes512 : ILanes<Vector512<float>, float>
{
    public static int Count => 16;

    public static int TileRows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float x) => Vector512.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> x, Vector512<float> y, Vector512<float> z) =>
        Vector512.MultiplyAddEstimate(x, y, z);

    public static float Of(double x) => (float)x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(double* from, double factor, float* to) =>
        Vector512.Narrow(Vector512.Load(from) * factor, Vector512.Load(from + 8) * factor).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<float> sum, double alpha, double beta, double* f, double* c)
    {
        var (low, high) = Vector512.Widen(sum);
        ToC.Put(low, alpha, beta, f, c);
        ToC.Put(high, alpha, beta, f + 8, c + 8);
    }
}

/// <summary>16 registers of 8 singles: a tile of 4 x 24.</summary>
internal readonly unsafe struct SingleLanes256 : ILanes<Vector256<float>, float>
{
    public static int Count => 8;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float x) => Vector256.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(x, y, z);

    public static float Of(double x) => (float)x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(double* from, double factor, float* to) =>
        Vector256.Narrow(Vector256.Load(from) * factor, Vector256.Load(from + 4) * factor).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector256<float> sum, double alpha, double beta, double* f, double* c)
    {
        var (low, high) = Vector256.Widen(sum);
        ToC.Put(low, alpha, beta, f, c);
        ToC.Put(high, alpha, beta, f + 4, c + 4);
    }
}

/// <summary>16 registers of 4 singles, where there is nothing longer: a tile of 4 x 12.</summary>
internal readonly unsafe struct SingleLanes128 : ILanes<Vector128<float>, float>
{
    public static int Count => 4;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float x) => Vector128.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> x, Vector128<float> y, Vector128<float> z) =>
        Vector128.MultiplyAddEstimate(x, y, z);

    public static float Of(double x) => (float)x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(double* from, double factor, float* to) =>
        Vector128.Narrow(Vector128.Load(from) * factor, Vector128.Load(from + 2) * factor).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector128<float> sum, double alpha, double beta, double* f, double* c)
    {
        var (low, high) = Vector128.Widen(sum);
        ToC.Put(low, alpha, beta, f, c);
        ToC.Put(high, alpha, beta, f + 2, c + 2);
    }
}
