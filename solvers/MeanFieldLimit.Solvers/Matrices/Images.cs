namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Images of rows with columns (positions with channels), in memory owned elsewhere: A(n, v, c) is at
/// n Image + v Row + c Column, one of the two last being 1.</summary>
public readonly ref struct Images
{
    private Images(ReadOnlySpan<double> data, int image, int row, int column)
    {
        Data = data;
        (Image, Row, Column) = (image, row, column);
    }

    /// <summary>[image, row, column] from a first column on, of so many rows of images and of so many columns.</summary>
    public static Images ByRow(ReadOnlySpan<double> data, int rows, int columns, int first = 0) =>
        new(data[Math.Min(first, data.Length)..], rows * columns, columns, 1);

    /// <summary>[image, column, row] from a first column on.</summary>
    public static Images ByColumn(ReadOnlySpan<double> data, int rows, int columns, int first = 0) =>
        new(data[Math.Min(first * rows, data.Length)..], rows * columns, 1, rows);

    /// <summary>The numbers.</summary>
    public ReadOnlySpan<double> Data { get; }

    /// <summary>From one image to the next.</summary>
    public int Image { get; }

    /// <summary>From one row to the next.</summary>
    public int Row { get; }

    /// <summary>From one column to the next.</summary>
    public int Column { get; }

    internal void Check(int images, int rows, int columns)
    {
        var needed = images == 0 ? 0 : (images - 1L) * Image + (rows - 1L) * Row + (columns - 1L) * Column + 1;
        if (Data.Length < needed)
            throw new ArgumentException($"{images} images of {rows} rows and {columns} columns must have {needed} numbers, " +
                $"got {Data.Length}");
    }
}
