using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A hardware vector of doubles, and the register tile that suits it.</summary>
internal unsafe interface ILanes<T> where T : struct, ILanes<T>
{
    /// <summary>Doubles in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a register tile of 3 vectors: with 3 more for B and 1 for A it fills the registers.</summary>
    static abstract int TileRows { get; }

    static abstract T Load(double* from);

    static abstract T Broadcast(double x);

    /// <summary>x * y + z, rounded once.</summary>
    static abstract T MultiplyAdd(T x, T y, T z);

    static abstract T Multiply(T x, T y);

    static abstract void Store(T x, double* to);

    static abstract double Sum(T x);
}

/// <summary>32 registers of 8 doubles: a tile of 8 x 24.</summary>
internal readonly unsafe struct Lanes512(Vector512<double> v) : ILanes<Lanes512>
{
    private readonly Vector512<double> v = v;

    public static int Count => 8;

    public static int TileRows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(double* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(double x) => new(Vector512.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 x, Lanes512 y, Lanes512 z) =>
        new(Vector512.FusedMultiplyAdd(x.v, y.v, z.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Multiply(Lanes512 x, Lanes512 y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 x, double* to) => x.v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes512 x) => Vector512.Sum(x.v);
}

/// <summary>16 registers of 4 doubles: a tile of 4 x 12.</summary>
internal readonly unsafe struct Lanes256(Vector256<double> v) : ILanes<Lanes256>
{
    private readonly Vector256<double> v = v;

    public static int Count => 4;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(double* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(double x) => new(Vector256.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 x, Lanes256 y, Lanes256 z) =>
        new(Vector256.FusedMultiplyAdd(x.v, y.v, z.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 x, Lanes256 y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 x, double* to) => x.v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes256 x) => Vector256.Sum(x.v);
}
