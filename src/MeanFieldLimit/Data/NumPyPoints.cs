namespace MeanFieldLimit.Data;

/// <summary>Arrays of NumPy as a data set.</summary>
/// <param name="Points">The data set.</param>
/// <param name="Masses">Those of the points, at least 0; null where none were asked for.</param>
/// <param name="Test">Points to test on, where these were given.</param>
/// <param name="Found">The shapes that were found, and what became of classes, in words.</param>
internal sealed record NumPyPoints(Dataset Points, IReadOnlyList<double>? Masses, Dataset? Test, string Found)
{
    /// <summary>
    /// The first index is that of the point, all others make its coordinates, outputs or mass. Where
    /// <paramref name="labels"/> are no real numbers, one output names classes, the same to train and to test on: see
    /// <see cref="ClassLabels"/>.
    /// </summary>
    /// <param name="train">Inputs and outputs.</param>
    /// <param name="masses">Those of the points.</param>
    /// <param name="test">Inputs and outputs of points to test on, or nothing.</param>
    /// <param name="labels">What the loss takes outputs for.</param>
    /// <exception cref="DataKeyException">A value does not suit; shapes are known to.</exception>
    /// <exception cref="InvalidDataException">The classes do not suit the loss.</exception>
    internal static NumPyPoints Build(NumPyArray[] train, NumPyArray? masses, NumPyArray[] test, LabelKind labels)
    {
        CheckValues(train[0], "inputs");
        CheckValues(train[1], "outputs");
        if (masses is not null) CheckValues(masses, "masses", least: 0);
        if (test.Length > 0) CheckValues(test[0], "inputsTest");
        if (test.Length > 0) CheckValues(test[1], "outputsTest");
        var shape = train[1].Shape;
        double[] y = test.Length > 0 ? [.. train[1].Values, .. test[1].Values] : train[1].Values;
        var classes = labels == LabelKind.Real || Length(shape) > 1 ? new(y, Length(shape), null)
            : ClassLabels.Of([.. y.Select(v => v.ToString("R", CultureInfo.InvariantCulture))], "outputs", labels);
        var end = shape[0] * classes.Outputs;
        return new(Points(train[0], classes.Y[..end]), masses?.Values,
            test.Length > 0 ? Points(test[0], classes.Y[end..]) : null,
            $"inputs {NumPyHeader.Text(train[0].Shape)}, outputs {NumPyHeader.Text(shape)}" +
            (test.Length > 0 ? $", inputsTest {NumPyHeader.Text(test[0].Shape)}" : "") +
            (classes.Mapping is null ? "" : $"; {classes.Mapping}"));

        Dataset Points(NumPyArray x, double[] outputs) =>
            new(Length(x.Shape), classes.Outputs, x.Values, outputs, labels);
    }

    /// <summary>Numbers of a point.</summary>
    internal static int Length(IReadOnlyList<int> shape) => shape.Skip(1).Aggregate(1, (a, b) => a * b);

    /// <summary>Refuses shapes that are not those of so many points, test points like those to train on.</summary>
    /// <exception cref="DataKeyException">They are not.</exception>
    internal static void CheckShape(IReadOnlyList<int> shape, string key, int? points = null,
        IReadOnlyList<int>? like = null)
    {
        if (shape.Count == 0 || shape[0] == 0 || Length(shape) == 0)
            throw new DataKeyException(key, $"{key} must have one point or more of one number or more, got the shape " +
                $"{NumPyHeader.Text(shape)}; name another array");
        if (points is { } count && shape[0] != count)
            throw new DataKeyException(key, $"{key} must have one entry per point of " +
                $"{(like is null ? "inputs" : "inputsTest")}, got {shape[0]} for {count}; name another array");
        if (like is not null && Length(shape) != Length(like))
            throw new DataKeyException(key, $"{key} must have as many numbers per point as those to train on, got " +
                $"{Length(shape)} for {Length(like)}; name another array");
        if (key == "masses" && Length(shape) > 1)
            throw new DataKeyException(key, "masses must have one number per point, got the shape " +
                $"{NumPyHeader.Text(shape)}; name another array");
    }

    private static void CheckValues(NumPyArray array, string key, double least = double.NegativeInfinity)
    {
        var bad = Array.FindIndex(array.Values, v => !(double.IsFinite(v) && v >= least));
        if (bad < 0) return;
        var index = new int[array.Shape.Count];
        for (int j = index.Length - 1, left = bad; j >= 0; left /= array.Shape[j--]) index[j] = left % array.Shape[j];
        throw new DataKeyException(key, $"{key} must be finite{(least == 0 ? " and not negative" : "")}, got " +
            $"{array.Values[bad]} at [{string.Join(", ", index)}]; leave the point out, or mend the array");
    }
}
