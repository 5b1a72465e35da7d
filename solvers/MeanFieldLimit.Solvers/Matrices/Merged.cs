namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Sums of a tile that C does not hold as the kernel writes them.</summary>
internal static unsafe class Merged
{
    /// <summary>C = alpha T + beta F over a tile T with rows of a width, rounded as the kernel rounds; rows or columns of C
    /// and F are contiguous.</summary>
    public static void Put(double* tile, int width, in Target to, int rows, int columns)
    {
        var t = new Strided(tile, width, 1);
        if (to.C.Column == 1) Rows(t, to, rows, columns);
        else Rows(t.Transpose, to with { F = to.F.Transpose, C = to.C.Transpose }, columns, rows);
    }

    private static void Rows(Strided tile, in Target target, int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            double* from = target.F.At(i, 0), to = target.C.At(i, 0), t = tile.At(i, 0);
            for (var j = 0; j < columns; j++, t += tile.Column) ToC.Put(*t, target.Alpha, target.Beta, from + j, to + j);
        }
    }
}
