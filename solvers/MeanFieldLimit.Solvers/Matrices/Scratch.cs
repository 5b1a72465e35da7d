namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A buffer per thread, aligned to a cache line, that grows to the largest request and stays.</summary>
internal static unsafe class Scratch
{
    /// <summary>Doubles of a cache line.</summary>
    public const int LineDoubles = 8;

    [ThreadStatic]
    private static double[]? buffer;

    /// <summary>Room for <paramref name="count"/> doubles, valid until this thread asks again.</summary>
    public static double* Get(int count)
    {
        if (buffer is null || buffer.Length < count + LineDoubles)
            buffer = GC.AllocateUninitializedArray<double>(count + LineDoubles, pinned: true);
        fixed (double* start = buffer)
            return (double*)(((nuint)start + 63) & ~(nuint)63);
    }
}
