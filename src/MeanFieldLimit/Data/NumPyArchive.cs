using System.IO.Compression;

namespace MeanFieldLimit.Data;

/// <summary>Arrays by name in NumPy's .npz format, stored or deflated.</summary>
public static class NumPyArchive
{
    private const string Ending = ".npy";

    // The first that a ZIP file can have: the same bytes whenever it is written.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays.</summary>
    /// <exception cref="InvalidDataException">It is no archive of arrays.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, NumPyArray> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Names(path).ToDictionary(name => name, name => Read(path, name, NumPyArray.Read));
    }

    /// <summary>Writes arrays in their order.</summary>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, NumPyArray>> arrays)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(arrays);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            var entry = archive.CreateEntry(name + Ending, CompressionLevel.Fastest);
            entry.LastWriteTime = NoTime;
            using var file = entry.Open();
            array.Write(file);
        }
    }

    /// <summary>The names of the arrays in a file, each once.</summary>
    /// <inheritdoc cref="Read(string)"/>
    internal static string[] Names(string path) => With(path, archive =>
        archive.Entries.Select(e => e.FullName).Where(n => n.EndsWith(Ending, StringComparison.Ordinal))
            .Select(n => n[..^Ending.Length]).Distinct().ToArray());

    /// <summary>Reads one array that is there, or its header alone.</summary>
    /// <inheritdoc cref="Read(string)"/>
    internal static T Read<T>(string path, string name, Func<Stream, long, T> read) => With(path, archive =>
    {
        var entry = archive.GetEntry(name + Ending)!;
        var most = new FileInfo(path).Length * RegularFile.MostPacked;
        if (entry.Length > most)
            throw new InvalidDataException(
                $"the array {name} cannot have the {entry.Length} bytes that it declares, got at most {most}");
        using var stream = entry.Open();
        try
        {
            return read(stream, entry.Length);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"array {name}: {e.Message}", e);
        }
    });

    private static T With<T>(string path, Func<ZipArchive, T> read)
    {
        using var file = File.OpenRead(path);
        if ((file.ReadByte(), file.ReadByte()) != ('P', 'K'))
            throw new InvalidDataException("an archive of arrays, .npz, starts with PK, this file does not " +
                "(a .npy file is named without a path)");
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        return read(archive);
    }
}
