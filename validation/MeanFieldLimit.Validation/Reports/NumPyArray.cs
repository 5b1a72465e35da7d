using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>Arrays in NumPy's .npy format, version 1.0, and archives of them: what any scientific program reads.</summary>
internal static class NumPyArray
{
    private const int Alignment = 64;

    // The first that a ZIP file can have: the same bytes whenever it is written.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes <paramref name="values"/>, little-endian doubles, row by row, in one dimension unless said.</summary>
    internal static void Write(Stream stream, ReadOnlySpan<double> values, params int[] shape)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("states are written little-endian");
        var sizes = string.Concat((shape.Length > 0 ? shape : [values.Length]).Select(n => $"{n},"));
        var header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({sizes}), }}";
        const int prefix = 10;      // magic, version, length of the header
        var padded = header.PadRight((prefix + header.Length + Alignment) / Alignment * Alignment - prefix - 1) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(padded));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>
    /// The limit's neurons at the start and where it ended: t [2], masses_i [N_i], W_i [2, N_(i-1), N_i] and b_i
    /// [2, N_i].
    /// </summary>
    internal static void WriteStates(Stream stream, Ensemble start, double[] end, double time)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("t", [0, time], 2);
        for (var i = 1; i <= start.Depth; i++)
        {
            if (i < start.Depth) Add($"masses_{i}", start.Masses(i), start.Size(i));
            Add($"W_{i}", [.. start.Weights(start.State, i).Data, .. start.Weights(end, i).Data],
                2, start.Size(i - 1), start.Size(i));
            if (start.HasBiases)
                Add($"b_{i}", [.. start.Biases(start.State, i), .. start.Biases(end, i)], 2, start.Size(i));
        }

        void Add(string name, ReadOnlySpan<double> values, params int[] shape)
        {
            var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.Fastest);
            entry.LastWriteTime = NoTime;
            using var file = entry.Open();
            Write(file, values, shape);
        }
    }
}
