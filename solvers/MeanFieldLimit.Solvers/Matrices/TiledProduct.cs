using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A block of C by register tiles, over panels of A and B that stay in cache.</summary>
internal readonly unsafe struct TiledProduct<L, V, E> : IProductKernel
    where L : ILanes<V, E> where V : struct where E : unmanaged
{
    // B's panels (Depth x BlockColumns) are for the outer cache, packed A's (BlockRows x Depth) for the second level.
    private const int BlockRows = 128, BlockColumns = 1008, RowsAtOnce = 8;

    public static int TileRows => L.TileRows;

    public static int TileColumns => TileKernel<L, V, E>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product x, int i0, int i1, int j0, int j1)
    {
        var depth = Math.Min(x.Depth, x.K);
        var tile = L.TileRows * TileColumns;
        var sizeA = x.PackA ? Math.Min(BlockRows, i1 - i0) * depth : 0;
        var sizeB = (x.PackB ? Math.Min(BlockColumns, j1 - j0) + TileColumns : TileColumns) * depth;
        var room = Scratch.Get(tile + (sizeA + sizeB) * sizeof(E) / sizeof(double) + L.Count);
        var panels = (E*)(room + tile);
        var buffers = new Buffers(room, panels + sizeB, panels);

        for (var j = j0; j < j1; j += BlockColumns)
        {
            var jEnd = Math.Min(j + BlockColumns, j1);
            for (var k = 0; k < x.K; k += depth)
            {
                var kCount = Math.Min(depth, x.K - k);
                PackB(x, buffers.B, k, kCount, j, jEnd);
                for (var i = i0; i < i1; i += BlockRows)
                {
                    var iEnd = Math.Min(i + BlockRows, i1);
                    if (x.PackA)
                        PackA(x, buffers.A, k, kCount, i, iEnd);
                    Run(x, buffers, new(i, iEnd, j, jEnd, k, kCount));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(in Product x, in Buffers buffers, in Block block)
    {
        if (x.RowByRow)
        {
            for (int i = block.I0, height; i < block.I1; i += height)
            {
                height = TileKernel<L, V, E>.Height(block.I1 - i);
                var tiles = x.C.Column == 1 ? (block.J1 - block.J0) / TileColumns : 0;
                if (tiles > 0) Run(x, buffers, block, i, height, block.J0, tiles);
                for (var j = block.J0 + tiles * TileColumns; j < block.J1; j += TileColumns)
                    Run(x, buffers, block, i, height, j);
            }
        }
        else
        {
            for (var j = block.J0; j < block.J1; j += TileColumns)
            {
                var tiles = IsDirect(x, Math.Min(TileColumns, block.J1 - j)) ? (block.I1 - block.I0) / L.TileRows : 0;
                if (tiles > 0) Run(x, buffers, block, block.I0, L.TileRows, j, tiles);
                for (int i = block.I0 + tiles * L.TileRows, height; i < block.I1; i += height)
                {
                    height = TileKernel<L, V, E>.Height(block.I1 - i);
                    Run(x, buffers, block, i, height, j);
                }
            }
        }
    }

    // So many tiles: beside each other where the product goes row by row, else below each other.
    private static void Run(in Product x, in Buffers buffers, in Block block, int i, int height, int j, int tiles = 1)
    {
        var columns = Math.Min(TileColumns, block.J1 - j);
        var vectors = TileKernel<L, V, E>.Vectors(columns);
        var whole = columns == vectors * L.Count;
        var packed = x.PackB || !whole;
        var c = x.C.From(i, j);
        // The first terms begin with beta F, later ones add to C.
        var f = block.K == 0 ? x.F.From(i, j) : c;
        var beta = block.K == 0 ? x.Beta : 1;
        var direct = IsDirect(x, columns);
        TileKernel<L, V, E>.Run(new Tile<E>
        {
            Height = height,
            Vectors = vectors,
            K = block.Count,
            A = x.PackA ? buffers.A + (nint)(i - block.I0) * block.Count : (E*)x.A.At(i, block.K),
            StepA = x.PackA ? (1, height) : (x.A.Row, x.A.Column),
            Packed = x.PackA,
            B = x.PackB ? buffers.B + (nint)(j - block.J0) * block.Count : whole ? (E*)x.B.At(block.K, j) : buffers.B,
            StepB = packed ? vectors * L.Count : x.B.Row,
            // The last entry of each vector of the next tile: a line that begins before it is here already.
            Ahead = packed ? 0 : TileColumns + L.Count - 1,
            Count = tiles,
            Next = x.RowByRow
                ? new(0, (nint)TileColumns * (x.PackB ? block.Count : 1), TileColumns, TileColumns)
                : new(height * (x.PackA ? block.Count : x.A.Row), 0, height * c.Row, height * f.Row),
            C = direct ? c : new(buffers.Tile, TileColumns, 1),
            F = direct ? f : new(buffers.Tile, TileColumns, 1),
            Alpha = direct ? x.Alpha : 1,
            Beta = direct ? beta : 0,
        });
        if (!direct) Merged.Put(buffers.Tile, TileColumns, new(x.Alpha, beta, f, c), height, columns);
    }

    /// <summary>Whether a tile of so many columns goes straight into C.</summary>
    private static bool IsDirect(in Product x, int columns) => x.C.Column == 1 && columns % L.Count == 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackA(in Product x, E* to, int k, int kCount, int i0, int i1)
    {
        var p = x.P == null || x.PackB ? null : x.P + k;
        for (int i = i0, height; i < i1; i += height)
        {
            height = TileKernel<L, V, E>.Height(i1 - i);
            var panel = to + (nint)(i - i0) * kCount;
            Packing<L, V, E>.Panel(panel, height, x.A.From(i, k), p, height, kCount);
        }
    }

    // An unpacked B still needs its last, incomplete vector of columns filled up with zeros. Some rows of all panels at a
    // time: they are then read in the order in which they lie.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackB(in Product x, E* to, int k, int kCount, int j0, int j1)
    {
        var p = x.P == null || !x.PackB ? null : x.P + k;
        var rows = x.B.Column == 1 ? RowsAtOnce : kCount;
        for (var q = 0; q < kCount; q += rows)
        {
            for (var j = j0; j < j1; j += TileColumns)
            {
                var columns = Math.Min(TileColumns, j1 - j);
                var width = (columns + L.Count - 1) / L.Count * L.Count;
                var panel = (x.PackB ? to + (nint)(j - j0) * kCount : to) + (nint)q * width;
                if (x.PackB || columns < width)
                    Packing<L, V, E>.Panel(panel, width, x.B.From(k + q, j).Transpose, p == null ? null : p + q, columns,
                        Math.Min(rows, kCount - q));
            }
        }
    }

    /// <summary>One tile, and the panels of A and B.</summary>
    private readonly struct Buffers(double* tile, E* a, E* b)
    {
        public readonly double* Tile = tile;
        public readonly E* A = a, B = b;
    }

    /// <summary>Rows [I0, I1), columns [J0, J1) of C, and the terms from K on that are summed.</summary>
    private readonly record struct Block(int I0, int I1, int J0, int J1, int K, int Count);
}
