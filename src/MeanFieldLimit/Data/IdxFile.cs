using System.Buffers.Binary;
using System.IO.Compression;

namespace MeanFieldLimit.Data;

/// <summary>An IDX file of unsigned bytes, plain or gzipped (the format of MNIST, described on its page).</summary>
public sealed class IdxFile
{
    private const int Header = 4;

    private IdxFile(int[] sizes, byte[] values) => (Sizes, Values) = (sizes, values);

    /// <summary>Sizes of the dimensions; the first one counts the items.</summary>
    public int[] Sizes { get; }

    /// <summary>The values, last dimension fastest.</summary>
    public byte[] Values { get; }

    /// <summary>Number of items.</summary>
    public int Count => Sizes[0];

    /// <summary>Values per item.</summary>
    public int ItemLength => Sizes.Skip(1).Aggregate(1, (a, b) => a * b);

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is not IDX, or shorter than its header says: the message has the
    /// byte.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IdxFile Read(string path)
    {
        var bytes = ReadBytes(path);
        if (bytes.Length < Header)
            throw new InvalidDataException($"an IDX file starts with 4 bytes, this one has {bytes.Length}");
        if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8 || bytes[3] is 0 or > 4)
            throw new InvalidDataException("an IDX file of unsigned bytes starts with 00 00 08 and 01 to 04, " +
                $"this one with {Convert.ToHexString(bytes.AsSpan(0, Header))}");
        int rank = bytes[3];
        var start = Header + 4 * rank;
        if (bytes.Length < start)
            throw new InvalidDataException($"the header ends at byte {start}, the file at byte {bytes.Length}");
        var sizes = new int[rank];
        long length = 1;
        for (var i = 0; i < rank; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(Header + 4 * i));
            if (sizes[i] < 1)
                throw new InvalidDataException(
                    $"dimension {i} at byte {Header + 4 * i} must be positive, got {sizes[i]}");
            length *= sizes[i];
            if (length > int.MaxValue)
                throw new InvalidDataException($"the sizes {string.Join(" x ", sizes[..(i + 1)])} exceed 2 GiB");
        }
        if (bytes.Length - start < length)
            throw new InvalidDataException(
                $"truncated: {string.Join(" x ", sizes)} values end at byte {start + length}, " +
                $"the file at byte {bytes.Length}");
        return new(sizes, bytes.AsSpan(start, (int)length).ToArray());
    }

    private static byte[] ReadBytes(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B) return bytes;
        using var unzipped = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
            gzip.CopyTo(unzipped);
        return unzipped.ToArray();
    }
}
