namespace MeanFieldLimit;

/// <summary>What this process may use of memory in all, as the runtime has it of the machine or of a limit.</summary>
public static class MemoryLimit
{
    /// <summary>In bytes.</summary>
    public static double Bytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>"3.2 GB of 8.0 GB", for messages.</summary>
    public static string Share(double bytes) =>
        FormattableString.Invariant($"{bytes / 1e9:N1} GB of {Bytes / 1e9:N1} GB");
}
