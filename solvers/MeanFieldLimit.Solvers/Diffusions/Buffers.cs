namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>Buffers that grow with what they are for.</summary>
internal static class Buffers
{
    /// <summary>Makes a buffer long enough.</summary>
    internal static void Ensure(ref double[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new double[length];
    }
}
