using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace MeanFieldLimit.Data;

/// <summary>What stands before the values of an array in NumPy's format, versions 1 to 3.</summary>
/// <param name="Type">The type of the values.</param>
/// <param name="IsFortran">Whether the first index is the fastest, in place of the last.</param>
/// <param name="Shape">The sizes of its dimensions.</param>
/// <param name="Start">The byte at which the values start.</param>
internal sealed partial record NumPyHeader(NumPyType Type, bool IsFortran, int[] Shape, int Start)
{
    // NumPy's own bound is 10,000 characters.
    private const int Longest = 1 << 16;

    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The number of values.</summary>
    internal int Count => Shape.Aggregate(1, (a, b) => a * b);

    private long End => Start + (long)Count * Type.Width;

    /// <summary>The sizes as NumPy writes them.</summary>
    internal static string Text(IReadOnlyList<int> shape) =>
        $"({string.Join(", ", shape)}{(shape.Count == 1 ? "," : "")})";

    /// <summary>Reads it, and refuses values that cannot be there.</summary>
    /// <inheritdoc cref="NumPyArray.Read"/>
    internal static NumPyHeader Read(Stream stream, long length)
    {
        var start = Bytes(stream, Magic.Length + 2, 0, length);
        if (!start.AsSpan().StartsWith(Magic))
            throw new InvalidDataException("an array of NumPy starts with the bytes 93 and NUMPY, this file with " +
                Convert.ToHexString(start));
        if (start[^2] is < 1 or > 3)
            throw new InvalidDataException($"the version of the format must be 1, 2 or 3, got {start[^2]}");
        var size = Bytes(stream, start[^2] == 1 ? 2 : 4, start.Length, length);
        var declared = size.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(size)
            : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (declared > Longest)
            throw new InvalidDataException($"the header must have at most {Longest} bytes, it declares {declared}");
        var at = start.Length + size.Length;
        var text = Encoding.UTF8.GetString(Bytes(stream, (int)declared, at, length));
        var header = new NumPyHeader(NumPyType.Of(Found(Descr(), text, "descr")),
            Found(Fortran(), text, "fortran_order") == "True", Sizes(Found(Tuple(), text, "shape")),
            at + (int)declared);
        if (length < header.End) throw header.Truncated(length);
        if (length > header.End)
            throw new InvalidDataException($"too long: {header} end at byte {header.End}, the file at byte {length}");
        return header;
    }

    internal InvalidDataException Truncated(long end) =>
        new($"truncated: {this} end at byte {End}, the file at byte {end}");

    public override string ToString() => $"{Text(Shape)} values of type {Type.Name}";

    private static byte[] Bytes(Stream stream, int count, int at, long length)
    {
        var bytes = new byte[count];
        var read = stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return read == count ? bytes : throw new InvalidDataException(
            $"truncated: the header goes on to byte {at + count}, the file ends at byte {Math.Min(at + read, length)}");
    }

    private static string Found(Regex key, string text, string name) =>
        key.Match(text) is { Success: true } match ? match.Groups[1].Value.Trim() : throw new InvalidDataException(
            $"the header must have a plain {name}, got {text.Trim()[..Math.Min(text.Trim().Length, 200)]}");

    private static int[] Sizes(string tuple)
    {
        var count = 1.0;
        var sizes = tuple.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. sizes.Select(text =>
        {
            var size = double.Parse(text, CultureInfo.InvariantCulture);
            count *= Math.Max(size, 1);
            return count <= Array.MaxLength ? (int)size : throw new InvalidDataException(
                $"an array must have at most {Array.MaxLength} numbers, got the shape ({tuple})");
        })];
    }

    [GeneratedRegex("""["']descr["']\s*:\s*["']([^"']{1,20})["']""")]
    private static partial Regex Descr();

    [GeneratedRegex("""["']fortran_order["']\s*:\s*(True|False)""")]
    private static partial Regex Fortran();

    [GeneratedRegex("""["']shape["']\s*:\s*\(\s*((?:[0-9]+\s*,\s*)*(?:[0-9]+\s*)?)\)""")]
    private static partial Regex Tuple();
}
