namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>Independent pieces of work on some threads.</summary>
internal static class SharedLoop
{
    internal static void Run(int count, int threads, Action<int> work)
    {
        if (threads == 1)
        {
            for (var n = 0; n < count; n++) work(n);
        }
        else
        {
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = threads }, work);
        }
    }

    /// <summary>Makes a buffer long enough.</summary>
    internal static void Ensure(ref double[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new double[length];
    }
}
