using System.IO.Compression;
using System.Text;
using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Data;

public sealed class IdxImagesTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102, 153, 204];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 3, 4, 9, 4];

    private Dataset Built(byte[] labels, int[]? classes) => ByteImages.Build(IdxFile.Read(folder.Write("i", Images)),
        IdxFile.Read(folder.Write("l", labels)), classes);

    [Fact]
    public void Images_are_scaled_and_labels_one_hot()
    {
        var data = Built(Labels, null);
        Assert.Equal((3, 2, 10), (data.Count, data.Inputs, data.Outputs));
        double[] expected = [-1, 1, -0.6, -0.2, 0.2, 0.6];
        Assert.All(expected.Zip(data.X), p => Assert.Equal(p.First, p.Second, 1e-15));
        Assert.Equal(1, data.Label(1)[9]);
        Assert.Equal(3, data.Y.Sum());
    }

    [Fact]
    public void Two_classes_are_signs_of_their_images_alone()
    {
        var data = Built(Labels, [9, 4]);
        Assert.Equal([1, -1, 1], data.Y);
        byte[] labels = [.. Labels[..^1], 7];
        Assert.Equal(2, Built(labels, [9, 4]).Count);
        Assert.Contains("label 5", Assert.Throws<DataKeyException>(() => Built(labels, [9, 5])).Message);
    }

    /// <summary>
    /// Means over the squares of a 2 x 4 image: (0 + 255 + 10 + 20) / 4 and (51 + 102 + 40 + 30) / 4.
    /// </summary>
    [Fact]
    public void Pooled_images_are_means_over_squares()
    {
        byte[] image = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 255, 51, 102, 10, 20, 40, 30];
        byte[] label = [0, 0, 8, 1, 0, 0, 0, 1, 4];
        var (images, labels) = (IdxFile.Read(folder.Write("i", image)), IdxFile.Read(folder.Write("l", label)));
        Assert.Equal([285 / 4.0 / 127.5 - 1, 223 / 4.0 / 127.5 - 1], ByteImages.Build(images, labels, null, 2).X);
        // Squares of one pixel are the pixels, to the last bit.
        Assert.Equal(image[16..].Select(v => v / 127.5 - 1), ByteImages.Build(images, labels, null).X);
    }

    [Fact]
    public void Squares_that_do_not_tile_the_images_are_refused()
    {
        folder.Write("i", Images);
        folder.Write("l", Labels);
        var error = Assert.Throws<ProblemException>(() => Models.Model.Build(ProblemFile.Parse("p",
            Encoding.UTF8.GetBytes("""
            { "data": { "kind": "idx", "images": "i", "labels": "l", "pool": 2 },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                                       { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "softmax-cross-entropy", "time": 1 } }
            """)), folder.Path));
        Assert.Contains("$.data.pool: pool must divide the sides of the images, got 2 for 1 x 2", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_is_seen_by_its_content()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(Images);
        Assert.Equal(Images[16..], IdxFile.Read(folder.Write("images", zipped.ToArray())).Values);
    }

    [Fact]
    public void Broken_idx_files_are_refused_with_the_byte()
    {
        string Refusal(byte[] bytes) =>
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(folder.Write("x", bytes))).Message;
        Assert.Contains("at byte 22, the file at byte 20", Refusal(Images[..20]));
        Assert.Contains("the header ends at byte 16, the file at byte 9", Refusal(Images[..9]));
        Assert.Contains("too long: 3 x 1 x 2 values end at byte 22", Refusal([.. Images, 0]));
        Assert.Contains("has 3", Refusal(Images[..3]));
        Assert.Contains("00000D03", Refusal([0, 0, 13, .. Images[3..]]));
        Assert.Contains("dimension 0 at byte 4", Refusal([0, 0, 8, 1, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_gzip_is_read_as_far_as_it_declares()
    {
        // 96 values and 256 MiB of zeros after them: 260 kB that a whole unpacking takes 0.5 GB for.
        byte[] declared = [0, 0, 8, 1, 0, 0, 0, 96, .. new byte[96]];
        var path = folder.Write("bomb", Zipped(gzip =>
        {
            gzip.Write(declared);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++) gzip.Write(zeros);
        }));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too long: 96 values end at byte 104, the file goes on",
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(new byte[96], IdxFile.Read(folder.Write("whole", Zipped(gzip => gzip.Write(declared)))).Values);
    }

    [Fact]
    public void Values_that_cannot_be_there_are_refused_before_there_is_room_for_them()
    {
        byte[] header = [0, 0, 8, 1, 0x70, 0, 0, 0];
        foreach (var path in new[] { folder.Write("plain", [.. header, 1, 2]), folder.Write("zipped", Zipped(g => g.Write(header))) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains("truncated: 1879048192 values end at byte 1879048200",
                Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
        Assert.Equal([3, 1, 2], IdxFile.ReadSizes(folder.Write("sizes", Images)));
    }

    [Fact]
    public void Points_of_more_numbers_than_an_array_are_refused_with_the_sizes()
    {
        // 2^23 labels up to 255: 2^31 numbers one-hot.
        var count = 1 << 23;
        byte[] header = [0, 0, 8, 1, 0, 0x80, 0, 0];
        var labels = new byte[count];
        labels[5] = 255;
        var images = IdxFile.Read(folder.Write("many", [.. header, .. new byte[count]]));
        var message = Assert.Throws<InvalidDataException>(() =>
            ByteImages.Build(images, IdxFile.Read(folder.Write("manylab", [.. header, .. labels])), null)).Message;
        Assert.Contains("8388608 images x 1 pixels and 256 outputs", message, StringComparison.Ordinal);
    }

    private static byte[] Zipped(Action<GZipStream> write)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) write(gzip);
        return zipped.ToArray();
    }

    [SharedFact("data/mnist-t10k/t10k-images-idx3-ubyte.gz")]
    public void Mnist_has_its_published_label_counts()
    {
        var images = Repository.Shared("data/mnist-t10k/t10k-images-idx3-ubyte.gz")!;
        var labels = Repository.Shared("data/mnist-t10k/t10k-labels-idx1-ubyte.gz")!;
        var data = ByteImages.Build(IdxFile.Read(images), IdxFile.Read(labels), null);
        Assert.Equal((10_000, 784, 10), (data.Count, data.Inputs, data.Outputs));
        Assert.InRange(data.X.Min(), -1, -1);
        Assert.InRange(data.X.Max(), 1, 1);
        // LeCun's test set: 980 zeros, 1135 ones, ...
        int[] counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
        for (var k = 0; k < 10; k++)
            Assert.Equal(counts[k], Enumerable.Range(0, data.Count).Count(n => data.Label(n)[k] == 1));
    }
}
