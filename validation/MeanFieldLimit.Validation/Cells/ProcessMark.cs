using System.Diagnostics;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// A process, told apart from all others of all machines, also from a later one of the same number. Its space is where
/// its number counts: containers of one machine have numbers of their own.
/// </summary>
internal sealed record ProcessMark(string Host, string Space, int Id, long Start)
{
    internal static readonly ProcessMark Own = new(Environment.MachineName, OwnSpace(), Environment.ProcessId,
        StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether it could be seen from here.</summary>
    internal bool IsNear => (Host, Space) == (Own.Host, Own.Space);

    /// <summary>Whether it has ended for sure.</summary>
    internal bool IsDead => IsNear && StartOf(Id) != Start;

    public override string ToString() => $"process {Id} on {Host}";

    private static string OwnSpace() => OperatingSystem.IsLinux()
        && new FileInfo("/proc/self/ns/pid").LinkTarget is { } link
            ? string.Concat(link.Where(char.IsAsciiDigit)) : "0";

    private static long? StartOf(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // Ticks since the machine started, an integer. Process.StartTime is computed from the clock of the day
                // and differs from process to process. The name before ")" may hold anything.
                var stat = File.ReadAllText($"/proc/{id}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
            }
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToFileTimeUtc();
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException
            or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
