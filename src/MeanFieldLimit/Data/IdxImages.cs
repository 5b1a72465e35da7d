namespace MeanFieldLimit.Data;

/// <summary>Images and labels of IDX files as a data set.</summary>
internal static class IdxImages
{
    private const int MostLabels = 10;

    /// <summary>
    /// Pixels scaled from 0..255 to [-1, 1]; labels one-hot over 0..9 (or 0..largest label, if that is larger),
    /// or with two <paramref name="classes"/> only those images, y = -1 for the first and +1 for the second.
    /// </summary>
    /// <exception cref="InvalidDataException">The files do not belong together, a class has no image, or the points
    /// exceed one array.</exception>
    public static Dataset Build(IdxFile images, IdxFile labels, IReadOnlyList<int>? classes)
    {
        if (images.Count != labels.Count)
            throw new InvalidDataException($"images and labels must be as many, got {images.Count} and {labels.Count}");
        var (d, chosen, k) = (images.ItemLength, Chosen(labels, classes), Outputs(labels, classes));
        if ((long)chosen.Length * Math.Max(d, k) > Array.MaxLength)
            throw new InvalidDataException($"points must fit into one array of {Array.MaxLength} numbers, got " +
                $"{chosen.Length} images x {d} pixels and {k} outputs");
        double[] x = new double[chosen.Length * d], y = new double[chosen.Length * k];
        for (var n = 0; n < chosen.Length; n++)
        {
            for (var j = 0; j < d; j++) x[n * d + j] = images.Values[chosen[n] * d + j] / 127.5 - 1;
            var label = labels.Values[chosen[n]];
            if (classes is null) y[n * k + label] = 1;
            else y[n] = label == classes[0] ? -1 : 1;
        }
        return new(d, k, x, y, classes is null ? LabelKind.OneHot : LabelKind.Signs);
    }

    /// <summary>How many points labels make, and how many outputs these have.</summary>
    /// <inheritdoc cref="Build"/>
    internal static (int Points, int Outputs) Shape(IdxFile labels, IReadOnlyList<int>? classes) =>
        (Chosen(labels, classes).Length, Outputs(labels, classes));

    private static int Outputs(IdxFile labels, IReadOnlyList<int>? classes) =>
        classes is null ? Math.Max(MostLabels, labels.Values.Max() + 1) : 1;

    private static int[] Chosen(IdxFile labels, IReadOnlyList<int>? classes)
    {
        if (labels.Sizes.Length != 1)
            throw new InvalidDataException($"labels must be a list, these have {labels.Sizes.Length} dimensions");
        int[] chosen =
            [.. Enumerable.Range(0, labels.Count).Where(n => classes is null || classes.Contains(labels.Values[n]))];
        foreach (var missing in (classes ?? []).Where(c => !chosen.Any(n => labels.Values[n] == c)))
            throw new InvalidDataException($"no image has label {missing}; the labels are 0 to {labels.Values.Max()}");
        return chosen;
    }
}
