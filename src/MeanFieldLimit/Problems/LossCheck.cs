using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>Whether the labels are what the loss is defined on, as far as the problem alone tells.</summary>
internal static class LossCheck
{
    internal static void Check(LoadedProblem loaded)
    {
        var (loss, data) = (Catalogue.Find<ILoss>(loaded.Problem.Training.Loss), loaded.Problem.Data);
        if (Outputs(data) is { } outputs)
        {
            if (loss.Labels == LabelKind.Signs && outputs != 1)
                throw loaded.Error("$.training.loss",
                    $"loss {loss.Name} must have one output with labels -1 and +1, got {outputs} outputs; " +
                    $"{LabelRule.TwoClasses(data)}, or use softmax-cross-entropy");
            if (loss.Labels == LabelKind.OneHot && outputs < 2)
                throw loaded.Error("$.training.loss",
                    $"loss {loss.Name} must have 2 outputs or more, got {outputs}; " +
                    "use one-hot labels (a CSV file may have one column of classes), or logistic with labels -1 " +
                    "and +1");
        }
        if (data is not PointsData points) return;
        for (var i = 0; i < points.Y.Count; i++)
            if (LabelRule.Refuse(loss, data, [.. points.Y[i]]) is { } rule) throw loaded.Error($"$.data.y[{i}]", rule);
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
