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
        var packedB = tileBuffer + tile;
        var packedA = packedB + sizeB;

        for (var j = j0; j < j1; j += BlockColumns)
        {
            var jEnd = Math.Min(j + BlockColumns, j1);
            for (var k = 0; k < x.K; k += depth)
            {
                var kCount = Math.Min(depth, x.K - k);
                PackB(x, packedB, k, kCount, j, jEnd);
                for (var i = i0; i < i1; i += BlockRows)
                {
                    var iEnd = Math.Min(i + BlockRows, i1);
                    if (x.PackA)
                        PackA(x, packedA, k, kCount, i, iEnd);
                    Block(x, packedA, packedB, tileBuffer, k, kCount, i, iEnd, j, jEnd);
                }
            }
        }
    }

    private static void Block(
        in Product x, double* packedA, double* packedB, double* tileBuffer,
        int k, int kCount, int i0, int i1, int j0, int j1)
    {
        if (x.RowByRow)
        {
            for (int i = i0, height; i < i1; i += height)
            {
                height = TileKernel<V>.Height(i1 - i);
                for (var j = j0; j < j1; j += TileColumns)
                    Tile(x, packedA, packedB, tileBuffer, k, kCount, i0, i, height, j0, j, j1);
            }
        }
        else
        {
            for (var j = j0; j < j1; j += TileColumns)
            {
                for (int i = i0, height; i < i1; i += height)
                {
                    height = TileKernel<V>.Height(i1 - i);
                    Tile(x, packedA, packedB, tileBuffer, k, kCount, i0, i, height, j0, j, j1);
                }
            }
        }
    }

    private static void Tile(
        in Product x, double* packedA, double* packedB, double* tileBuffer,
        int k, int kCount, int i0, int i, int height, int j0, int j, int j1)
    {
        var columns = Math.Min(TileColumns, j1 - j);
        var vectors = (columns + V.Count - 1) / V.Count;
        var whole = columns == vectors * V.Count;
        var packed = x.PackB || !whole;
        var b = !packed ? x.B.At(k, j) : x.PackB ? packedB + (nint)(j - j0) * kCount : packedB;
        var brs = packed ? vectors * V.Count : x.B.Row;
        var ahead = packed ? 8 * brs : TileColumns;
        var a = x.PackA ? packedA + (nint)(i - i0) * kCount : x.A.At(i, k);
        var (ars, acs) = x.PackA ? (1, height) : (x.A.Row, x.A.Column);
        var c = x.C.At(i, j);
        var beta = k == 0 ? x.Beta : 1;
        if (whole && x.C.Column == 1)
        {
            TileKernel<V>.Run(height, vectors, kCount, a, ars, acs, b, brs, ahead, c, x.C.Row, x.Alpha, beta);
            return;
        }
        TileKernel<V>.Run(height, vectors, kCount, a, ars, acs, b, brs, ahead, tileBuffer, TileColumns, 1, 0);
        if (x.C.Column == 1)
            Merge(tileBuffer, TileColumns, 1, c, x.C.Row, height, columns, x.Alpha, beta);
        else
            Merge(tileBuffer, 1, TileColumns, c, x.C.Column, columns, height, x.Alpha, beta);
    }

    /// <summary>C = alpha T + beta C over a tile T, rounded as the kernel rounds; C's rows are contiguous.</summary>
    private static void Merge(
        double* tile, int row, int column, double* c, nint stride, int rows, int columns, double alpha, double beta)
    {
        for (var i = 0; i < rows; i++, c += stride, tile += row)
        {
            var t = tile;
            if (beta == 0)
            {
                for (var j = 0; j < columns; j++, t += column)
                    c[j] = alpha * *t;
            }
            else
            {
                for (var j = 0; j < columns; j++, t += column)
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
            Packing<V>.Panel(panel, height, x.A.At(i, k), x.A.Row, x.A.Column, p, height, kCount);
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
                Packing<V>.Panel(panel, width, x.B.At(k, j), x.B.Column, x.B.Row, p, columns, kCount);
        }
    }
}
