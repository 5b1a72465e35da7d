using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// Files that are known to be whole: a line with format version and key, the content, and a line with the SHA-256 of
/// all before it. The sum comes last, so that content of any size is written and read as a stream.
/// </summary>
internal static class SealedFile
{
    private const int Format = 2, Trailer = 2 + 2 * SHA256.HashSizeInBytes;

    internal static void Write(string path, string key, Action<Stream> write) => WholeFile.Write(path, file =>
    {
        using var sum = SHA256.Create();
        using (var summed = new CryptoStream(file, sum, CryptoStreamMode.Write, leaveOpen: true))
        using (var buffered = new BufferedStream(summed, 1 << 16))
        {
            buffered.Write(Header(key));
            write(buffered);
        }
        file.Write(Encoding.ASCII.GetBytes($"\n{Convert.ToHexStringLower(sum.Hash!)}\n"));
    });

    /// <summary>
    /// Hands the content, at its start, and its length to <paramref name="read"/>; false where the file is absent,
    /// and, with a word to <paramref name="broken"/>, where it was cut, changed, or is that of another key.
    /// </summary>
    internal static bool TryRead(string path, string key, Action<Stream, long> read, Action<string> broken)
    {
        try
        {
            using var file = File.OpenRead(path);
            var header = Header(key);
            if (IsWhole(file, header))
            {
                file.Position = header.Length;
                read(file, file.Length - header.Length - Trailer);
                return true;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (JsonException)
        {
            // Whole, but of another shape.
        }
        broken(path);
        return false;
    }

    /// <summary>Writes a record.</summary>
    internal static void Write<T>(string path, string key, T record) =>
        Write(path, key, stream => CellJson.Write(stream, record));

    /// <summary>The record of a file that is whole; otherwise as where content is read.</summary>
    internal static bool TryRead<T>(string path, string key, out T record, Action<string> broken)
    {
        T? read = default;
        var isThere = TryRead(path, key, (stream, length) => read = CellJson.Read<T>(stream, length), broken);
        record = read!;
        return isThere;
    }

    private static byte[] Header(string key) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new { format = Format, key }), (byte)'\n'];

    private static bool IsWhole(FileStream file, byte[] header)
    {
        var left = file.Length - header.Length - Trailer;
        if (left < 0) return false;
        var start = new byte[header.Length];
        file.ReadExactly(start);
        if (!start.AsSpan().SequenceEqual(header)) return false;
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(start);
        for (var piece = new byte[1 << 16]; left > 0;)
        {
            var read = file.Read(piece, 0, (int)Math.Min(left, piece.Length));
            if (read == 0) return false;
            sum.AppendData(piece, 0, read);
            left -= read;
        }
        var trailer = new byte[Trailer];
        file.ReadExactly(trailer);
        return Encoding.ASCII.GetString(trailer) == $"\n{Convert.ToHexStringLower(sum.GetHashAndReset())}\n";
    }
}
