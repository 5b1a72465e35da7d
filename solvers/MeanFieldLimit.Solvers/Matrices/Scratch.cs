namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A buffer per thread, aligned to a cache line, that grows to the largest request and stays.</summary>
internal static unsafe class Scratch
{
    [ThreadStatic]
    private static LineBuffer? buffer;

    /// <summary>Room for <paramref name="count"/> doubles, valid until this thread asks again.</summary>
    public static double* Get(int count)
    {
        if (buffer is null || buffer.Length < count) buffer = new(count);
        return (double*)buffer.Address;
    }
}
