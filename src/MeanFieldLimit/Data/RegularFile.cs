using System.Runtime.InteropServices;

namespace MeanFieldLimit.Data;

/// <summary>Files of a size that is known before they are read: no pipes, no devices, which may never end.</summary>
internal static class RegularFile
{
    /// <summary>No format that deflates makes a file smaller by more (zlib's technical details, "maximum compression").
    /// </summary>
    internal const long MostPacked = 1032;

    // statx of Linux, whose layout is the same on all processors; .NET has the kind of a file nowhere.
    private const int FromHere = -100, TypeOnly = 1, ModeOffset = 28, StatxSize = 256;
    private const int TypeMask = 0xF000, Regular = 0x8000, Folder = 0x4000;

    /// <summary>To be called before the file is opened: to open a pipe is to wait for one who writes.</summary>
    /// <exception cref="InvalidDataException">It is no regular file, or larger.</exception>
    internal static void Check(string path, long most)
    {
        if (!IsRegular(path)) throw new InvalidDataException("found a pipe or a device, which is no regular file");
        if (new FileInfo(path) is { Exists: true, Length: var length } && length > most)
            throw new InvalidDataException($"it must have at most {Size(most)}, got {Size(length)}");
    }

    internal static string Size(long bytes) => FormattableString.Invariant($"{bytes / (1 << 20):N0} MiB");

    // What is missing or a folder is left to the opening, which says so.
    private static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux()) return true;
        var status = new byte[StatxSize];
        if (Statx(FromHere, path, 0, TypeOnly, status) != 0) return true;
        return (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) is Regular or Folder;
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        byte[] status);
}
