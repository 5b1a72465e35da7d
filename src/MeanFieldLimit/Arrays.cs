namespace MeanFieldLimit;

/// <summary>
/// Arrays whose lengths are products of sizes. In <c>int</c> a product wraps around: 2^23 x 256 becomes negative, and
/// 2^24 x 257 an array that is too short.
/// </summary>
internal static class Arrays
{
    /// <summary>Zeros, <paramref name="rows"/> x <paramref name="columns"/>.</summary>
    /// <param name="what">What they are, for the message.</param>
    /// <param name="rows">Not negative.</param>
    /// <param name="columns">Not negative.</param>
    /// <exception cref="ArgumentException">They exceed one array: the message has the sizes.</exception>
    internal static double[] New(string what, long rows, long columns) => new double[Length(what, rows, columns)];

    /// <summary>rows x columns.</summary>
    /// <inheritdoc cref="New"/>
    internal static int Length(string what, long rows, long columns) => Fit(rows, columns)
        ? (int)(rows * columns)
        : throw new ArgumentException($"{what} must fit into one array of {Array.MaxLength} numbers, got {rows} x " +
            $"{columns}; use fewer");

    /// <summary>Bytes that this process may use in all, as the runtime has it of the machine or of a limit.</summary>
    internal static double Memory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Whether rows x columns numbers fit into one array.</summary>
    internal static bool Fit(long rows, long columns) => columns == 0 || rows <= Array.MaxLength / columns;
}
