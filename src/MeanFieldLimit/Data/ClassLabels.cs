namespace MeanFieldLimit.Data;

/// <summary>
/// Labels of a loss from classes that one column names: whole numbers, in increasing order, or names, in the order of
/// their characters. Signs: the first of two classes is -1 and the second +1. One-hot: class number k of K is e_k.
/// </summary>
/// <param name="Y">[point, K].</param>
/// <param name="Outputs">K, 1 for signs.</param>
/// <param name="Mapping">What became of the classes, in words; null of labels that were signs already.</param>
internal sealed record ClassLabels(double[] Y, int Outputs, string? Mapping)
{
    private const int Most = 1000, Shown = 10;

    /// <exception cref="InvalidDataException">The classes do not suit the loss.</exception>
    internal static ClassLabels Of(IReadOnlyList<string> labels, string what, LabelKind kind)
    {
        string[] distinct = [.. labels.Distinct()];
        var numbers = distinct.All(text => Number(text) is not null);
        if (numbers && distinct.FirstOrDefault(text => Number(text) % 1 != 0) is { } real)
            throw new InvalidDataException(
                $"{what} must have classes, whole numbers or names, got the number {real}");
        // As numbers 1 and 1.0 are one class.
        string Name(string text) => numbers ? Number(text)!.Value.ToString("R", CultureInfo.InvariantCulture) : text;
        string[] classes = [.. numbers ? distinct.Select(Name).Distinct().OrderBy(Number)
            : distinct.Order(StringComparer.Ordinal)];
        if (classes.Contains("")) throw new InvalidDataException($"{what} must have a class in every line");
        if (kind == LabelKind.Signs)
            return classes.All(c => c is "-1" or "1")
                ? new([.. labels.Select(text => Number(text)!.Value)], 1, null)
                : new([.. labels.Select(text => Name(text) == Two(classes, what)[0] ? -1.0 : 1)], 1,
                    $"class {classes[0]} is -1, class {classes[1]} is +1");
        if (classes.Length is < 2 or > Most)
            throw new InvalidDataException($"{what} must have 2 to {Most} classes, got {classes.Length}");
        if ((long)labels.Count * classes.Length > Array.MaxLength)
            throw new InvalidDataException($"points must fit into one array of {Array.MaxLength} numbers, got " +
                $"{labels.Count} of {classes.Length} classes");
        var index = classes.Select((name, k) => (name, k)).ToDictionary(c => c.name, c => c.k);
        var y = new double[labels.Count * classes.Length];
        for (var n = 0; n < labels.Count; n++) y[n * classes.Length + index[Name(labels[n])]] = 1;
        return new(y, classes.Length, $"classes in the order of the outputs: {List(classes)}");
    }

    private static string[] Two(string[] classes, string what) => classes.Length == 2 ? classes
        : throw new InvalidDataException($"{what} must have two classes for the loss logistic, got " +
            $"{classes.Length}: {List(classes)}; keep two, or use the loss softmax-cross-entropy");

    private static string List(string[] classes) =>
        string.Join(", ", classes.Take(Shown)) + (classes.Length > Shown ? ", ..." : "");

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value : null;
}
