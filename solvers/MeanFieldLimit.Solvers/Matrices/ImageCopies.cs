using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Images A(n, v, c) at Data + n Image + v Row + c Column, with so many rows and columns.</summary>
internal readonly record struct ImageBlock(nint Data, nint Image, nint Row, nint Column, int Rows, int Columns);

/// <summary>Images as the numbers in which products are summed.</summary>
internal static unsafe class ImageCopies<L, V, E> where L : ILanes<V, E> where V : struct where E : unmanaged
{
    /// <summary>Some images from a first one on: where they lie, or copied without gaps in the order of rows and columns that
    /// they have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ImageBlock Of(in ImageBlock source, int first, int count, E* to)
    {
        if (!TileKernel<L, V, E>.Converts) return source with { Data = source.Data + first * source.Image * sizeof(E) };
        var byRow = source.Column == 1;
        var (lines, length) = byRow ? (source.Rows, source.Columns) : (source.Columns, source.Rows);
        for (var n = 0; n < count; n++)
            for (var k = 0; k < lines; k++)
            {
                var line = (double*)source.Data + (first + n) * source.Image + k * (byRow ? source.Row : source.Column);
                Packing<L, V, E>.Line(to + ((nint)n * lines + k) * length, line, 1, length);
            }
        return source with
        {
            Data = (nint)to,
            Image = (nint)lines * length,
            Row = byRow ? length : 1,
            Column = byRow ? 1 : length,
        };
    }
}
