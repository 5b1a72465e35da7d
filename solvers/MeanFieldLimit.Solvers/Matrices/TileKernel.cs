using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A number known when the kernel is compiled.</summary>
internal interface ISize
{
    static abstract int Value { get; }
}

internal readonly struct One : ISize { public static int Value => 1; }

internal readonly struct Two : ISize { public static int Value => 2; }

internal readonly struct Three : ISize { public static int Value => 3; }

internal readonly struct Four : ISize { public static int Value => 4; }

internal readonly struct Eight : ISize { public static int Value => 8; }

/// <summary>One register tile: C_ij = alpha sum_k A_ik B_kj + beta C_ij, with <see cref="Height"/> rows (1, 2, 4 or 8)
/// and <see cref="Vectors"/> (1 to 3) times the vector length columns, B's and C's rows contiguous.</summary>
internal readonly unsafe struct Tile
{
    public required int Height { get; init; }

    public required int Vectors { get; init; }

    /// <summary>Terms of the sum.</summary>
    public required int K { get; init; }

    public required Strided A { get; init; }

    public required Strided B { get; init; }

    /// <summary>How far behind B what comes next is fetched.</summary>
    public required nint Ahead { get; init; }

    public required Strided C { get; init; }

    public required double Alpha { get; init; }

    public required double Beta { get; init; }
}

/// <summary>The product of a <see cref="Tile"/>.</summary>
internal static unsafe class TileKernel<V> where V : struct, ILanes<V>
{
    /// <summary>The tallest tile that fits in <paramref name="left"/> rows.</summary>
    public static int Height(int left) => left >= 8 && V.TileRows == 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;

    /// <summary>Computes the tile.</summary>
    public static void Run(in Tile tile)
    {
        switch (tile.Height)
        {
            case 8: Run<Eight>(tile); break;
            case 4: Run<Four>(tile); break;
            case 2: Run<Two>(tile); break;
            default: Run<One>(tile); break;
        }
    }

    private static void Run<R>(in Tile tile) where R : ISize
    {
        switch (tile.Vectors)
        {
            case 3: Run<R, Three>(tile); break;
            case 2: Run<R, Two>(tile); break;
            default: Run<R, One>(tile); break;
        }
    }

    // One text for all 12 tiles: R and N are constants to the compiler, which drops the rows and vectors that a
    // tile does not have. Every accumulator is a local, so that it is a register.
    private static void Run<R, N>(in Tile tile) where R : ISize where N : ISize
    {
        double* a = tile.A.Data, b = tile.B.Data, c = tile.C.Data;
        nint ars = tile.A.Row, acs = tile.A.Column, brs = tile.B.Row, ahead = tile.Ahead, crs = tile.C.Row;
        V c00 = default, c01 = default, c02 = default;
        V c10 = default, c11 = default, c12 = default;
        V c20 = default, c21 = default, c22 = default;
        V c30 = default, c31 = default, c32 = default;
        V c40 = default, c41 = default, c42 = default;
        V c50 = default, c51 = default, c52 = default;
        V c60 = default, c61 = default, c62 = default;
        V c70 = default, c71 = default, c72 = default;
        nint s1 = ars, s2 = 2 * ars, s3 = 3 * ars;
        var a4 = a + 4 * ars;
        for (var k = tile.K; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = default, b2 = default, x;
            if (N.Value > 1) b1 = V.Load(b + V.Count);
            if (N.Value > 2) b2 = V.Load(b + 2 * V.Count);
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(b + ahead);
                if (N.Value > 1) Sse.Prefetch0(b + ahead + V.Count);
                if (N.Value > 2) Sse.Prefetch0(b + ahead + 2 * V.Count);
            }
            b += brs;

            x = V.Broadcast(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            if (N.Value > 1) c01 = V.MultiplyAdd(x, b1, c01);
            if (N.Value > 2) c02 = V.MultiplyAdd(x, b2, c02);
            if (R.Value > 1)
            {
                x = V.Broadcast(a[s1]);
                c10 = V.MultiplyAdd(x, b0, c10);
                if (N.Value > 1) c11 = V.MultiplyAdd(x, b1, c11);
                if (N.Value > 2) c12 = V.MultiplyAdd(x, b2, c12);
            }
            if (R.Value > 2)
            {
                x = V.Broadcast(a[s2]);
                c20 = V.MultiplyAdd(x, b0, c20);
                if (N.Value > 1) c21 = V.MultiplyAdd(x, b1, c21);
                if (N.Value > 2) c22 = V.MultiplyAdd(x, b2, c22);
                x = V.Broadcast(a[s3]);
                c30 = V.MultiplyAdd(x, b0, c30);
                if (N.Value > 1) c31 = V.MultiplyAdd(x, b1, c31);
                if (N.Value > 2) c32 = V.MultiplyAdd(x, b2, c32);
            }
            if (R.Value > 4)
            {
                x = V.Broadcast(a4[0]);
                c40 = V.MultiplyAdd(x, b0, c40);
                if (N.Value > 1) c41 = V.MultiplyAdd(x, b1, c41);
                if (N.Value > 2) c42 = V.MultiplyAdd(x, b2, c42);
                x = V.Broadcast(a4[s1]);
                c50 = V.MultiplyAdd(x, b0, c50);
                if (N.Value > 1) c51 = V.MultiplyAdd(x, b1, c51);
                if (N.Value > 2) c52 = V.MultiplyAdd(x, b2, c52);
                x = V.Broadcast(a4[s2]);
                c60 = V.MultiplyAdd(x, b0, c60);
                if (N.Value > 1) c61 = V.MultiplyAdd(x, b1, c61);
                if (N.Value > 2) c62 = V.MultiplyAdd(x, b2, c62);
                x = V.Broadcast(a4[s3]);
                c70 = V.MultiplyAdd(x, b0, c70);
                if (N.Value > 1) c71 = V.MultiplyAdd(x, b1, c71);
                if (N.Value > 2) c72 = V.MultiplyAdd(x, b2, c72);
            }
            a += acs;
            a4 += acs;
        }

        V va = V.Broadcast(tile.Alpha), vb = V.Broadcast(tile.Beta);
        var read = tile.Beta != 0;
        Put<N>(c, c00, c01, c02, va, vb, read);
        if (R.Value > 1) Put<N>(c + crs, c10, c11, c12, va, vb, read);
        if (R.Value > 2) Put<N>(c + 2 * crs, c20, c21, c22, va, vb, read);
        if (R.Value > 2) Put<N>(c + 3 * crs, c30, c31, c32, va, vb, read);
        if (R.Value > 4) Put<N>(c + 4 * crs, c40, c41, c42, va, vb, read);
        if (R.Value > 4) Put<N>(c + 5 * crs, c50, c51, c52, va, vb, read);
        if (R.Value > 4) Put<N>(c + 6 * crs, c60, c61, c62, va, vb, read);
        if (R.Value > 4) Put<N>(c + 7 * crs, c70, c71, c72, va, vb, read);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<N>(double* c, V c0, V c1, V c2, V alpha, V beta, bool read) where N : ISize
    {
        Put(c, c0, alpha, beta, read);
        if (N.Value > 1) Put(c + V.Count, c1, alpha, beta, read);
        if (N.Value > 2) Put(c + 2 * V.Count, c2, alpha, beta, read);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(double* c, V sum, V alpha, V beta, bool read) =>
        V.Store(read ? V.MultiplyAdd(alpha, sum, V.Multiply(beta, V.Load(c))) : V.Multiply(alpha, sum), c);
}
