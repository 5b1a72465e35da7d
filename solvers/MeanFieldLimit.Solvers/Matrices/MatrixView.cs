using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A writable row-major matrix over memory owned elsewhere: A_ij = Data[i * Stride + j].</summary>
public readonly ref struct MatrixView
{
    /// <inheritdoc cref="ReadOnlyMatrixView(ReadOnlySpan{double}, int, int)"/>
    public MatrixView(Span<double> data, int rows, int columns) : this(data, rows, columns, columns)
    {
    }

    /// <inheritdoc cref="ReadOnlyMatrixView(ReadOnlySpan{double}, int, int, int)"/>
    public MatrixView(Span<double> data, int rows, int columns, int stride)
    {
        Shape.CheckView(data.Length, rows, columns, stride);
        Data = data;
        (Rows, Columns, Stride) = (rows, columns, stride);
    }

    /// <inheritdoc cref="ReadOnlyMatrixView.Data"/>
    public Span<double> Data { get; }

    /// <inheritdoc cref="ReadOnlyMatrixView.Rows"/>
    public int Rows { get; }

    /// <inheritdoc cref="ReadOnlyMatrixView.Columns"/>
    public int Columns { get; }

    /// <inheritdoc cref="ReadOnlyMatrixView.Stride"/>
    public int Stride { get; }

    /// <inheritdoc cref="ReadOnlyMatrixView.Plain"/>
    public Factor Plain => new(this, Op.Plain);

    /// <summary>Row <paramref name="i"/>, contiguous.</summary>
    public Span<double> Row(int i) => Data.Slice(i * Stride, Columns);

    /// <summary>The same matrix, read only.</summary>
    public static implicit operator ReadOnlyMatrixView(MatrixView a) => new(a.Data, a.Rows, a.Columns, a.Stride);

    /// <summary>The same matrix, read only.</summary>
    public ReadOnlyMatrixView ToReadOnlyMatrixView() => this;

    /// <inheritdoc cref="ReadOnlyMatrixView.CopyTo"/>
    public void CopyTo(MatrixView destination) => ((ReadOnlyMatrixView)this).CopyTo(destination);

    /// <summary>A_ij = A_ij B_ij, on at most so many threads.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public void MultiplyBy(ReadOnlyMatrixView b, int threads)
    {
        if (b.Rows != Rows || b.Columns != Columns)
            throw new ArgumentException($"b must be {Rows} x {Columns}, got {b.Rows} x {b.Columns}", nameof(b));
        if (Stride == Columns && b.Stride == Columns)
            Workers.Ranges(Rows * Columns, threads, b.Data, Data,
                static (from, to) => TensorPrimitives.Multiply(to, from, to));
        else for (var i = 0; i < Rows; i++) TensorPrimitives.Multiply(Row(i), b.Row(i), Row(i));
    }

    /// <inheritdoc cref="ReadOnlyMatrixView.Block"/>
    public MatrixView Block(int row, int column, int rows, int columns)
    {
        Shape.CheckBlock(Rows, Columns, row, column, rows, columns);
        var start = row * Stride + column;      // of an empty block it may lie past the last entry
        return new(rows == 0 || columns == 0 ? [] : Data[start..], rows, columns, Stride);
    }
}
