namespace MeanFieldLimit.Data;

/// <summary>Images of bytes, [image, ..., row, column], and their labels as a data set.</summary>
internal static class ByteImages
{
    internal const int Digits = 10;

    /// <summary>
    /// Pixels, or means over squares of pool x pool of them, scaled from 0..255 to [-1, 1]; labels one-hot over 0..
    /// <paramref name="least"/> - 1 (or 0..largest label, if that is larger), or with two <paramref name="classes"/>
    /// only those images, y = -1 for the first and +1 for the second.
    /// </summary>
    /// <exception cref="InvalidDataException">The files do not belong together, or the points exceed one array.
    /// </exception>
    /// <exception cref="DataKeyException">A class has no image.</exception>
    internal static Dataset Build(ByteArray images, ByteArray labels, IReadOnlyList<int>? classes, int pool = 1,
        int least = Digits)
    {
        if (images.Count != labels.Count)
            throw new InvalidDataException($"images and labels must be as many, got {images.Count} and {labels.Count}");
        var (d, chosen) = (images.ItemLength / (pool * pool), Chosen(labels, classes));
        var k = Outputs(labels, classes, least);
        if ((long)chosen.Length * Math.Max(d, k) > Array.MaxLength)
            throw new InvalidDataException($"points must fit into one array of {Array.MaxLength} numbers, got " +
                $"{chosen.Length} images x {d} pixels and {k} outputs");
        double[] x = new double[chosen.Length * d], y = new double[chosen.Length * k];
        for (var n = 0; n < chosen.Length; n++)
        {
            Pooled(images, chosen[n], pool, x.AsSpan(n * d, d));
            var label = labels.Values[chosen[n]];
            if (classes is null) y[n * k + label] = 1;
            else y[n] = label == classes[0] ? -1 : 1;
        }
        return new(d, k, x, y, classes is null ? LabelKind.OneHot : LabelKind.Signs);
    }

    /// <summary>How many points labels make, and how many outputs these have.</summary>
    /// <inheritdoc cref="Build"/>
    internal static (int Points, int Outputs) Shape(ByteArray labels, IReadOnlyList<int>? classes,
        int least = Digits) => (Chosen(labels, classes).Length, Outputs(labels, classes, least));

    /// <summary>Refuses squares that do not tile images of such sizes [image, ..., row, column].</summary>
    /// <exception cref="DataKeyException">They do not.</exception>
    internal static void CheckPool(int[] sizes, int pool)
    {
        if (pool > 1 && (sizes.Length < 3 || sizes[^2] % pool > 0 || sizes[^1] % pool > 0))
            throw new DataKeyException("pool", $"pool must divide the sides of the images, got {pool} for " +
                $"{string.Join(" x ", sizes.Skip(1).DefaultIfEmpty(1))}; use a divisor of both, or leave it out");
    }

    /// <summary>
    /// Means over squares, row by row, those of all channels below each other; sums of bytes are exact.
    /// </summary>
    private static void Pooled(ByteArray images, int image, int pool, Span<double> x)
    {
        var pixels = images.Values.AsSpan(image * images.ItemLength, images.ItemLength);
        var columns = images.Sizes[^1];
        for (var j = 0; j < x.Length; j++)
        {
            // Images without rows have one pixel a square.
            var (row, column) = (j / (columns / pool) * pool, j % (columns / pool) * pool);
            var sum = 0;
            for (var r = row; r < row + pool; r++)
                for (var c = column; c < column + pool; c++) sum += pixels[r * columns + c];
            x[j] = sum / (double)(pool * pool) / 127.5 - 1;
        }
    }

    private static int Outputs(ByteArray labels, IReadOnlyList<int>? classes, int least) =>
        classes is null ? Math.Max(least, labels.Values.Max() + 1) : 1;

    private static int[] Chosen(ByteArray labels, IReadOnlyList<int>? classes)
    {
        if (labels.Sizes.Length != 1)
            throw new InvalidDataException($"labels must be a list, these have {labels.Sizes.Length} dimensions");
        int[] chosen =
            [.. Enumerable.Range(0, labels.Count).Where(n => classes is null || classes.Contains(labels.Values[n]))];
        foreach (var missing in (classes ?? []).Where(c => !chosen.Any(n => labels.Values[n] == c)))
            throw new DataKeyException("classes", $"classes must be labels of images, no image has label {missing}; " +
                $"name others, the labels are {labels.Values.Min()} to {labels.Values.Max()}");
        return chosen;
    }
}
