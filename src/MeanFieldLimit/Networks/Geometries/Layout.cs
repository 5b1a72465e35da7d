namespace MeanFieldLimit.Networks.Geometries;

/// <summary>
/// Positions of the values of one neuron: rows x columns of an image, one row on a line, 1 x 1 for none.
/// </summary>
public readonly record struct Extent(int Rows, int Columns)
{
    /// <summary>One position: a neuron that has one value a point.</summary>
    public static Extent Point { get; } = new(1, 1);

    /// <summary>How many there are; position number rows-major, r Columns + c.</summary>
    public int Positions => Rows * Columns;

    /// <summary>As it is written in messages.</summary>
    public override string ToString() => FormattableString.Invariant($"{Rows} x {Columns}");
}

/// <summary>What stands outside an image.</summary>
public enum Border
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The image again: positions count modulo its size.</summary>
    Circular,
}

/// <summary>
/// Windows of a size that slide over positions in strides, in an image with so many positions added on either side of
/// each dimension that the window is longer than 1 in.
/// </summary>
public sealed record Windows(Extent Size, Extent Stride, int Padding = 0, Border Border = Border.Zeros)
{
    /// <summary>How many windows fit, in each dimension.</summary>
    public Extent Over(Extent image) => new(Fit(image.Rows, Size.Rows, Stride.Rows),
        Fit(image.Columns, Size.Columns, Stride.Columns));

    /// <summary>The positions that the last windows do not reach, in each dimension.</summary>
    public Extent Lost(Extent image) => new(Rest(image.Rows, Size.Rows, Stride.Rows),
        Rest(image.Columns, Size.Columns, Stride.Columns));

    /// <summary>The position under each place of each window, [window, place]; -1 for a zero outside.</summary>
    internal int[] Sources(Extent image)
    {
        var over = Over(image);
        var sources = new int[over.Positions * Size.Positions];
        for (var k = 0; k < sources.Length; k++)
        {
            var (window, place) = (k / Size.Positions, k % Size.Positions);
            var row = At(window / over.Columns * Stride.Rows + place / Size.Columns - Pad(Size.Rows), image.Rows);
            var column = At(window % over.Columns * Stride.Columns + place % Size.Columns - Pad(Size.Columns),
                image.Columns);
            sources[k] = row < 0 || column < 0 ? -1 : row * image.Columns + column;
        }
        return sources;
    }

    private int Pad(int size) => size > 1 ? Padding : 0;

    private int Fit(int length, int size, int stride) => Math.Max(0, (length + 2 * Pad(size) - size + stride) / stride);

    /// <summary>What is left after the last window, but for the padding there.</summary>
    private int Rest(int length, int size, int stride) =>
        Math.Max(0, length + Pad(size) - size - (Fit(length, size, stride) - 1) * stride);

    private int At(int position, int length) => Border == Border.Circular ? (position % length + length) % length
        : position < 0 || position >= length ? -1 : position;
}
