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

/// <summary>The product of a <see cref="Tile{E}"/>.</summary>
internal static unsafe class TileKernel<L, V, E>
    where L : ILanes<V, E> where V : struct where E : unmanaged
{
    private interface ISource
    {
        /// <summary>Whether A is a panel, whose steps are known when the kernel is compiled.</summary>
        static abstract bool Packed { get; }

        /// <summary>Whether B is read in place.</summary>
        static abstract bool Fetches { get; }

        /// <summary>Whether terms are of several segments.</summary>
        static abstract bool Segmented { get; }
    }

    private readonly struct Panels : ISource
    {
        public static bool Packed => true;
        public static bool Fetches => false;
        public static bool Segmented => false;
    }

    private readonly struct PanelOfB : ISource
    {
        public static bool Packed => false;
        public static bool Fetches => false;
        public static bool Segmented => false;
    }

    private readonly struct InPlace : ISource
    {
        public static bool Packed => false;
        public static bool Fetches => true;
        public static bool Segmented => false;
    }

    private readonly struct InSegments : ISource
    {
        public static bool Packed => false;
        public static bool Fetches => false;
        public static bool Segmented => true;
    }

    /// <summary>Columns of the widest tile.</summary>
    public static int Columns => 3 * L.Count;

    /// <summary>Whether E is what matrices do not hold, so that A and B are always copied.</summary>
    public static bool Converts => typeof(E) != typeof(double);

    /// <summary>Vectors that so many columns take.</summary>
    public static int Vectors(int columns) => (columns + L.Count - 1) / L.Count;

    /// <summary>The tallest tile that fits in <paramref name="left"/> rows.</summary>
    public static int Height(int left) => left >= 8 && L.TileRows == 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;

    /// <summary>Computes the tile.</summary>
    public static void Run(in Tile<E> tile)
    {
        if (tile.Segments != null) Run<InSegments>(tile);
        else if (tile.Ahead != 0) Run<InPlace>(tile);
        else if (tile.Packed) Run<Panels>(tile);
        else Run<PanelOfB>(tile);
    }

    private static void Run<S>(in Tile<E> tile) where S : ISource
    {
        switch (tile.Height)
        {
            case 8: Run<S, Eight>(tile); break;
            case 4: Run<S, Four>(tile); break;
            case 2: Run<S, Two>(tile); break;
            default: Run<S, One>(tile); break;
        }
    }

    private static void Run<S, R>(in Tile<E> tile) where S : ISource where R : ISize
    {
        switch (tile.Vectors)
        {
            case 3: Run<S, R, Three>(tile); break;
            case 2: Run<S, R, Two>(tile); break;
            default: Run<S, R, One>(tile); break;
        }
    }

    // One text for all tiles: R and N are constants to the compiler, which drops the rows and vectors that a tile does
    // not have, and of panels also the steps from row to row. Every accumulator is a local, so that it is a register.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<S, R, N>(in Tile<E> tile) where S : ISource where R : ISize where N : ISize
    {
        E* a = tile.A, b = tile.B;
        double* c = tile.C.Data, f = tile.F.Data;
        nint crs = tile.C.Row, frs = tile.F.Row;
        nint ars = S.Packed ? 1 : tile.StepA.Row, acs = S.Packed ? R.Value : tile.StepA.Column;
        nint brs = tile.StepB, ahead = tile.Ahead;
        nint s1 = ars, s2 = 2 * ars, s3 = 3 * ars, t1 = s1, t2 = s2, t3 = s3, terms = tile.K;
        var (alpha, beta) = (tile.Alpha, tile.Beta);
        E* firstA = a, firstB = b;
        for (var tiles = tile.Count; ;)
        {
            if (Sse.IsSupported)
            {
                // C and F come from far away, and are wanted only when the sums are done.
                for (var i = 0; i < R.Value; i++)
                {
                    Fetch<N>(c + i * crs);
                    if (f != c) Fetch<N>(f + i * frs);
                }
            }
            V c00 = default, c01 = default, c02 = default;
            V c10 = default, c11 = default, c12 = default;
            V c20 = default, c21 = default, c22 = default;
            V c30 = default, c31 = default, c32 = default;
            V c40 = default, c41 = default, c42 = default;
            V c50 = default, c51 = default, c52 = default;
            V c60 = default, c61 = default, c62 = default;
            V c70 = default, c71 = default, c72 = default;
            var a4 = a + 4 * ars;
            var segment = tile.Segments;
            for (var left = tile.SegmentCount; ; segment++)
            {
                if (S.Segmented)
                {
                    a = firstA + segment->A;
                    b = firstB + segment->B * brs;
                    (acs, terms, s1, s2, s3) = (segment->Step, segment->Count, segment->Rows[0], segment->Rows[1], segment->Rows[2]);
                    if (R.Value > 4)
                    {
                        a4 = a + segment->Rows[3];
                        t1 = segment->Rows[4] - segment->Rows[3];
                        t2 = segment->Rows[5] - segment->Rows[3];
                        t3 = segment->Rows[6] - segment->Rows[3];
                    }
                }
                for (var k = terms; k > 0; k--)
                {
                    V b0 = L.Load(b), b1 = default, b2 = default, x;
                    if (N.Value > 1) b1 = L.Load(b + L.Count);
                    if (N.Value > 2) b2 = L.Load(b + 2 * L.Count);
                    if (S.Fetches && Sse.IsSupported)
                    {
                        Sse.Prefetch0(b + ahead);
                        if (N.Value > 1) Sse.Prefetch0(b + ahead + L.Count);
                        if (N.Value > 2) Sse.Prefetch0(b + ahead + 2 * L.Count);
                    }
                    b += brs;

                    x = L.Broadcast(a[0]);
                    c00 = L.MultiplyAdd(x, b0, c00);
                    if (N.Value > 1) c01 = L.MultiplyAdd(x, b1, c01);
                    if (N.Value > 2) c02 = L.MultiplyAdd(x, b2, c02);
                    if (R.Value > 1)
                    {
                        x = L.Broadcast(a[S.Packed ? 1 : s1]);
                        c10 = L.MultiplyAdd(x, b0, c10);
                        if (N.Value > 1) c11 = L.MultiplyAdd(x, b1, c11);
                        if (N.Value > 2) c12 = L.MultiplyAdd(x, b2, c12);
                    }
                    if (R.Value > 2)
                    {
                        x = L.Broadcast(a[S.Packed ? 2 : s2]);
                        c20 = L.MultiplyAdd(x, b0, c20);
                        if (N.Value > 1) c21 = L.MultiplyAdd(x, b1, c21);
                        if (N.Value > 2) c22 = L.MultiplyAdd(x, b2, c22);
                        x = L.Broadcast(a[S.Packed ? 3 : s3]);
                        c30 = L.MultiplyAdd(x, b0, c30);
                        if (N.Value > 1) c31 = L.MultiplyAdd(x, b1, c31);
                        if (N.Value > 2) c32 = L.MultiplyAdd(x, b2, c32);
                    }
                    if (R.Value > 4)
                    {
                        x = L.Broadcast(S.Packed ? a[4] : a4[0]);
                        c40 = L.MultiplyAdd(x, b0, c40);
                        if (N.Value > 1) c41 = L.MultiplyAdd(x, b1, c41);
                        if (N.Value > 2) c42 = L.MultiplyAdd(x, b2, c42);
                        x = L.Broadcast(S.Packed ? a[5] : a4[S.Segmented ? t1 : s1]);
                        c50 = L.MultiplyAdd(x, b0, c50);
                        if (N.Value > 1) c51 = L.MultiplyAdd(x, b1, c51);
                        if (N.Value > 2) c52 = L.MultiplyAdd(x, b2, c52);
                        x = L.Broadcast(S.Packed ? a[6] : a4[S.Segmented ? t2 : s2]);
                        c60 = L.MultiplyAdd(x, b0, c60);
                        if (N.Value > 1) c61 = L.MultiplyAdd(x, b1, c61);
                        if (N.Value > 2) c62 = L.MultiplyAdd(x, b2, c62);
                        x = L.Broadcast(S.Packed ? a[7] : a4[S.Segmented ? t3 : s3]);
                        c70 = L.MultiplyAdd(x, b0, c70);
                        if (N.Value > 1) c71 = L.MultiplyAdd(x, b1, c71);
                        if (N.Value > 2) c72 = L.MultiplyAdd(x, b2, c72);
                        if (!S.Packed) a4 += acs;
                    }
                    a += acs;
                }
                if (!S.Segmented || --left == 0) break;
            }

            Put<N>(f, c, c00, c01, c02, alpha, beta);
            if (R.Value > 1) Put<N>(f + frs, c + crs, c10, c11, c12, alpha, beta);
            if (R.Value > 2) Put<N>(f + 2 * frs, c + 2 * crs, c20, c21, c22, alpha, beta);
            if (R.Value > 2) Put<N>(f + 3 * frs, c + 3 * crs, c30, c31, c32, alpha, beta);
            if (R.Value > 4) Put<N>(f + 4 * frs, c + 4 * crs, c40, c41, c42, alpha, beta);
            if (R.Value > 4) Put<N>(f + 5 * frs, c + 5 * crs, c50, c51, c52, alpha, beta);
            if (R.Value > 4) Put<N>(f + 6 * frs, c + 6 * crs, c60, c61, c62, alpha, beta);
            if (R.Value > 4) Put<N>(f + 7 * frs, c + 7 * crs, c70, c71, c72, alpha, beta);
            if (--tiles <= 0) return;
            a = firstA += tile.Next.A;
            b = firstB += tile.Next.B;
            c += tile.Next.C;
            f += tile.Next.F;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<N>(double* row) where N : ISize
    {
        Sse.Prefetch0(row);
        Sse.Prefetch0(row + N.Value * L.Count - 1);
        if (N.Value * L.Count > 16) Sse.Prefetch0(row + 8);
        if (N.Value * L.Count > 16) Sse.Prefetch0(row + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<N>(double* f, double* c, V c0, V c1, V c2, double alpha, double beta) where N : ISize
    {
        L.Put(c0, alpha, beta, f, c);
        if (N.Value > 1) L.Put(c1, alpha, beta, f + L.Count, c + L.Count);
        if (N.Value > 2) L.Put(c2, alpha, beta, f + 2 * L.Count, c + 2 * L.Count);
    }
}
