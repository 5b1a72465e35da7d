using System.Runtime.InteropServices;
using System.Text;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>Arrays in NumPy's .npy format, version 1.0: what any scientific program can read.</summary>
internal static class NumPyArray
{
    private const int Alignment = 64;

    /// <summary>Writes <paramref name="values"/> as a one-dimensional array of little-endian doubles.</summary>
    public static void Write(Stream stream, ReadOnlySpan<double> values)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("states are written little-endian");
        var header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({values.Length},), }}";
        const int prefix = 10;      // magic, version, length of the header
        var padded = header.PadRight((prefix + header.Length + Alignment) / Alignment * Alignment - prefix - 1) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(padded));
        stream.Write(MemoryMarshal.AsBytes(values));
    }
}
