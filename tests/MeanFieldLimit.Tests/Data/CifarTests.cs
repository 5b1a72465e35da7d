using System.Buffers.Binary;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Data;

/// <summary>The format is that of the page of CIFAR-10 and CIFAR-100: label bytes, then red, green and blue, each row
/// by row.</summary>
public sealed class CifarTests : IDisposable
{
    private const int Pixels = 3 * 32 * 32;
    private const string Softmax = "softmax-cross-entropy";

    private static readonly CifarData Ten = new() { Files = ["a.bin"] };
    private static readonly CifarData Hundred = Ten with { Labels = CifarLabels.Fine };

    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A record whose pixels are random bytes of a number.</summary>
    private static byte[] Image(int number, params byte[] labels)
    {
        var pixels = new byte[Pixels];
        new Random(number).NextBytes(pixels);
        return [.. labels, .. pixels];
    }

    [Fact]
    public void Labels_are_one_hot_and_pixels_in_the_order_of_channels_and_rows()
    {
        var second = new byte[1 + Pixels];
        second[0] = 9;
        (second[1], second[1 + 1], second[1 + 32], second[1 + 1024], second[1 + 2048]) = (255, 51, 102, 153, 204);
        folder.Write("a.bin", [.. Image(1, 3), .. second]);
        var data = folder.Load(Ten, Softmax).Train;
        Assert.Equal((2, Pixels, 10), (data.Count, data.Inputs, data.Outputs));
        Assert.Equal([3, 10 + 9], Enumerable.Range(0, 20).Where(k => data.Y[k] == 1));
        Assert.Equal(2, data.Y.Sum());
        int[] marked = [0, 1, 32, 1024, 2048];
        double[] expected = [1, -0.6, -0.2, 0.2, 0.6];
        Assert.All(marked.Zip(expected), p => Assert.Equal(p.Second, data.Input(1)[p.First], 1e-15));
        Assert.Equal(Pixels - 5, data.Input(1).ToArray().Count(v => v == -1));
    }

    [Theory]
    [InlineData(2), InlineData(16), InlineData(32)]
    public void Pooled_images_are_means_over_squares_of_one_channel(int pool)
    {
        var image = Image(2, 0);
        folder.Write("a.bin", image);
        var (x, side) = (folder.Load(Ten with { Pool = pool }, Softmax).Train.X, 32 / pool);
        Assert.Equal(3 * side * side, x.Length);
        for (var c = 0; c < 3; c++)
            for (var row = 0; row < side; row++)
                for (var column = 0; column < side; column++)
                {
                    var mean = Enumerable.Range(0, pool * pool).Average(k => (double)
                        image[1 + c * 1024 + (row * pool + k / pool) * 32 + column * pool + k % pool]);
                    Assert.Equal(mean / 127.5 - 1, x[(c * side + row) * side + column], 1e-14);
                }
        folder.Refused(Ten with { Pool = 3 },
            "$.data.pool: pool must divide the sides of the images, got 3 for 3 x 32 x 32");
    }

    /// <summary>The bytes in IDX files, [image, channel, row, column], are the same points.</summary>
    [Fact]
    public void Points_are_those_of_the_same_images_in_IDX_files()
    {
        byte[] one = Image(1, 4), two = Image(2, 9), three = Image(3, 4);
        folder.Write("a.bin", [.. one, .. two]);
        folder.Write("b.bin", three);
        folder.Write("images", [.. Header(3, 3, 32, 32), .. one[1..], .. two[1..], .. three[1..]]);
        folder.Write("labels", [.. Header(3), 4, 9, 4]);
        foreach (var classes in new int[]?[] { null, [9, 4] })
            foreach (var (train, test) in new (int?, int)[] { (null, 0), (2, 1) })
            {
                var cifar = folder.Load(new CifarData
                { Files = ["a.bin", "b.bin"], Classes = classes, Pool = 2, Train = train, Test = test });
                var idx = folder.Load(new IdxData
                { Images = "images", Labels = "labels", Classes = classes, Pool = 2, Train = train, Test = test });
                Assert.Equal(idx.Train.X, cifar.Train.X);
                Assert.Equal(idx.Train.Y, cifar.Train.Y);
                Assert.Equal(idx.Train.Labels, cifar.Train.Labels);
                Assert.Equal(idx.Test?.X, cifar.Test?.X);
                Assert.Equal(idx.Test?.Y, cifar.Test?.Y);
            }

        static byte[] Header(params int[] sizes) => [0, 0, 8, (byte)sizes.Length, .. sizes.SelectMany(size =>
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, size);
            return bytes;
        })];
    }

    [Theory]
    [InlineData(CifarLabels.Coarse, 20, 19, 7)]
    [InlineData(CifarLabels.Fine, 100, 99, 0)]
    public void One_of_two_labels_is_taken(CifarLabels labels, int outputs, int first, int second)
    {
        folder.Write("a.bin", [.. Image(1, 19, 99), .. Image(2, 7, 0)]);
        var data = folder.Load(Ten with { Labels = labels }, Softmax).Train;
        Assert.Equal((2, Pixels, outputs), (data.Count, data.Inputs, data.Outputs));
        Assert.Equal([first, outputs + second], Enumerable.Range(0, 2 * outputs).Where(k => data.Y[k] == 1));
        Assert.Equal(Image(2)[5] / 127.5 - 1, data.Input(1)[5]);
    }

    [Fact]
    public void Test_points_are_of_the_test_file_as_many_as_are_asked_for()
    {
        folder.Write("a.bin", [.. Image(1, 0), .. Image(2, 1), .. Image(3, 1)]);
        folder.Write("t.bin", [.. Image(4, 1), .. Image(5, 0), .. Image(6, 2)]);
        var data = Ten with { TestFile = "t.bin", Classes = [0, 1] };
        var all = folder.Load(data, "logistic");
        Assert.Equal([-1, 1, 1], all.Train.Y);
        Assert.Equal([1, -1], all.Test!.Y);
        Assert.Equal([.. Image(4).Concat(Image(5)).Select(v => v / 127.5 - 1)], all.Test.X);
        var some = folder.Load(data with { Train = 2, Test = 1 }, "logistic");
        Assert.Equal((2, 1), (some.Train.Count, some.Test!.Count));
        // Each is one of those that there are.
        foreach (var (part, whole) in new[] { (some.Train, all.Train), (some.Test, all.Test) })
            for (var n = 0; n < part.Count; n++)
                Assert.Contains(Enumerable.Range(0, whole.Count), m => part.Input(n).SequenceEqual(whole.Input(m))
                    && part.Label(n)[0] == whole.Label(m)[0]);
        folder.Refused(data with { Train = 4 },
            "$.data.train: train must be at most 3, the number of points that there are, got 4");
        folder.Refused(data with { Test = 3 }, "$.data.test: test must be at most 2");
        folder.Refused(data with { Classes = [0, 5] },
            "$.data.classes: classes must be labels of images, no image has label 5");
    }

    [Fact]
    public void Files_that_do_not_end_with_a_record_are_refused_with_the_byte()
    {
        byte[] ten = [.. Image(1, 0), .. Image(2, 1)], hundred = [.. Image(1, 0, 0), .. Image(2, 1, 1)];
        void Refused(CifarData data, byte[] bytes, string message)
        {
            folder.Write("a.bin", bytes);
            folder.Refused(data, $"$.data.files[0]: {Path.Combine(folder.Path, "a.bin")} cannot be used: ", message);
        }
        Refused(Ten, ten[..^1], "must have a multiple of 3073 bytes, got 6145: record 1, the first being 0, starts " +
            "at byte 3073 and is cut after 3072; mend the file");
        Refused(Ten, [.. ten, 5], "got 6147: record 2, the first being 0, starts at byte 6146 and is cut after 1;");
        Refused(Ten, [], "got 0: there is no record");
        Refused(Hundred, hundred[..3080], "must have a multiple of 3074 bytes, got 3080: record 1, the first being " +
            "0, starts at byte 3074 and is cut after 6;");
        Refused(Ten, hundred, "(a multiple of 3074, as of CIFAR-100: see data.labels)");
        Refused(Hundred, ten, "(a multiple of 3073, as of CIFAR-10: see data.labels)");
    }

    [Fact]
    public void Bytes_that_are_no_labels_are_refused_with_their_place()
    {
        void Refused(CifarData data, byte[] bytes, string message)
        {
            folder.Write("a.bin", Image(0, data.Labels == CifarLabels.One ? [0] : [0, 0]));
            folder.Write("b.bin", bytes);
            folder.Refused(data with { Files = ["a.bin", "b.bin"] }, "$.data.files[1]: ", message);
            folder.Refused(data with { TestFile = "b.bin" }, "$.data.testFile: ", message);
        }
        Refused(Ten, [.. Image(1, 9), .. Image(2, 10)],
            "the label at byte 3073, byte 0 of record 1, must be 0 to 9, got 10");
        Refused(Hundred, [.. Image(1, 19, 99), .. Image(2, 20, 0)],
            "at byte 3074, byte 0 of record 1, must be 0 to 19, got 20");
        Refused(Hundred, Image(1, 19, 100), "at byte 1, byte 1 of record 0, must be 0 to 99, got 100");
    }

    [Fact]
    public void Where_the_files_are_from_is_told_where_they_are_missing()
    {
        folder.Write("a.bin", Image(1, 0));
        folder.Refused(Ten with { Files = ["a.bin", "data_batch_2.bin"] },
            "$.data.files[1]: the data file must exist, found none at ", "data_batch_2.bin; name its folder with " +
            "--data", "cifar-10-binary.tar.gz", "www.cs.toronto.edu/~kriz/cifar.html");
    }
}
