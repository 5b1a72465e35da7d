namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Images of rows with columns (positions with channels), in memory owned elsewhere: A(n, v, c) = Data[n Image +
/// v Row + c Column], Row or Column being 1.</summary>
public readonly ref struct Images
{
    private Images(ReadOnlySpan<double> data, (int Image, int Row, int Column) steps, int rows, int columns)
    {
        Data = data;
        (Image, Row, Column) = steps;
        (Rows, Columns) = (rows, columns);
    }

    /// <summary>[image, row, column], of so many columns from a first one on.</summary>
    public static Images ByRow(ReadOnlySpan<double> data, int rows, int all, int first, int columns) =>
        new(data[Math.Min(first, data.Length)..], (rows * all, all, 1), rows, columns);

    /// <summary>[image, column, row], of so many columns from a first one on.</summary>
    public static Images ByColumn(ReadOnlySpan<double> data, int rows, int all, int first, int columns) =>
        new(data[Math.Min(first * rows, data.Length)..], (rows * all, 1, rows), rows, columns);

    /// <summary>The numbers.</summary>
    public ReadOnlySpan<double> Data { get; }

    /// <summary>From one image to the next.</summary>
    public int Image { get; }

    /// <summary>From one row to the next.</summary>
    public int Row { get; }

    /// <summary>From one column to the next.</summary>
    public int Column { get; }

    /// <summary>Rows of an image.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    internal ImageBlock At(nint data) => new(data, Image, Row, Column, Rows, Columns);

    internal void Check(int images)
    {
        var needed = images == 0 ? 0 : (images - 1L) * Image + (Rows - 1L) * Row + (Columns - 1L) * Column + 1;
        if (Data.Length < needed)
            throw new ArgumentException($"{images} images of {Rows} rows and {Columns} columns must have {needed} numbers, " +
                $"got {Data.Length}");
    }
}
