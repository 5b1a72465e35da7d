namespace MeanFieldLimit.Solvers.Tests.Matrices;

public class ShapeTests
{
    private static readonly double[] Data = new double[12];

    [Theory]
    [InlineData(-1, 3, 3, "rows must be at least 0, got -1")]
    [InlineData(3, -2, 3, "columns must be at least 0, got -2")]
    [InlineData(3, 4, 3, "stride must be at least the number of columns, 4, got 3")]
    [InlineData(4, 3, 4, "= 15 entries for 4 x 3 with stride 4, got 12")]
    public void A_view_that_does_not_fit_is_refused(int rows, int columns, int stride, string message)
    {
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => { _ = new MatrixView(Data, rows, columns, stride); }).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(
                () => { _ = new ReadOnlyMatrixView(Data, rows, columns, stride); }).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_row_may_end_before_the_stride()
    {
        var view = new MatrixView(Data, 3, 2, 5);
        Assert.Equal((3, 2, 5), (view.Rows, view.Columns, view.Stride));
        ReadOnlyMatrixView same = view;
        Assert.Equal((3, 2, 5), (same.Rows, same.Columns, same.Stride));
    }

    [Theory]
    [InlineData(2, 3, Op.Plain, 0, 2, 3, Op.Plain, 2, 3, "op(A) 2 x 3 and op(B) 2 x 3")]
    [InlineData(2, 3, Op.Transposed, 0, 3, 2, Op.Plain, 3, 2, "op(A) 3 x 2 and op(B) 3 x 2")]
    [InlineData(2, 3, Op.Plain, 2, 3, 2, Op.Plain, 2, 2, "p must have one entry per column of op(A), 3")]
    [InlineData(2, 3, Op.Plain, 3, 3, 4, Op.Plain, 3, 4, "C must have the rows of op(A), 2, got C 3 x 4")]
    [InlineData(2, 3, Op.Plain, 3, 4, 3, Op.Transposed, 2, 3, "C must have the columns of op(B), 4, got C 2 x 3")]
    [InlineData(2, 3, (Op)7, 0, 3, 2, Op.Plain, 2, 2, "op must be Plain or Transposed, got 7")]
    public void Sizes_that_do_not_match_are_refused(
        int rowsA, int columnsA, Op opA, int p, int rowsB, int columnsB, Op opB, int rowsC, int columnsC,
        string message)
    {
        List<IMatrixEngine> engines = [new ManagedEngine(1)];
        if (OpenBlasEngine.TryCreate(1, out var blas, out var reason))
            engines.Add(blas);
        else
            Assert.NotEqual("", reason);
        foreach (var engine in engines)
        {
            var error = Assert.Throws<ArgumentException>(() => engine.Multiply(
                1, new(new(Data, rowsA, columnsA), opA), Data.AsSpan(0, p), new(new(Data, rowsB, columnsB), opB),
                0, new(new double[12], rowsC, columnsC)));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }
}
