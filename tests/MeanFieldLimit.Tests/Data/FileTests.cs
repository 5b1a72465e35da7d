using System.IO.Compression;
using System.Text;
using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Data;

public sealed class FileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mfl-data-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102, 153, 204];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 3, 4, 9, 4];

    [Fact]
    public void Images_are_scaled_and_labels_one_hot()
    {
        var data = IdxImages.Build(IdxFile.Read(Write("i", Images)), IdxFile.Read(Write("l", Labels)), null);
        Assert.Equal((3, 2, 10), (data.Count, data.Inputs, data.Outputs));
        double[] expected = [-1, 1, -0.6, -0.2, 0.2, 0.6];
        Assert.All(expected.Zip(data.X), p => Assert.Equal(p.First, p.Second, 1e-15));
        Assert.Equal(1, data.Label(1)[9]);
        Assert.Equal(3, data.Y.Sum());
    }

    [Fact]
    public void Two_classes_are_signs_of_their_images_alone()
    {
        var data = IdxImages.Build(IdxFile.Read(Write("i", Images)), IdxFile.Read(Write("l", Labels)), [9, 4]);
        Assert.Equal([1, -1, 1], data.Y);
        byte[] labels = [.. Labels[..^1], 7];
        Assert.Equal(2,
            IdxImages.Build(IdxFile.Read(Write("i", Images)), IdxFile.Read(Write("l", labels)), [9, 4]).Count);
        Assert.Contains("label 5", Assert.Throws<InvalidDataException>(() =>
            IdxImages.Build(IdxFile.Read(Write("i", Images)), IdxFile.Read(Write("l", labels)), [9, 5])).Message);
    }

    /// <summary>Means over the squares of a 2 x 4 image: (0 + 255 + 10 + 20) / 4 and (51 + 102 + 40 + 30) / 4.</summary>
    [Fact]
    public void Pooled_images_are_means_over_squares()
    {
        byte[] image = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 255, 51, 102, 10, 20, 40, 30];
        byte[] label = [0, 0, 8, 1, 0, 0, 0, 1, 4];
        var (images, labels) = (IdxFile.Read(Write("i", image)), IdxFile.Read(Write("l", label)));
        Assert.Equal([285 / 4.0 / 127.5 - 1, 223 / 4.0 / 127.5 - 1], IdxImages.Build(images, labels, null, 2).X);
        // Squares of one pixel are the pixels, to the last bit.
        Assert.Equal(image[16..].Select(v => v / 127.5 - 1), IdxImages.Build(images, labels, null).X);
    }

    [Fact]
    public void Squares_that_do_not_tile_the_images_are_refused()
    {
        Write("i", Images);
        Write("l", Labels);
        var error = Assert.Throws<ProblemException>(() => Models.Model.Build(ProblemFile.Parse("p", Encoding.UTF8.GetBytes($$"""
            { "data": { "kind": "idx", "images": "i", "labels": "l", "pool": 2 },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                                       { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "softmax-cross-entropy", "time": 1 } }
            """)), folder));
        Assert.Contains("$.data.pool: pool must divide the sides of the images, got 2 for 1 x 2", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_is_seen_by_its_content()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(Images);
        Assert.Equal(Images[16..], IdxFile.Read(Write("images", zipped.ToArray())).Values);
    }

    [Fact]
    public void Broken_idx_files_are_refused_with_the_byte()
    {
        string Refusal(byte[] bytes) =>
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(Write("x", bytes))).Message;
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
        var path = Write("bomb", Zipped(gzip =>
        {
            gzip.Write(declared);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++) gzip.Write(zeros);
        }));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too long: 96 values end at byte 104, the file goes on",
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(new byte[96], IdxFile.Read(Write("whole", Zipped(gzip => gzip.Write(declared)))).Values);
    }

    [Fact]
    public void Values_that_cannot_be_there_are_refused_before_there_is_room_for_them()
    {
        byte[] header = [0, 0, 8, 1, 0x70, 0, 0, 0];
        foreach (var path in new[] { Write("plain", [.. header, 1, 2]), Write("zipped", Zipped(g => g.Write(header))) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains("truncated: 1879048192 values end at byte 1879048200",
                Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
        Assert.Equal([3, 1, 2], IdxFile.ReadSizes(Write("sizes", Images)));
    }

    [Fact]
    public void Points_of_more_numbers_than_an_array_are_refused_with_the_sizes()
    {
        // 2^23 labels up to 255: 2^31 numbers one-hot.
        var count = 1 << 23;
        byte[] header = [0, 0, 8, 1, 0, 0x80, 0, 0];
        var labels = new byte[count];
        labels[5] = 255;
        var images = IdxFile.Read(Write("many", [.. header, .. new byte[count]]));
        var message = Assert.Throws<InvalidDataException>(() =>
            IdxImages.Build(images, IdxFile.Read(Write("manylab", [.. header, .. labels])), null)).Message;
        Assert.Contains("8388608 images x 1 pixels and 256 outputs", message, StringComparison.Ordinal);
    }

    private static byte[] Zipped(Action<GZipStream> write)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) write(gzip);
        return zipped.ToArray();
    }

    [Fact]
    public void Csv_columns_by_place_or_by_name()
    {
        var path = Write("a.csv", "u,v,label\n1,2,3\n-4,5e-1,6\n"u8.ToArray());
        var plain = CsvTable.Read(path, new(Outputs: ["label"]), LabelKind.Real).Points;
        Assert.Equal([1, 2, -4, 0.5], plain.X);
        Assert.Equal([3, 6], plain.Y);
        var named = CsvTable.Read(path, new(["label"], ["v", "u"]), LabelKind.Real).Points;
        Assert.Equal([3, 6], named.X);
        Assert.Equal([2, 1, 0.5, -4], named.Y);
    }

    [Fact]
    public void What_a_refusal_says_to_write_is_taken()
    {
        Write("t.csv", "u,v,y\n1,2,3\n4,5,6\n"u8.ToArray());
        ExperimentData Load(CsvData data) =>
            MeanFieldLimit.Models.DataLoader.Load(new(Problem(data), "p.json", folder), null);
        string Refusal(CsvData data) => Assert.Throws<ProblemException>(() => Load(data)).Message;
        var asked = new CsvData { Path = "t.csv" };
        Assert.Contains("$.data.outputs: ", Refusal(asked), StringComparison.Ordinal);
        var named = asked with { Outputs = [Refusal(asked).Split("[\"")[1].Split("\"]")[0]] };
        Assert.Equal([3, 6], Load(named).Train.Y);
        Assert.Contains("got 2 of 2; leave one or more", Refusal(named with { Test = 2 }), StringComparison.Ordinal);
        Assert.Equal(1, Load(named with { Test = 1 }).Train.Count);
        Assert.Contains("$.data.inputs[0]: there is no column 'w' in the file, found u, v, y",
            Refusal(named with { Inputs = ["w"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_csv_column_of_masses_is_neither_of_x_nor_of_y()
    {
        Write("m.csv", "u,p,v,q\n1,2,3,0.5\n-4,6,5e-1,0\n7,8,9,1.5\n"u8.ToArray());
        ExperimentData Load(DataSpec data) => MeanFieldLimit.Models.DataLoader.Load(
            new(Problem(data), "p.json", folder), null);
        var csv = Load(new CsvData { Path = "m.csv", Outputs = ["v"], Masses = "q" });
        Assert.Equal("inputs u, p; outputs v; masses q; fields separated by commas", csv.Found);
        var inline = Load(new PointsData
        {
            X = [[1, 2], [-4, 6], [7, 8]],
            Y = [[3], [0.5], [9]],
            Masses = [0.5, 0, 1.5],
        });
        foreach (var data in new[] { csv, inline })
        {
            Assert.Equal([1, 2, 7, 8], data.Train.X);
            Assert.Equal([3, 9], data.Train.Y);
            Assert.Equal([0.25, 0.75], data.Train.Masses);
        }
        var named = Load(new CsvData { Path = "m.csv", Inputs = ["q"], Outputs = ["v"], Masses = "p" }).Train;
        Assert.Equal([0.5, 0, 1.5], named.X);
        Assert.Equal([2 / 16.0, 6 / 16.0, 8 / 16.0], named.Masses);

        string Refusal(string column) => Assert.Throws<ProblemException>(() =>
            Load(new CsvData { Path = "m.csv", Outputs = ["v"], Masses = column })).Message;
        Assert.Contains("no column 'w'", Refusal("w"), StringComparison.Ordinal);
        Assert.Contains("line 3: column 'u' must have masses of at least 0, got -4", Refusal("u"),
            StringComparison.Ordinal);
    }

    private static Problem Problem(DataSpec data) => new()
    {
        Data = data,
        Network = new()
        {
            Layers =
            [
                new() { Weights = new ConstantLaw { Value = 1 }, Activation = "tanh" },
                new() { Weights = new ConstantLaw { Value = 1 } },
            ],
        },
        Training = new() { Loss = "half-squared", Time = 1 },
    };

    [Theory]
    [InlineData("u,v,y\n0.1,0.2,0.3\n", "commas")]
    [InlineData("u;v;y\n0.1;0.2;0.3\n", "semicolons")]
    [InlineData("u\tv\ty\n0.1\t0.2\t0.3\n", "tabs")]
    [InlineData("\"u,1,2,3\";v;y\n0.1;0.2;0.3\n", "semicolons")]
    public void The_separator_is_found_and_said(string text, string name)
    {
        var table = CsvTable.Read(Write("a.csv", Encoding.UTF8.GetBytes(text)), new(Outputs: ["y"]), LabelKind.Real);
        Assert.Equal([0.1, 0.2, 0.3], table.Points.X.Concat(table.Points.Y));
        Assert.EndsWith($"; outputs y; fields separated by {name}", table.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_in_utf_16_is_read_where_it_says_so()
    {
        byte[] marked = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("u\ty\n1\t2\n")];
        var data = CsvTable.Read(Write("a.csv", marked), new(), LabelKind.Real).Points;
        Assert.Equal([1, 2], data.X.Concat(data.Y));
    }

    [Theory]
    [InlineData("0,1,1,0", LabelKind.Signs, "-1,1,1,-1", "class 0 is -1, class 1 is +1")]
    [InlineData("2,1.0,1,10", LabelKind.OneHot, "0,1,0,1,0,0,1,0,0,0,0,1", "classes in the order of the outputs: 1, 2, 10")]
    [InlineData("-1,1,+1,-1", LabelKind.Signs, "-1,1,1,-1", null)]
    [InlineData("1,1", LabelKind.Signs, "1,1", null)]
    [InlineData("cat,dog,cat", LabelKind.Signs, "-1,1,-1", "class cat is -1, class dog is +1")]
    [InlineData("2,0,1", LabelKind.OneHot, "0,0,1,1,0,0,0,1,0", "classes in the order of the outputs: 0, 1, 2")]
    [InlineData("b,a", LabelKind.OneHot, "0,1,1,0", "classes in the order of the outputs: a, b")]
    public void Classes_in_one_column_become_the_labels_of_the_loss(string column, LabelKind kind, string expected,
        string? mapping)
    {
        var lines = string.Concat(column.Split(',').Select(label => $"7,{label}\n"));
        var table = CsvTable.Read(Write("a.csv", Encoding.UTF8.GetBytes("x,class\n" + lines)), new(), kind);
        Assert.Equal(expected, string.Join(',', table.Points.Y));
        Assert.Equal(column.Split(',').Length, table.Points.Count);
        Assert.Equal("inputs x; outputs class; fields separated by commas" + (mapping is null ? "" : $"; {mapping}"), table.Found);
    }

    [Theory]
    [InlineData("0,1,2", LabelKind.Signs, "two classes for the loss logistic, got 3: 0, 1, 2")]
    [InlineData("0,0", LabelKind.Signs, "got 1: 0")]
    [InlineData("0,0", LabelKind.OneHot, "2 to 1000 classes, got 1")]
    [InlineData("0.5,1", LabelKind.Signs, "whole numbers or names, got the number 0.5")]
    [InlineData("a,,b", LabelKind.OneHot, "a class in every line")]
    public void Classes_that_do_not_suit_the_loss_are_refused(string column, LabelKind kind, string fragment)
    {
        var lines = string.Concat(column.Split(',').Select(label => $"7,{label}\n"));
        Assert.Contains(fragment, Assert.Throws<InvalidDataException>(() => CsvTable.Read(
            Write("a.csv", Encoding.UTF8.GetBytes("x,class\n" + lines)), new(), kind)).Message);
    }

    [Fact]
    public void Bytes_that_are_not_utf_8_are_refused_by_name()
    {
        string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() =>
            CsvTable.Read(Write("a.csv", bytes), new(), LabelKind.Real)).Message;
        Assert.Contains("must be UTF-8", Refusal([.. "u,y\n1,2\n3,"u8, 0xE9, .. "\n"u8]));
        Assert.Contains("found UTF-16", Refusal(Encoding.Unicode.GetBytes("u,y\n1,2\n")));
    }

    [Theory]
    [InlineData("a,b\n1,1e-400\n", "line 2: column 'b' must be 0 or a number that is not read as 0, got '1e-400'")]
    [InlineData("a;b\n1;2\n0,5;1\n", "got '0,5', a comma in place of the decimal point")]
    [InlineData("a;b\n1;2\n3\n", "got 1 (fields separated by semicolons)")]
    [InlineData("a|b\n1|2\n", "separated by commas, semicolons or tabs")]
    [InlineData("a,b\n1,2\n3,x\n", "line 3: column 'b'")]
    [InlineData("a,b\n1,NaN\n", "line 2: column 'b'")]
    [InlineData("a,b\n1,2\n3\n", "line 3: 2 fields are needed, got 1")]
    [InlineData("a,b\n", "no line of data")]
    [InlineData("a\n1\n", "line 1")]
    [InlineData("1,2\n3,4\n", "a header line with names is needed")]
    [InlineData("a,a,y\n1,2,3\n", "'a' stands there 2 times")]
    [InlineData("", "line 1")]
    public void Broken_csv_files_are_refused_with_the_line(string text, string fragment) =>
        Assert.Contains(fragment, Assert.Throws<InvalidDataException>(() =>
            CsvTable.Read(Write("b.csv", Encoding.UTF8.GetBytes(text)), new(), LabelKind.Real)).Message);

    [SharedFact("data/mnist-t10k/t10k-images-idx3-ubyte.gz")]
    public void Mnist_has_its_published_label_counts()
    {
        var images = Repository.Shared("data/mnist-t10k/t10k-images-idx3-ubyte.gz")!;
        var labels = Repository.Shared("data/mnist-t10k/t10k-labels-idx1-ubyte.gz")!;
        var data = IdxImages.Build(IdxFile.Read(images), IdxFile.Read(labels), null);
        Assert.Equal((10_000, 784, 10), (data.Count, data.Inputs, data.Outputs));
        Assert.InRange(data.X.Min(), -1, -1);
        Assert.InRange(data.X.Max(), 1, 1);
        // LeCun's test set: 980 zeros, 1135 ones, ...
        int[] counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
        for (var k = 0; k < 10; k++)
            Assert.Equal(counts[k], Enumerable.Range(0, data.Count).Count(n => data.Label(n)[k] == 1));
    }
}
