namespace MeanFieldLimit.Data;

/// <summary>Arrays of NumPy as a data set.</summary>
/// <param name="Points">The data set.</param>
/// <param name="Masses">Those of the points, at least 0; null where none were asked for.</param>
/// <param name="Found">The shapes that were found, and what became of classes, in words.</param>
internal sealed record NumPyPoints(Dataset Points, IReadOnlyList<double>? Masses, string Found)
{
    /// <summary>
    /// The first index is that of the point, all others make its coordinates, outputs or mass. Where
    /// <paramref name="labels"/> are no real numbers, one output names classes: see <see cref="ClassLabels"/>.
    /// </summary>
    /// <exception cref="DataKeyException">A value does not suit; shapes are known to.</exception>
    /// <exception cref="InvalidDataException">The classes do not suit the loss.</exception>
    internal static NumPyPoints Build(NumPyArray x, NumPyArray y, NumPyArray? masses, LabelKind labels)
    {
        CheckValues(x, "inputs");
        CheckValues(y, "outputs");
        if (masses is not null) CheckValues(masses, "masses", least: 0);
        var classes = labels == LabelKind.Real || Length(y.Shape) > 1 ? new(y.Values, Length(y.Shape), null)
            : ClassLabels.Of([.. y.Values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))], "outputs",
                labels);
        var found = $"inputs {NumPyHeader.Text(x.Shape)}, outputs {NumPyHeader.Text(y.Shape)}";
        return new(new(Length(x.Shape), classes.Outputs, x.Values, classes.Y, labels), masses?.Values,
            classes.Mapping is null ? found : $"{found}; {classes.Mapping}");
    }

    /// <summary>Numbers of a point.</summary>
    internal static int Length(IReadOnlyList<int> shape) => shape.Skip(1).Aggregate(1, (a, b) => a * b);

    /// <summary>Refuses shapes that are not those of so many points.</summary>
    /// <exception cref="DataKeyException">They are not.</exception>
    internal static void CheckShape(IReadOnlyList<int> shape, string key, int? points = null)
    {
        if (shape.Count == 0 || shape[0] == 0 || Length(shape) == 0)
            throw new DataKeyException(key, $"{key} must have one point or more of one number or more, got the shape " +
                $"{NumPyHeader.Text(shape)}; name another array");
        if (points is { } count && shape[0] != count)
            throw new DataKeyException(key, $"{key} must have one entry per point of inputs, got {shape[0]} for " +
                $"{count}; name another array");
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
