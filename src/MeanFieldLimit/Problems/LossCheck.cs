using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>Whether the labels are what the loss is defined on, as far as the problem alone tells.</summary>
internal static class LossCheck
{
    internal static ProblemException? Refuse(LoadedProblem loaded)
    {
        var (loss, data) = (Catalogue.Find<ILoss>(loaded.Problem.Training.Loss), loaded.Problem.Data);
        return (loss.Labels, Outputs(data)) switch
        {
            (LabelKind.Signs, not (null or 1) and var outputs) => loaded.Error("$.training.loss",
                $"loss {loss.Name} must have one output with labels -1 and +1, got {outputs} outputs; " +
                $"{LabelRule.TwoClasses(data)}, or use softmax-cross-entropy"),
            (LabelKind.OneHot, < 2 and var outputs) => loaded.Error("$.training.loss",
                $"loss {loss.Name} must have 2 outputs or more, got {outputs}; " +
                "use one-hot labels (a CSV file may have one column of classes), or logistic with labels -1 and +1"),
            _ => (data as PointsData)?.Y.FirstRefusal((y, i) => LabelRule.Refuse(loss, data, [.. y]) is { } rule
                ? loaded.Error($"$.data.y[{i}]", rule)
                : null),
        };
    }

    // Null where only the data file tells.
    private static int? Outputs(DataSpec data) => data switch
    {
        PointsData points => points.Y[0].Count,
        // One column names classes, which only the file has.
        CsvData { Outputs: { Count: > 1 } columns } => columns.Count,
        IdxData { Classes: not null } or IsotropicData or SyntheticData => 1,
        _ => null,
    };
}
