using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>Whether the labels are what the loss is defined on.</summary>
internal static class LabelCheck
{
    private const double RoundOff = 1e-9;
    private const int Shown = 10;

    /// <summary>As far as the problem alone tells.</summary>
    internal static Refusal? Refuse(Problem problem)
    {
        var (loss, data) = (Catalogue.Find<ILoss>(problem.Training.Loss), problem.Data);
        return (loss.Labels, Outputs(data)) switch
        {
            (LabelKind.Signs, not (null or 1) and var outputs) => new("$.training.loss",
                $"loss {loss.Name} must have one output with labels -1 and +1, got {outputs} outputs; " +
                $"{TwoClasses(data)}, or use softmax-cross-entropy"),
            (LabelKind.OneHot, < 2 and var outputs) => new("$.training.loss",
                $"loss {loss.Name} must have 2 outputs or more, got {outputs}; " +
                "use one-hot labels (a CSV file may have one column of classes), or logistic with labels -1 and +1"),
            _ => data is PointsData points ? RefuseAll(points.Y, "y") ?? RefuseAll(points.YTest ?? [], "yTest") : null,
        };

        Refusal? RefuseAll(IReadOnlyList<IReadOnlyList<double>> rows, string key) => rows.FirstRefusal((y, i) =>
            Refuse(loss, data, [.. y]) is { } rule ? new($"$.data.{key}[{i}]", rule) : null);
    }

    /// <summary>Rule, value and remedy where the labels <paramref name="y"/> of a point do not suit the loss.</summary>
    internal static string? Refuse(ILoss loss, DataSpec data, ReadOnlySpan<double> y) => loss.Labels switch
    {
        LabelKind.Signs when y is not [-1 or 1] =>
            $"labels must be -1 or +1 for the loss {loss.Name}, got [{Text(y)}]; " +
            $"{TwoClasses(data)}, or use another loss",
        LabelKind.OneHot when !AreProbabilities(y) =>
            $"labels must be probabilities of 2 or more classes that sum to 1 for the loss {loss.Name}, " +
            $"got [{Text(y)}]; use one-hot rows, or another loss",
        _ => null,
    };

    // Null where only the data file tells.
    private static int? Outputs(DataSpec data) => data switch
    {
        PointsData points => points.Y[0].Count,
        // One column names classes, which only the file has.
        CsvData { Outputs: { Count: > 1 } columns } => columns.Count,
        IImageFiles { Classes: not null } or IsotropicData or TexturesData or SyntheticData => 1,
        _ => null,
    };

    /// <summary>How data of a kind comes to the labels -1 and +1: a remedy.</summary>
    private static string TwoClasses(DataSpec data) => data switch
    {
        IImageFiles => "name two classes in data.classes",
        CsvData => "name one column of two classes in data.outputs",
        NumPyData => "name an array of one entry a point with two classes in data.outputs",
        PointsData => "write -1 and +1 in data.y",
        _ => "use data with two classes",
    };

    private static bool AreProbabilities(ReadOnlySpan<double> y) => y.Length >= 2
        && TensorPrimitives.Min(y) >= 0 && Math.Abs(TensorPrimitives.Sum(y) - 1) <= RoundOff;

    private static string Text(ReadOnlySpan<double> y) =>
        string.Join(", ", y[..Math.Min(Shown, y.Length)].ToArray().Select(v => Number.Text(v)));
}
