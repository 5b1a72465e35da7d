namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>The sizes of C = op(A) diag(p) op(B): op(A) is M x K, op(B) is K x N, C is M x N.</summary>
internal readonly record struct Shape(int M, int N, int K)
{
    public static Shape Of(Factor a, ReadOnlySpan<double> p, Factor b, MatrixView c)
    {
        var (m, k, kB, n) = (a.Rows, a.Columns, b.Rows, b.Columns);
        if (kB != k)
        {
            throw new ArgumentException(
                $"the columns of op(A) must be as many as the rows of op(B), got op(A) {m} x {k} and op(B) {kB} x {n}; "
                + "check what is transposed", nameof(b));
        }
        if (!p.IsEmpty && p.Length != k)
        {
            throw new ArgumentException(
                $"p must have one entry per column of op(A), {k}, or be empty, got {p.Length}", nameof(p));
        }
        if (c.Rows != m)
        {
            throw new ArgumentException(
                $"C must have the rows of op(A), {m}, got C {c.Rows} x {c.Columns}; give a C of {m} x {n}", nameof(c));
        }
        if (c.Columns != n)
        {
            throw new ArgumentException(
                $"C must have the columns of op(B), {n}, got C {c.Rows} x {c.Columns}; give a C of {m} x {n}",
                nameof(c));
        }
        return new Shape(m, n, k);
    }

    public static void CheckView(int data, int rows, int columns, int stride)
    {
        if (rows < 0)
            throw new ArgumentException($"rows must be at least 0, got {rows}", nameof(rows));
        if (columns < 0)
            throw new ArgumentException($"columns must be at least 0, got {columns}", nameof(columns));
        if (stride < columns)
        {
            throw new ArgumentException(
                $"stride must be at least the number of columns, {columns}, got {stride}; it counts entries from one "
                + "row's start to the next", nameof(stride));
        }
        var needed = rows == 0 || columns == 0 ? 0 : (long)stride * (rows - 1) + columns;
        if (data < needed)
        {
            throw new ArgumentException(
                $"data must hold at least stride * (rows - 1) + columns = {needed} entries for {rows} x {columns} "
                + $"with stride {stride}, got {data}", nameof(data));
        }
    }

    public static void CheckBlock(int matrixRows, int matrixColumns, int row, int column, int rows, int columns)
    {
        if (row < 0 || column < 0 || rows < 0 || columns < 0 || row + rows > matrixRows
            || column + columns > matrixColumns)
        {
            throw new ArgumentException(
                $"a block must lie within the {matrixRows} x {matrixColumns} matrix, got {rows} x {columns} at " +
                $"({row}, {column})",
                nameof(rows));
        }
    }
}
