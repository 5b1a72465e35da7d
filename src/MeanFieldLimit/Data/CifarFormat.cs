using Microsoft.Win32.SafeHandles;

namespace MeanFieldLimit.Data;

/// <summary>
/// The binary format of CIFAR-10 and CIFAR-100 (described on their page): records of one label byte, or of a coarse and
/// a fine one, and of pixels, [channel][row][column].
/// </summary>
/// <param name="Name">Whose format it is.</param>
/// <param name="Classes">How many classes each label byte has.</param>
/// <param name="Taken">The label byte that is the label.</param>
internal sealed record CifarFormat(string Name, int[] Classes, int Taken)
{
    private const int Channels = 3, Side = 32, Pixels = Channels * Side * Side;

    /// <summary>Of CIFAR-10.</summary>
    internal static readonly CifarFormat One = new("CIFAR-10", [10], 0);

    /// <summary>Of CIFAR-100, whose classes are also in 20 groups.</summary>
    internal static readonly CifarFormat Coarse = new("CIFAR-100", [20, 100], 0), Fine = Coarse with { Taken = 1 };

    /// <summary>How many classes the label has.</summary>
    internal int Outputs => Classes[Taken];

    private int Record => Classes.Length + Pixels;

    /// <summary>Sizes of so many images.</summary>
    internal static int[] Sizes(int images) => [images, Channels, Side, Side];

    /// <summary>Reads the label of each record, and checks all.</summary>
    /// <exception cref="InvalidDataException">The file does not end with a record, or a label is none.</exception>
    internal byte[] ReadLabels(string path)
    {
        using var file = File.OpenHandle(path);
        var labels = new byte[Count(RandomAccess.GetLength(file))];
        var bytes = new byte[Classes.Length];
        for (var n = 0; n < labels.Length; n++)
        {
            Read(file, n, 0, bytes);
            for (var b = 0; b < bytes.Length; b++)
                if (bytes[b] >= Classes[b])
                    throw new InvalidDataException($"the label at byte {(long)n * Record + b}, byte {b} of record " +
                        $"{n}, must be 0 to {Classes[b] - 1}, got {bytes[b]}");
            labels[n] = bytes[Taken];
        }
        return labels;
    }

    /// <summary>Reads the pixels of so many records, [image, channel, row, column], and says how many bytes.</summary>
    /// <inheritdoc cref="ReadLabels"/>
    internal int ReadPixels(string path, int records, Span<byte> pixels)
    {
        using var file = File.OpenHandle(path);
        for (var n = 0; n < records; n++) Read(file, n, Classes.Length, pixels.Slice(n * Pixels, Pixels));
        return records * Pixels;
    }

    private int Count(long length)
    {
        if (length > 0 && length % Record == 0) return (int)(length / Record);
        var other = Classes.Length == 1 ? Coarse : One;
        throw new InvalidDataException($"{Name} has records of {Classes.Length} label bytes and {Channels} x {Side} " +
            $"x {Side} pixels, and a file must have a multiple of {Record} bytes, got {length}: " +
            (length == 0 ? "there is no record" : $"record {length / Record}, the first being 0, starts at byte " +
            $"{length / Record * Record} and is cut after {length % Record}") +
            (length > 0 && length % other.Record == 0
                ? $" (a multiple of {other.Record}, as of {other.Name}: see data.labels)" : ""));
    }

    private void Read(SafeFileHandle file, int n, int start, Span<byte> bytes)
    {
        var at = (long)n * Record + start;
        var read = RandomAccess.Read(file, bytes, at);
        if (read < bytes.Length)
            throw new InvalidDataException($"truncated: record {n} goes on to byte {at + bytes.Length}, the file " +
                $"ends at byte {at + read}");
    }
}
