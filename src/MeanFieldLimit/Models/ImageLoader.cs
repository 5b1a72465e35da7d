using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;
using static MeanFieldLimit.Models.DataLoader;

namespace MeanFieldLimit.Models;

/// <summary>Loads images from files of bytes: sizes and labels first, so that what does not fit is refused before it is
/// read.</summary>
internal static class ImageLoader
{
    /// <summary>Where files of a kind are from, for those who have none; nothing of other kinds.</summary>
    internal static string Sources(DataSpec data) => data switch
    {
        IdxData => " (MNIST's files, train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz and the same of t10k, " +
            "are from yann.lecun.com/exdb/mnist; Debian's package dataset-fashion-mnist has Fashion-MNIST's, of the " +
            "same names)",
        CifarData => " (CIFAR's files, data_batch_1.bin to data_batch_5.bin and test_batch.bin, or train.bin and " +
            "test.bin, are in the archives cifar-10-binary.tar.gz and cifar-100-binary.tar.gz of " +
            "www.cs.toronto.edu/~kriz/cifar.html, to be unpacked)",
        _ => "",
    };

    /// <inheritdoc cref="DataLoader.Load"/>
    internal static Dataset Load(LoadedProblem loaded, string? folder, IdxData idx)
    {
        var sizes = Reading(loaded, folder, idx.Images, "$.data.images", path =>
        {
            var read = IdxFile.ReadSizes(path);
            ByteImages.CheckPool(read, idx.Pool);
            return read;
        });
        var (labels, shape) = Reading(loaded, folder, idx.Labels, "$.data.labels", path =>
        {
            var file = IdxFile.Read(path);
            return (file, ByteImages.Shape(file, idx.Classes));
        });
        DataPlan.CheckImages(loaded, "$.data.images", sizes, shape, (idx.Train ?? shape.Points) + (double)idx.Test);
        var images = Reading(loaded, folder, idx.Images, "$.data.images", IdxFile.Read);
        return Reading(loaded, folder, idx.Labels, "$.data.labels", _ =>
            ByteImages.Build(images, labels, idx.Classes, idx.Pool));
    }

    /// <summary>The points of the training files, and those of the test file.</summary>
    /// <inheritdoc cref="DataLoader.Load"/>
    internal static (Dataset Points, Dataset? Test) Load(LoadedProblem loaded, string? folder, CifarData cifar)
    {
        var format = cifar.Format;
        ImageFile[] train = [.. cifar.Files.Select((name, i) => Labels(name, $"$.data.files[{i}]"))];
        ImageFile[] test = cifar.TestFile is { } tested ? [Labels(tested, "$.data.testFile")] : [];
        var (points, outputs) = Shape(train);
        var tests = test.Length > 0 ? Shape(test).Points : 0;
        var kept = (cifar.Train ?? points) + (cifar.Test == 0 ? tests : (double)cifar.Test);
        DataPlan.CheckImages(loaded, "$.data.files", CifarFormat.Sizes(Count(train) + Count(test)),
            (points + tests, outputs), kept);
        return (Points(train), test.Length > 0 ? Points(test) : null);

        ImageFile Labels(string name, string key) => Reading(loaded, folder, name, key, path =>
        {
            ByteImages.CheckPool(CifarFormat.Sizes(1), cifar.Pool);
            return new ImageFile(name, key, format.ReadLabels(path));
        });

        (int Points, int Outputs) Shape(ImageFile[] files) => Reading(loaded, folder, files[0].Name, files[0].Key,
            _ => ByteImages.Shape(All(files), cifar.Classes, format.Outputs));

        Dataset Points(ImageFile[] files)
        {
            var sizes = CifarFormat.Sizes(Count(files));
            var (pixels, read) = (new byte[sizes.Aggregate(1, (a, b) => a * b)], 0);
            foreach (var file in files)
                read += Reading(loaded, folder, file.Name, file.Key, path =>
                    format.ReadPixels(path, file.Labels.Length, pixels.AsSpan(read)));
            return ByteImages.Build(new(sizes, pixels), All(files), cifar.Classes, cifar.Pool, format.Outputs);
        }
    }

    private static int Count(ImageFile[] files) => files.Sum(file => file.Labels.Length);

    private static ByteArray All(ImageFile[] files) => new([Count(files)], [.. files.SelectMany(file => file.Labels)]);

    private sealed record ImageFile(string Name, string Key, byte[] Labels);
}
