using static System.Buffers.Binary.BinaryPrimitives;

namespace MeanFieldLimit.Data;

/// <summary>A type of numbers of NumPy, and how its bytes are read.</summary>
/// <param name="Name">Its name there: &lt;f8.</param>
/// <param name="Width">The bytes of a number.</param>
internal sealed record NumPyType(string Name, int Width)
{
    private delegate double Reader(ReadOnlySpan<byte> littleEndian);

    private static readonly Dictionary<string, Reader> Known = new()
    {
        ["f8"] = ReadDoubleLittleEndian,
        ["f4"] = b => ReadSingleLittleEndian(b),
        ["f2"] = b => (double)ReadHalfLittleEndian(b),
        ["i1"] = b => (sbyte)b[0],
        ["i2"] = b => ReadInt16LittleEndian(b),
        ["i4"] = b => ReadInt32LittleEndian(b),
        ["i8"] = b => Exact(ReadInt64LittleEndian(b)),
        ["u1"] = b => b[0],
        ["u2"] = b => ReadUInt16LittleEndian(b),
        ["u4"] = b => ReadUInt32LittleEndian(b),
        ["u8"] = b => Exact(ReadUInt64LittleEndian(b)),
        ["b1"] = b => b[0] == 0 ? 0 : 1,
    };

    private readonly Reader read = Known[Name[1..]];

    /// <exception cref="InvalidDataException">There is no such type, or it is not of numbers.</exception>
    internal static NumPyType Of(string name) =>
        name is ['<' or '>' or '|' or '=', .. var kind] && Known.ContainsKey(kind)
            ? new(name, kind[1] - '0')
            : throw new InvalidDataException(
                $"the type must be one of {string.Join(", ", Known.Keys)}, got {name}; save it as one of these");

    /// <summary>The number of so many bytes, which may be turned round.</summary>
    internal double Value(Span<byte> bytes)
    {
        if (Name[0] == '>') bytes.Reverse();
        return read(bytes);
    }

    private static double Exact(Int128 value) => (Int128)(double)value == value ? (double)value
        : throw new InvalidDataException($"whole numbers must be such as a double holds, got {value}");
}
