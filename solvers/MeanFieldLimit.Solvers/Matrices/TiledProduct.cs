namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A block of C by register tiles, over panels of A and B that stay in cache.</summary>
internal static unsafe class TiledProduct<V> where V : struct, ILanes<V>
{
    // B's panels (Depth x BlockColumns) are for the outer cache, A's (BlockRows x Depth) for the second level.
    private const int BlockRows = 128, BlockColumns = 1008;

    /// <summary>Columns of a full tile.</summary>
    public static int TileColumns => 3 * V.Count;

    /// <summary>The rows [i0, i1) and columns [j0, j1) of C. i0 and j0 are multiples of the tile's sizes.</summary>
    public static void Run(in Product x, int i0, int i1, int j0, int j1)
    {
        var depth = Math.Min(x.Depth, x.K);
        var tile = V.TileRows * TileColumns;
        var sizeA = x.PackA ? Math.Min(BlockRows, i1 - i0) * depth : 0;
        var sizeB = (x.PackB ? Math.Min(BlockColumns, j1 - j0) + TileColumns : TileColumns) * depth;
        var tileBuffer = Scratch.Get(tile + sizeA + sizeB + V.Count);
        var buffers = new Buffers(tileBuffer, tileBuffer + tile + sizeB, tileBuffer + tile);

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

    private static void Run(in Product x, in Buffers buffers, in Block block)
    {
        if (x.RowByRow)
        {
            for (int i = block.I0, height; i < block.I1; i += height)
            {
                height = TileKernel<V>.Height(block.I1 - i);
                for (var j = block.J0; j < block.J1; j += TileColumns)
                    Run(x, buffers, block, i, height, j);
            }
        }
        else
        {
            for (var j = block.J0; j < block.J1; j += TileColumns)
            {
                for (int i = block.I0, height; i < block.I1; i += height)
                {
                    height = TileKernel<V>.Height(block.I1 - i);
                    Run(x, buffers, block, i, height, j);
                }
            }
        }
    }

    private static void Run(in Product x, in Buffers buffers, in Block block, int i, int height, int j)
    {
        var columns = Math.Min(TileColumns, block.J1 - j);
        var vectors = (columns + V.Count - 1) / V.Count;
        var whole = columns == vectors * V.Count;
        var packed = x.PackB || !whole;
        var b = !packed ? x.B.From(block.K, j)
            : new(x.PackB ? buffers.B + (nint)(j - block.J0) * block.Count : buffers.B, vectors * V.Count, 1);
        var c = x.C.From(i, j);
        var beta = block.K == 0 ? x.Beta : 1;
        var direct = whole && c.Column == 1;
        TileKernel<V>.Run(new Tile
        {
            Height = height,
            Vectors = vectors,
            K = block.Count,
            A = x.PackA ? new(buffers.A + (nint)(i - block.I0) * block.Count, 1, height) : x.A.From(i, block.K),
            B = b,
            Ahead = packed ? 8 * b.Row : TileColumns,
            C = direct ? c : new(buffers.Tile, TileColumns, 1),
            Alpha = direct ? x.Alpha : 1,
            Beta = direct ? beta : 0,
        });
        if (direct) return;
        var tile = new Strided(buffers.Tile, TileColumns, 1);
        if (c.Column == 1) Merge(tile, c, height, columns, x.Alpha, beta);
        else Merge(tile.Transpose, c.Transpose, columns, height, x.Alpha, beta);
    }

    /// <summary>C = alpha T + beta C over a tile T, rounded as the kernel rounds; C's rows are contiguous.</summary>
    private static void Merge(Strided from, Strided to, int rows, int columns, double alpha, double beta)
    {
        for (var i = 0; i < rows; i++)
        {
            double* c = to.At(i, 0), t = from.At(i, 0);
            if (beta == 0)
            {
                for (var j = 0; j < columns; j++, t += from.Column)
                    c[j] = alpha * *t;
            }
            else
            {
                for (var j = 0; j < columns; j++, t += from.Column)
                    c[j] = Math.FusedMultiplyAdd(alpha, *t, beta * c[j]);
            }
        }
    }

    private static void PackA(in Product x, double* to, int k, int kCount, int i0, int i1)
    {
        var p = x.P == null || x.PackB ? null : x.P + k;
        for (int i = i0, height; i < i1; i += height)
        {
            height = TileKernel<V>.Height(i1 - i);
            var panel = to + (nint)(i - i0) * kCount;
            Packing<V>.Panel(panel, height, x.A.From(i, k), p, height, kCount);
        }
    }

    // An unpacked B still needs its last, incomplete vector of columns filled up with zeros.
    private static void PackB(in Product x, double* to, int k, int kCount, int j0, int j1)
    {
        var p = x.P == null || !x.PackB ? null : x.P + k;
        for (var j = j0; j < j1; j += TileColumns)
        {
            var columns = Math.Min(TileColumns, j1 - j);
            var width = (columns + V.Count - 1) / V.Count * V.Count;
            var panel = x.PackB ? to + (nint)(j - j0) * kCount : to;
            if (x.PackB || columns < width)
                Packing<V>.Panel(panel, width, x.B.From(k, j).Transpose, p, columns, kCount);
        }
    }

    /// <summary>One tile, and the panels of A and B.</summary>
    private readonly struct Buffers(double* tile, double* a, double* b)
    {
        public readonly double* Tile = tile, A = a, B = b;
    }

    /// <summary>Rows [I0, I1), columns [J0, J1) of C, and the terms from K on that are summed.</summary>
    private readonly record struct Block(int I0, int I1, int J0, int J1, int K, int Count);
}
