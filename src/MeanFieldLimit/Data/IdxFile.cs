using System.Buffers.Binary;
using System.IO.Compression;

namespace MeanFieldLimit.Data;

/// <summary>An IDX file of unsigned bytes, plain or gzipped (the format of MNIST, described on its page).</summary>
internal static class IdxFile
{
    private const int Header = 4;

    /// <summary>Reads the sizes that a file declares, and no value.</summary>
    /// <exception cref="InvalidDataException">It is not IDX, or too short for these sizes.</exception>
    public static int[] ReadSizes(string path)
    {
        using var file = File.OpenRead(path);
        using var values = Unpacked(file);
        return ReadSizes(file, values);
    }

    /// <summary>Reads the file, no further than to the end of what it declares.</summary>
    /// <exception cref="InvalidDataException">It is not IDX, or shorter or longer than its header says.</exception>
    public static ByteArray Read(string path)
    {
        using var file = File.OpenRead(path);
        using var stream = Unpacked(file);
        var sizes = ReadSizes(file, stream);
        var values = new byte[sizes.Aggregate(1, (a, b) => a * b)];
        var (start, read) = (Start(sizes.Length), stream.ReadAtLeast(values, values.Length, throwOnEndOfStream: false));
        if (read < values.Length) throw Truncated(sizes, $"the file at byte {start + read}");
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException(
                $"too long: {Text(sizes)} values end at byte {start + values.Length}, the file goes on");
        return new(sizes, values);
    }

    private static int[] ReadSizes(FileStream file, Stream stream)
    {
        var header = new byte[Header];
        var read = stream.ReadAtLeast(header, Header, throwOnEndOfStream: false);
        if (read < Header) throw new InvalidDataException($"an IDX file starts with 4 bytes, this one has {read}");
        if (header is not [0, 0, 8, >= 1 and <= 4])
            throw new InvalidDataException("an IDX file of unsigned bytes starts with 00 00 08 and 01 to 04, " +
                $"this one with {Convert.ToHexString(header)}");
        int rank = header[3];
        var bytes = new byte[4 * rank];
        read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw new InvalidDataException($"the header ends at byte {Start(rank)}, the file at byte {Header + read}");
        var sizes = new int[rank];
        long length = 1;
        for (var i = 0; i < rank; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 * i));
            if (sizes[i] < 1)
                throw new InvalidDataException(
                    $"dimension {i} at byte {Header + 4 * i} must be positive, got {sizes[i]}");
            length *= sizes[i];
            if (length > Array.MaxLength)
                throw new InvalidDataException($"the sizes {Text(sizes[..(i + 1)])} exceed 2 GiB");
        }
        // What cannot be there is not waited for, nor is room made for it.
        if (stream == file && file.Length - Start(rank) < length)
            throw Truncated(sizes, $"the file at byte {file.Length}");
        if (stream != file && file.Length * RegularFile.MostPacked < length)
            throw Truncated(sizes,
                $"a gzip of {file.Length} bytes at most at byte {file.Length * RegularFile.MostPacked}");
        return sizes;
    }

    private static Stream Unpacked(FileStream file)
    {
        if (!file.CanSeek) throw new InvalidDataException("an IDX file must be a file, this is a pipe or a device");
        var isPacked = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static int Start(int rank) => Header + 4 * rank;

    private static InvalidDataException Truncated(int[] sizes, string end) => new($"truncated: {Text(sizes)} values " +
        $"end at byte {Start(sizes.Length) + sizes.Aggregate(1L, (a, b) => a * b)}, {end}");

    private static string Text(int[] sizes) => string.Join(" x ", sizes);
}
