namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A row-major matrix over memory owned elsewhere: A_ij = Data[i * Stride + j].</summary>
public readonly ref struct ReadOnlyMatrixView
{
    /// <summary>A view of a matrix whose rows follow each other without a gap: Stride = columns.</summary>
    /// <exception cref="ArgumentException">A size is negative or <paramref name="data"/> is too short.</exception>
    public ReadOnlyMatrixView(ReadOnlySpan<double> data, int rows, int columns) : this(data, rows, columns, columns)
    {
    }

    /// <summary>A view of a matrix whose row i starts at data[i * stride].</summary>
    /// <exception cref="ArgumentException">A size is negative, <paramref name="stride"/> is below
    /// <paramref name="columns"/> or <paramref name="data"/> is too short.</exception>
    public ReadOnlyMatrixView(ReadOnlySpan<double> data, int rows, int columns, int stride)
    {
        Shape.CheckView(data.Length, rows, columns, stride);
        Data = data;
        (Rows, Columns, Stride) = (rows, columns, stride);
    }

    /// <summary>The entries; the last row may end before a full stride.</summary>
    public ReadOnlySpan<double> Data { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The distance between the starts of two rows, at least <see cref="Columns"/>.</summary>
    public int Stride { get; }

    /// <summary>The matrix itself as a factor of a product.</summary>
    public Factor Plain => new(this, Op.Plain);

    /// <summary>Its transpose as a factor of a product.</summary>
    public Factor Transposed => new(this, Op.Transposed);

    /// <summary>Row <paramref name="i"/>, contiguous.</summary>
    public ReadOnlySpan<double> Row(int i) => Data.Slice(i * Stride, Columns);

    /// <summary>
    /// The block of <paramref name="rows"/> x <paramref name="columns"/> entries that starts at (row, column).
    /// </summary>
    /// <exception cref="ArgumentException">The block leaves the matrix.</exception>
    public ReadOnlyMatrixView Block(int row, int column, int rows, int columns)
    {
        Shape.CheckBlock(Rows, Columns, row, column, rows, columns);
        var start = row * Stride + column;      // of an empty block it may lie past the last entry
        return new(rows == 0 || columns == 0 ? [] : Data[start..], rows, columns, Stride);
    }

    /// <summary>Copies the entries into a matrix of the same size.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public void CopyTo(MatrixView destination)
    {
        if (destination.Rows != Rows || destination.Columns != Columns)
            throw new ArgumentException(
                $"the destination must be {Rows} x {Columns}, got {destination.Rows} x {destination.Columns}",
                nameof(destination));
        for (var i = 0; i < Rows; i++)
            Data.Slice(i * Stride, Columns).CopyTo(destination.Data.Slice(i * destination.Stride, Columns));
    }
}
