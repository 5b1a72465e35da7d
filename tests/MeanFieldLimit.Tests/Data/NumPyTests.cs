using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CsCheck;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Tests.Data;

public sealed class NumPyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mfl-npy-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The bytes of an array as the format is described: magic, version, length, a dictionary, values.</summary>
    internal static byte[] Npy(string type, string shape, byte[] values, bool fortran = false, byte version = 1)
    {
        var header = Encoding.ASCII.GetBytes(
            $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}\n");
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. values];
    }

    internal static byte[] Doubles(params double[] values) => [.. values.SelectMany(v =>
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, v);
        return bytes;
    })];

    internal static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] files)
    {
        using var zipped = new MemoryStream();
        using (var archive = new ZipArchive(zipped, ZipArchiveMode.Create))
            foreach (var (name, bytes) in files)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        return zipped.ToArray();
    }

    private static NumPyArray Read(byte[] bytes) => NumPyArray.Read(new MemoryStream(bytes), bytes.Length);

    [Theory]
    [InlineData("<f8", "000000000000F83F", 1.5)]
    [InlineData(">f8", "3FF8000000000000", 1.5)]
    [InlineData("<f4", "0000C0BF", -1.5)]
    [InlineData(">f4", "BFC00000", -1.5)]
    [InlineData("<f2", "003E", 1.5)]
    [InlineData("|i1", "FE", -2)]
    [InlineData("|u1", "FE", 254)]
    [InlineData("<i2", "FEFF", -2)]
    [InlineData(">i2", "FFFE", -2)]
    [InlineData("<u2", "FEFF", 65534)]
    [InlineData("<i4", "FEFFFFFF", -2)]
    [InlineData("<u4", "FEFFFFFF", 4294967294)]
    [InlineData(">i8", "0020000000000000", 9007199254740992)]
    [InlineData("<i8", "FEFFFFFFFFFFFFFF", -2)]
    [InlineData("<u8", "0300000000000000", 3)]
    [InlineData("|b1", "01", 1)]
    public void Every_type_of_numbers_is_read(string type, string bytes, double value)
    {
        foreach (byte version in new byte[] { 1, 2, 3 })
        {
            var number = Convert.FromHexString(bytes);
            var array = Read(Npy(type, "(2,)", [.. number, .. number], version: version));
            Assert.Equal([2], array.Shape);
            Assert.Equal([value, value], array.Values);
        }
    }

    [Theory]
    [InlineData("()", false, "", "1")]
    [InlineData("(2, 3)", false, "2,3", "1,2,3,4,5,6")]
    [InlineData("(2, 3)", true, "2,3", "1,3,5,2,4,6")]
    [InlineData("(2, 1, 3,)", true, "2,1,3", "1,3,5,2,4,6")]
    [InlineData("(2, 2, 2)", true, "2,2,2", "1,5,3,7,2,6,4,8")]
    [InlineData("(3,)", true, "3", "1,2,3")]
    [InlineData("(0, 3)", false, "0,3", "")]
    public void Values_are_in_the_order_of_c(string shape, bool fortran, string sizes, string expected)
    {
        var count = expected.Length == 0 ? 0 : expected.Split(',').Length;
        var array = Read(Npy("<f8", shape, Doubles([.. Enumerable.Range(1, count).Select(n => (double)n)]), fortran));
        Assert.Equal(sizes, string.Join(',', array.Shape));
        Assert.Equal(expected, string.Join(',', array.Values));
    }

    [Fact]
    public void What_is_written_reads_back_to_the_same_bits() =>
        Gen.Select(Gen.Int[0, 4].Array[0, 4], Gen.Double.Array[256]).Sample((shape, any) =>
        {
            var values = any[..shape.Aggregate(1, (a, b) => a * b)];
            using var stream = new MemoryStream();
            new NumPyArray(shape, values).Write(stream);
            Assert.Equal(0, (stream.Length - 8 * values.Length) % 64);
            var again = Read(stream.ToArray());
            Assert.Equal(shape, again.Shape);
            Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits),
                again.Values.Select(BitConverter.DoubleToInt64Bits));
        });

    [Fact]
    public void An_archive_reads_back_by_name_and_has_the_same_bytes_whenever_it_is_written()
    {
        var arrays = new Dictionary<string, NumPyArray> { ["b"] = new([2], [1, -0.0]), ["a"] = new([1, 1], [3]) };
        byte[] Written()
        {
            using var stream = new MemoryStream();
            NumPyArchive.Write(stream, arrays);
            return stream.ToArray();
        }
        var read = NumPyArchive.Read(Write("a.npz", Written()));
        Assert.Equal(["b", "a"], read.Keys);
        Assert.Equal([1, 1], read["a"].Shape);
        Assert.True(double.IsNegative(read["b"].Values[1]));
        Assert.Equal(Written(), Written());
    }

    [Fact]
    public void Stored_and_deflated_archives_are_read()
    {
        var array = Npy("<f8", "(100,)", Doubles([.. Enumerable.Repeat(0.25, 100)]));
        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
        {
            var bytes = Zip(level, ("x.npy", array), ("notes.txt", [1]));
            Assert.Equal(level == CompressionLevel.NoCompression, bytes.Length > array.Length);
            Assert.Equal(Enumerable.Repeat(0.25, 100), NumPyArchive.Read(Write("a.npz", bytes))["x"].Values);
        }
    }

    [Fact]
    public void Broken_arrays_are_refused_with_the_byte()
    {
        var good = Npy("<f8", "(2, 3)", Doubles(1, 2, 3, 4, 5, 6));
        string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Read(bytes)).Message;
        Assert.Contains($"truncated: (2, 3) values of type <f8 end at byte {good.Length}, the file at byte " +
            $"{good.Length - 3}", Refusal(good[..^3]), StringComparison.Ordinal);
        Assert.Contains($"end at byte {good.Length}, the file at byte {good.Length + 1}", Refusal([.. good, 0]),
            StringComparison.Ordinal);
        Assert.Contains("goes on to byte 8, the file ends at byte 5", Refusal(good[..5]), StringComparison.Ordinal);
        Assert.Contains("the file ends at byte 20", Refusal(good[..20]), StringComparison.Ordinal);
        Assert.Contains("with 504B0304", Refusal([0x50, 0x4B, 3, 4, .. good[4..]]), StringComparison.Ordinal);
        Assert.Contains("1, 2 or 3, got 9", Refusal(Npy("<f8", "(1,)", Doubles(1), version: 9)), StringComparison.Ordinal);
        Assert.Contains("at most 65536 bytes, it declares 4294967295",
            Refusal([.. good[..6], 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. good]), StringComparison.Ordinal);
        Assert.Contains("got <U2", Refusal(Npy("<U2", "(1,)", [1, 2])), StringComparison.Ordinal);
        foreach (var shape in new[] { "(-1,)", "(2 3)", "(,)", "2", "(1.0,)" })
            Assert.Contains("a plain shape", Refusal(Npy("<f8", shape, [])), StringComparison.Ordinal);
        Assert.Contains("at most 2147483591 numbers, got the shape (1000000, 1000000)",
            Refusal(Npy("|u1", "(1000000, 1000000)", [])), StringComparison.Ordinal);
        Assert.Contains("got 9007199254740993", Refusal(Npy("<i8", "(1,)", [1, 0, 0, 0, 0, 0, 0x20, 0])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_cannot_be_there_are_refused_before_there_is_room_for_them()
    {
        var huge = Npy("<f8", "(200000000,)", [1, 2]);
        var paths = new[] { Write("s.npz", Zip(CompressionLevel.NoCompression, ("x.npy", huge))),
            Write("d.npz", Zip(CompressionLevel.Optimal, ("x.npy", huge))) };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Read(huge));
        foreach (var path in paths) Assert.Throws<InvalidDataException>(() => NumPyArchive.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Malformed_bytes_are_refused_and_nothing_else_happens()
    {
        var array = Npy("<f8", "(2, 3)", Doubles(1, 2, 3, 4, 5, 6));
        byte[][] good = [array, Zip(CompressionLevel.NoCompression, ("x.npy", array), ("y.npy", array)),
            Zip(CompressionLevel.Optimal, ("x.npy", array))];
        var path = Path.Combine(folder, "fuzz");
        Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, 1000], Gen.Byte).Array[1, 4], Gen.Int[0, 1000], Gen.Bool).Sample(
            (which, changes, cut, cuts) =>
            {
                var bytes = good[which].ToArray();
                foreach (var (at, value) in changes) bytes[at % bytes.Length] = value;
                if (cuts) bytes = bytes[..(cut % bytes.Length)];
                try
                {
                    if (which == 0) Read(bytes);
                    File.WriteAllBytes(path, bytes);
                    if (which > 0) NumPyArchive.Read(path);
                }
                catch (InvalidDataException)
                {
                    // The stated failure.
                }
            }, iter: 3000, threads: 1);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
