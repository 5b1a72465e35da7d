using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>What labels a loss is defined on.</summary>
internal static class LabelRule
{
    private const double RoundOff = 1e-9;
    private const int Shown = 10;

    /// <summary>
    /// Rule, value and remedy where the labels <paramref name="y"/> of a point do not suit the loss; otherwise null.
    /// </summary>
    internal static string? Refuse(ILoss loss, DataSpec data, ReadOnlySpan<double> y) => loss.Labels switch
    {
        LabelKind.Signs when y.Length != 1 || y[0] is not (-1 or 1) =>
            $"labels must be -1 or +1 for the loss {loss.Name}, got [{Text(y)}]; " +
                $"{TwoClasses(data)}, or use another loss",
        LabelKind.OneHot when !AreProbabilities(y) =>
            $"labels must be probabilities of 2 or more classes that sum to 1 for the loss {loss.Name}, " +
                $"got [{Text(y)}]; use one-hot rows, or another loss",
        _ => null,
    };

    /// <summary>How data of a kind comes to the labels -1 and +1: a remedy.</summary>
    internal static string TwoClasses(DataSpec data) => data switch
    {
        IdxData => "name two classes in data.classes",
        CsvData => "name one column of two classes in data.outputs",
        PointsData => "write -1 and +1 in data.y",
        _ => "use data with two classes",
    };

    private static bool AreProbabilities(ReadOnlySpan<double> y) => y.Length >= 2
        && TensorPrimitives.Min(y) >= 0 && Math.Abs(TensorPrimitives.Sum(y) - 1) <= RoundOff;

    private static string Text(ReadOnlySpan<double> y) =>
        string.Join(", ", y[..Math.Min(Shown, y.Length)].ToArray().Select(v => Number.Text(v)));
}
