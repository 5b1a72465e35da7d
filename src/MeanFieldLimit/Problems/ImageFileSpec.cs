using System.ComponentModel;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Problems;

/// <summary>Images of bytes in files, with a label each.</summary>
public interface IImageFiles
{
    internal const string
        Two = "Two labels: only these are used, the first as -1 and the second as +1.",
        TwoRemedy = "name the two classes that become -1 and +1, or leave the key out for one-hot labels",
        Some = "Number of training points; all that are not held out where absent.",
        Squares = "Side of the squares of pixels that are averaged to one, which divides both sides of the images: ";

    /// <summary>The two labels that are used; null for all.</summary>
    IReadOnlyList<int>? Classes { get; }

    /// <summary>Number of training points; null for all.</summary>
    int? Train { get; }

    /// <summary>Side of the squares of pixels that are averaged to one.</summary>
    int Pool { get; }
}

[Description("IDX images, scaled to [-1, 1], and labels, plain or gzipped: one-hot, or two classes as -1 and +1.")]
public sealed record IdxData : DataSpec, IImageFiles
{
    [Description("The IDX file of images; a relative path starts at the folder of the problem file."), NonEmpty]
    public required string Images { get; init; }

    [Description("The IDX file of labels."), NonEmpty]
    public required string Labels { get; init; }

    [Description(IImageFiles.Two), Items(2, 2, Remedy = IImageFiles.TwoRemedy), Between(0, 255)]
    public IReadOnlyList<int>? Classes { get; init; }

    [Description(IImageFiles.Some), AtLeast(1)]
    public int? Train { get; init; }

    [Description(IImageFiles.Squares + "4 makes 7 x 7 of 28 x 28."), AtLeast(1)]
    public int Pool { get; init; } = 1;
}

[Description("Binary files of CIFAR-10 or CIFAR-100: images [channel][row][column] of 3 x 32 x 32 pixels, scaled to " +
    "[-1, 1], and labels: one-hot, or two classes as -1 and +1.")]
public sealed record CifarData : DataSpec, IImageFiles
{
    [Description("The files of training points, such as data_batch_1.bin; a relative path starts at the folder of " +
        "the problem file."), Items(1), NonEmpty]
    public required IReadOnlyList<string> Files { get; init; }

    [Description("The file of test points, where none are held out: test of them, all where that is 0."), NonEmpty]
    public string? TestFile { get; init; }

    [Description("The label of an image: one, the only one, of CIFAR-10; coarse (20 groups) or fine (100 " +
        "classes), of CIFAR-100.")]
    public CifarLabels Labels { get; init; }

    [Description(IImageFiles.Two), Items(2, 2, Remedy = IImageFiles.TwoRemedy), Between(0, 255)]
    public IReadOnlyList<int>? Classes { get; init; }

    [Description(IImageFiles.Some), AtLeast(1)]
    public int? Train { get; init; }

    [Description(IImageFiles.Squares + "4 makes 8 x 8 of 32 x 32."), AtLeast(1)]
    public int Pool { get; init; } = 1;

    internal CifarFormat Format => Labels switch
    {
        CifarLabels.Coarse => CifarFormat.Coarse,
        CifarLabels.Fine => CifarFormat.Fine,
        _ => CifarFormat.One,
    };
}

/// <summary>Which label byte of CIFAR's files is the label.</summary>
public enum CifarLabels
{
    /// <summary>The only one, of CIFAR-10.</summary>
    One,

    /// <summary>The first of two, of CIFAR-100.</summary>
    Coarse,

    /// <summary>The second of two.</summary>
    Fine,
}
