using System.Runtime.InteropServices;
using System.Text;

namespace MeanFieldLimit.Data;

/// <summary>An array in NumPy's .npy format, which any scientific program reads.</summary>
/// <param name="Shape">The sizes of its dimensions; none of a number.</param>
/// <param name="Values">Its values, the last dimension fastest.</param>
public sealed record NumPyArray(IReadOnlyList<int> Shape, double[] Values)
{
    private const int Alignment = 64, Buffer = 1 << 16;

    /// <summary>Reads one of any byte order and index order, of whole or floating-point numbers or of truth values,
    /// no further than it says it goes.</summary>
    /// <param name="stream">Where it starts.</param>
    /// <param name="length">The bytes that are there.</param>
    /// <exception cref="InvalidDataException">It is no such array, has another length than it says, or a whole number
    /// that no double holds.</exception>
    public static NumPyArray Read(Stream stream, long length)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = NumPyHeader.Read(stream, length);
        var (values, width) = (new double[header.Count], header.Type.Width);
        var buffer = new byte[Buffer / width * width];
        var place = new Place(header);
        for (var n = 0; n < values.Length;)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, (long)(values.Length - n) * width));
            if (stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false) is var read && read < piece.Length)
                throw header.Truncated(header.Start + (long)n * width + read);
            for (; !piece.IsEmpty; piece = piece[width..], n++)
                values[place.Next()] = header.Type.Value(piece[..width]);
        }
        return new(header.Shape, values);
    }

    /// <summary>Writes it in version 1.0: little-endian doubles, the last dimension fastest.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("arrays are written little-endian");
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" +
            $"{string.Concat(Shape.Select(n => $"{n},"))}), }}";
        const int prefix = 10;      // magic, version, length of the header
        var padded = header.PadRight((prefix + header.Length + Alignment) / Alignment * Alignment - prefix - 1) + "\n";
        stream.Write([.. NumPyHeader.Magic, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(padded));
        stream.Write(MemoryMarshal.AsBytes<double>(Values));
    }

    /// <summary>Where the values of a file go, one by one: in Fortran order the first index is fastest.</summary>
    private sealed class Place(NumPyHeader header)
    {
        private readonly int[] index = new int[header.Shape.Length], strides = Strides(header.Shape);
        private int next;

        internal int Next()
        {
            var here = next;
            if (!header.IsFortran) next++;
            else
                for (var j = 0; j < index.Length; j++)
                {
                    next += strides[j];
                    if (++index[j] < header.Shape[j]) break;
                    next -= strides[j] * index[j];
                    index[j] = 0;
                }
            return here;
        }

        private static int[] Strides(int[] shape)
        {
            var strides = new int[shape.Length];
            for (int j = shape.Length - 1, stride = 1; j >= 0; stride *= shape[j--]) strides[j] = stride;
            return strides;
        }
    }
}
