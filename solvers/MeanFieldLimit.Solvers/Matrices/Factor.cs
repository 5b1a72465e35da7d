namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>op(A), a factor of a product.</summary>
public readonly ref struct Factor
{
    /// <summary>A matrix or its transpose.</summary>
    /// <exception cref="ArgumentException">It is to be neither.</exception>
    public Factor(ReadOnlyMatrixView matrix, Op op)
    {
        if (op is not (Op.Plain or Op.Transposed))
            throw new ArgumentException($"op must be Plain or Transposed, got {op}", nameof(op));
        Matrix = matrix;
        Op = op;
    }

    /// <summary>A.</summary>
    public ReadOnlyMatrixView Matrix { get; }

    /// <summary>op.</summary>
    public Op Op { get; }

    /// <summary>The number of rows of op(A).</summary>
    public int Rows => Op == Op.Plain ? Matrix.Rows : Matrix.Columns;

    /// <summary>The number of columns of op(A).</summary>
    public int Columns => Op == Op.Plain ? Matrix.Columns : Matrix.Rows;
}
