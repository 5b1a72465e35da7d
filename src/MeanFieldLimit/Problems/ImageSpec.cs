using System.ComponentModel;
using MeanFieldLimit.Networks.Geometries;

namespace MeanFieldLimit.Problems;

[Description("The inputs as images, [channel][row][column] in this order: channels are the neurons of layer 0.")]
public sealed record ImageSpec
{
    [Description("Channels: 1 for grey, 3 for colours."), Between(1, ImageKeys.Most)]
    public int Channels { get; init; } = 1;

    [Description("Rows of a channel; 1 for a line."), Between(1, ImageKeys.Most)]
    public int Rows { get; init; } = 1;

    [Description("Columns of a channel."), Between(1, ImageKeys.Most)]
    public required int Columns { get; init; }

    /// <summary>Positions of a channel.</summary>
    internal Extent Extent => new(Rows, Columns);
}

[Description("Weights that are shared by windows: each neuron is a channel, H(x, c', u) = b(c') + sum over channels " +
    "c below, by their masses, and places d of the window at u, of w(c, c', d) Z(x, c, u + d).")]
public sealed record ConvolutionSpec
{
    [Description("The size of the window, [rows, columns], or one number for both; one number on a line.")]
    [Items(1, 2), Between(1, ImageKeys.Most)]
    public required IReadOnlyList<int> Size { get; init; }

    [Description("How far windows are apart, likewise; 1 where absent.")]
    [Items(1, 2), Between(1, ImageKeys.Most)]
    public IReadOnlyList<int> Stride { get; init; } = [1];

    [Description("Positions added on either side of the image in each dimension that the window has more than one " +
        "place in; fewer than the window is long."), Between(0, ImageKeys.Most)]
    public int Padding { get; init; }

    [Description("What stands there: zeros, or circular, the image again.")]
    public Border Border { get; init; } = Border.Zeros;

    internal Windows Over(Extent image) =>
        new(ImageKeys.Extent(Size, image), ImageKeys.Extent(Stride, image), Padding, Border);
}

/// <summary>Kinds of pooling.</summary>
public enum PoolName
{
    /// <summary>The largest of a window.</summary>
    Max,

    /// <summary>The mean of a window.</summary>
    Average,

    /// <summary>The mean of all positions.</summary>
    GlobalAverage,
}

[Description("What the layer above sees of the activations: one value a window.")]
public sealed record PoolSpec
{
    [Description("The largest of each window, its mean, or the mean of all positions.")]
    public required PoolName Kind { get; init; }

    [Description("The size of the window, as that of a convolution; not for global-average.")]
    [Items(1, 2), Between(1, ImageKeys.Most)]
    public IReadOnlyList<int>? Size { get; init; }

    [Description("How far windows are apart; their size where absent.")]
    [Items(1, 2), Between(1, ImageKeys.Most)]
    public IReadOnlyList<int>? Stride { get; init; }

    internal Windows Over(Extent image)
    {
        var size = Kind == PoolName.GlobalAverage ? image : ImageKeys.Extent(Size!, image);
        return new(size, Stride is null ? size : ImageKeys.Extent(Stride, image));
    }

    internal Pooling Build(Extent image) =>
        new(Kind == PoolName.Max ? PoolKind.Max : PoolKind.Average, Over(image), image);
}

/// <summary>The positions that keys of a network give its layers.</summary>
internal static class ImageKeys
{
    /// <summary>The longest side: numbers of positions are whole numbers of 32 bits then.</summary>
    internal const int Most = 8192;

    /// <summary>Two numbers, or one for each dimension that the image has.</summary>
    internal static Extent Extent(IReadOnlyList<int> numbers, Extent image) =>
        numbers.Count == 2 ? new(numbers[0], numbers[1]) : new(image.Rows > 1 ? numbers[0] : 1, numbers[0]);

    /// <summary>Positions and taps of layers 1..L.</summary>
    internal static IReadOnlyList<LayerGeometry> Geometry(NetworkSpec network)
    {
        var below = network.Image?.Extent ?? Networks.Geometries.Extent.Point;
        var layers = new List<LayerGeometry>();
        foreach (var layer in network.Layers)
        {
            layers.Add(layer.Convolution is { } convolution
                ? LayerGeometry.Convolution(below, convolution.Over(below), layer.Pool is { } pool ? pool.Build : null)
                : LayerGeometry.Dense(below));
            below = layers[^1].Pooled;
        }
        return layers;
    }
}
