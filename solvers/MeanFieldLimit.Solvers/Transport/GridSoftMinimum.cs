using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// |x - y|^2 between the cells of a regular grid is a sum over the axes, so the soft minimum is one along the rows,
/// then one along the columns: O(n^(3/2)) for n cells, and no cost matrix.
/// </summary>
internal sealed class GridSoftMinimum(GridCells cells)
{
    private readonly double[] alongRows = Squares(cells.Columns, cells.ColumnSpacing);
    private readonly double[] alongColumns = Squares(cells.Rows, cells.RowSpacing);
    private readonly double[] turned = new double[cells.Count], half = new double[cells.Count];

    /// <summary>The largest cost.</summary>
    public double Range => alongRows[cells.Columns - 1] + alongColumns[cells.Rows - 1];

    /// <summary>result_i = softmin_j (c_ij - h_j).</summary>
    public void Reduce(double epsilon, double[] h, double[] result)
    {
        Along(epsilon, alongRows, cells.Rows, cells.Columns, h, half);
        Turn(half, cells.Rows, cells.Columns, turned);
        // The soft minimum is a potential: as the next argument it changes its sign.
        for (var k = 0; k < turned.Length; k++) turned[k] = -turned[k];
        Along(epsilon, alongColumns, cells.Columns, cells.Rows, turned, half);
        Turn(half, cells.Columns, cells.Rows, result);
    }

    // result[r, i] = softmin_k (squares[i, k] - h[r, k]).
    private static void Along(double epsilon, double[] squares, int rows, int n, double[] h, double[] result) =>
        Parallel.For(0, rows, () => new double[n], (r, _, work) =>
        {
            for (var i = 0; i < n; i++)
                result[r * n + i] = SoftMinimum.Of(epsilon, squares.AsSpan(i * n, n), h.AsSpan(r * n, n), work);
            return work;
        }, _ => { });

    private static void Turn(double[] from, int rows, int columns, double[] to)
    {
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                to[c * rows + r] = from[r * columns + c];
    }

    private static double[] Squares(int n, double spacing)
    {
        var squares = new double[ArraySize.Of("the costs along an axis", "take fewer cells along it", n, n)];
        for (var i = 0; i < n; i++)
            for (var k = 0; k < n; k++)
                squares[i * n + k] = (i - k) * spacing * ((i - k) * spacing);
        return squares;
    }
}
