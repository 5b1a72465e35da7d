using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>Training points of which a share has a random class.</summary>
internal static class CorruptedLabels
{
    /// <summary>
    /// The data with <c>data.corrupted</c>: of n training points round(share n) have a class drawn with equal chances,
    /// which may be their own. A larger share takes the same points and others. Test points keep their labels.
    /// </summary>
    /// <exception cref="ProblemException">The labels are no classes.</exception>
    internal static ExperimentData Of(LoadedProblem loaded, ExperimentData data)
    {
        var (share, points) = (loaded.Problem.Data.Corrupted, data.Train);
        if (share == 0) return data;
        if (points.Labels == LabelKind.Real)
            throw loaded.Error("$.data.corrupted", "labels must be classes to be replaced by random ones, those of " +
                $"{Names.OfKind(loaded.Problem.Data)} under {loaded.Problem.Training.Loss} are numbers, got a share of " +
                $"{Number.Text(share)}; use idx or cifar, or the loss logistic or softmax-cross-entropy");
        var seed = (ulong)loaded.Problem.Seed;
        var keys = new double[points.Count];
        Streams.Corruption(seed, 0).FillUniform(0, keys);
        var order = Enumerable.Range(0, points.Count).ToArray();
        Array.Sort(keys, order);
        var (y, classes, changed) = ((double[])points.Y.Clone(), Streams.Corruption(seed, 1), 0);
        foreach (var n in order.AsSpan(0, (int)Math.Round(share * points.Count)))
        {
            var label = y.AsSpan(n * points.Outputs, points.Outputs);
            if (points.Labels == LabelKind.Signs) label[0] = 2 * classes.Below((ulong)n, 2) - 1;
            else
            {
                label.Clear();
                label[classes.Below((ulong)n, points.Outputs)] = 1;
            }
            if (!label.SequenceEqual(points.Label(n))) changed++;
        }
        var train = new Dataset(points.Inputs, points.Outputs, points.X, y, points.Labels,
            points.HasEqualMasses ? null : points.Masses);
        var found = $"random classes in place of {Number.Text(share)} of the training labels changed {changed} of " +
            $"{points.Count}";
        return data with
        {
            Train = train,
            Source = new EmpiricalSource(train),
            Found = data.Found is { } other ? $"{other}; {found}" : found,
        };
    }
}
