using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Hardware vectors V of numbers E, in which products are summed, and the register tile that suits it. Matrices are of
/// doubles; they become E where they are packed, and sums become doubles again where they reach C.</summary>
internal unsafe interface ILanes<V, E> where V : struct where E : unmanaged
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a register tile of 3 vectors: with 3 more for B and 1 for A it fills the registers.</summary>
    static abstract int TileRows { get; }

    static abstract V Load(E* from);

    static abstract V Broadcast(E x);

    /// <summary>x * y + z, rounded once where the processor can.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>x as E.</summary>
    static abstract E Of(double x);

    /// <summary>to_l = factor from_l of a vector's entries.</summary>
    static abstract void Copy(double* from, double factor, E* to);

    /// <summary>c_l = alpha sum_l + beta f_l of a vector's entries, in double precision; with beta = 0, f is not read.</summary>
    static abstract void Put(V sum, double alpha, double beta, double* f, double* c);
}

/// <summary>32 registers of 8 doubles: a tile of 8 x 24.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<double>, double>, IInnerProduct<Vector512<double>>
{
    public static int Count => 8;

    public static int TileRows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(double x) => Vector512.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> x, Vector512<double> y, Vector512<double> z) =>
        Vector512.MultiplyAddEstimate(x, y, z);

    public static double Of(double x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(double* from, double factor, double* to) => (Vector512.Load(from) * factor).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<double> sum, double alpha, double beta, double* f, double* c) =>
        ToC.Put(sum, alpha, beta, f, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> x) => Vector512.Sum(x);
}

/// <summary>16 registers of 4 doubles: a tile of 4 x 12.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<double>, double>, IInnerProduct<Vector256<double>>
{
    public static int Count => 4;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Broadcast(double x) => Vector256.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> x, Vector256<double> y, Vector256<double> z) =>
        Vector256.MultiplyAddEstimate(x, y, z);

    public static double Of(double x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(double* from, double factor, double* to) => (Vector256.Load(from) * factor).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector256<double> sum, double alpha, double beta, double* f, double* c) =>
        ToC.Put(sum, alpha, beta, f, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<double> x) => Vector256.Sum(x);
}

/// <summary>16 registers of 2 doubles, where there is nothing longer: a tile of 4 x 6.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<double>, double>, IInnerProduct<Vector128<double>>
{
    public static int Count => 2;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load(double* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Broadcast(double x) => Vector128.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyAdd(Vector128<double> x, Vector128<double> y, Vector128<double> z) =>
        Vector128.MultiplyAddEstimate(x, y, z);

    public static double Of(double x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(double* from, double factor, double* to) => (Vector128.Load(from) * factor).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector128<double> sum, double alpha, double beta, double* f, double* c) =>
        ToC.Put(sum, alpha, beta, f, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector128<double> x) => Vector128.Sum(x);
}
