using MeanFieldLimit.Networks.Geometries;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of networks on images: windows that fit, and what has no meaning on more than one position.</summary>
internal static class ImageCheck
{
    internal static Refusal? Refuse(Problem problem)
    {
        var (network, layers) = (problem.Network, problem.Network.Layers);
        if (network.Image is null)
            return layers.FirstRefusal((layer, i) =>
                layer.Convolution is not null || layer.Pool is not null || layer.Filter is not null
                    ? new($"$.network.layers[{i}]", "convolution, pool and filter must stand in a network of images, " +
                        "found no network.image; add it, such as { \"rows\": 28, \"columns\": 28 }")
                    : null);
        var below = network.Image.Extent;
        for (var i = 0; i < layers.Count; i++)
        {
            var path = $"$.network.layers[{i}]";
            var isPooled = i > 0 && layers[i - 1].Pool is not null;
            if (RefuseLayer(layers[i], below, path, i == layers.Count - 1, isPooled) is { } refusal) return refusal;
            var taps = layers[i].Convolution is { } windows ? windows.Over(below).Size.Positions : below.Positions;
            if ((RefuseFilter(network, i, taps) ?? RefuseTaps(network, i, taps)) is { } several) return several;
            below = layers[i].Convolution is { } c ? c.Over(below).Over(below) : Extent.Point;
            if (layers[i].Pool is { } pool) below = pool.Over(below).Over(below);
        }
        return problem.Scaling is not null
                ? new("$.scaling", "a network of images must be in the mean-field scaling of all problems without this " +
                    $"key, got {Names.Of(problem.Scaling.Kind)}; remove it, and ask for no study that sets one " +
                    "(kernel, lazy, plane, proxy)")
            : problem.Limit.Reduction != Reduction.None
                ? new("$.limit.reduction", "reduction must be none in a network of images, got " +
                    $"{Names.Of(problem.Limit.Reduction)}; remove it")
            : problem.Density is not null || problem.Chaos is not null || problem.Training.IsNoisy
                ? new("$.network.image", "images must be left out of problems with density, chaos or noise in the " +
                    "law of motion, found them together; remove one")
            : null;
    }

    private static Refusal? RefuseLayer(LayerSpec layer, Extent below, string path, bool isOutput, bool isPooled)
    {
        if (layer.Convolution is not { } convolution)
            return layer.Pool is null
                ? layer.Interaction == "weighted-sum" || below == Extent.Point && !isPooled ? null
                    : Interaction(layer, path)
                : new($"{path}.pool", "pool must follow a convolution, found none in the layer; add one, such as " +
                    "{ \"size\": [1] }");
        if (isOutput)
            return new($"{path}.convolution", "the output layer must be dense, found a convolution; remove it");
        if (layer.Interaction != "weighted-sum") return Interaction(layer, path);
        if (RefuseWindows(convolution.Over(below), below, $"{path}.convolution", convolution.Size) is { } refusal)
            return refusal;
        if (layer.Pool is not { } pool) return null;
        if (pool.Kind == PoolName.GlobalAverage == pool.Size is not null)
            return new($"{path}.pool.size", pool.Size is null
                ? $"size must be given for {Names.Of(pool.Kind)}, found none; add one, such as [2]"
                : "size must not be given for global-average, which pools all positions, found one; remove it");
        var positions = convolution.Over(below).Over(below);
        return RefuseWindows(pool.Over(positions), positions, $"{path}.pool", pool.Size ?? []);
    }

    private static Refusal Interaction(LayerSpec layer, string path) => new($"{path}.interaction",
        $"interaction must be weighted-sum on more than one position or above a pool, got {layer.Interaction}; " +
        "remove the key");

    private static Refusal? RefuseWindows(Windows windows, Extent image, string path, IReadOnlyList<int> size)
    {
        var list = $"[{string.Join(", ", size)}]";
        if (windows.Padding > 0 && windows.Padding >= Math.Max(windows.Size.Rows, windows.Size.Columns))
            return new($"{path}.padding", "padding must be less than the window is long, so that every window sees " +
                $"the image, got {windows.Padding} for {list}; use a smaller one");
        var (over, most) = (windows.Over(image), 1 << 27);
        if ((double)over.Positions * windows.Size.Positions > most)
            return new($"{path}.size", $"windows must have at most {most:N0} places together, got {over} windows of " +
                $"{windows.Size}; use smaller or fewer ones");
        if (image.Rows == 1 && size.Count == 2 && size[0] > 1 && windows.Padding == 0)
            return new($"{path}.size", $"a window must have one row on a line of {image.Columns} positions, got " +
                $"{list}; give one number");
        return windows.Over(image).Positions == 0
            ? new($"{path}.size", $"a window must fit into the {image} positions it is on" +
                (windows.Padding > 0 ? $" with {windows.Padding} on either side" : "") + $", got {list}; use a " +
                $"smaller window{(path.EndsWith("pool", StringComparison.Ordinal) ? "" : ", or more padding")}")
            : null;
    }

    // One latent cannot be turned: all places would have one function.
    private static Refusal? RefuseTaps(NetworkSpec network, int i, int taps) =>
        taps > 1 && i > 0 && i < network.Layers.Count - 1
            && network.Embedding is CorrelatedSpec { Latent: 1, Mean: not RandomFeaturesMean and var mean }
            ? new("$.network.embedding.latent", $"latent must be at least 2 for a {Names.OfKind(mean)} mean of its " +
                $"own at each of the {taps} places of network.layers[{i}], which differ by rotations of the " +
                "latents, got 1; use 2 or more, or random-features")
            : null;

    private static Refusal? RefuseFilter(NetworkSpec network, int i, int taps)
    {
        if (network.Layers[i].Filter is not { } filter) return null;
        var (what, count) = i == 0 ? ("one a channel and place", network.Image!.Channels * taps)
            : ("one a place", taps);
        // Of the output layer the data tells how many outputs there are.
        if (i == network.Layers.Count - 1) return null;
        return filter.Count == count ? null : new($"$.network.layers[{i}].filter",
            $"filter must have {count} numbers, {what}, got {filter.Count}; complete or shorten it");
    }
}
