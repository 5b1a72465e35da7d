using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Limits;

/// <summary>The neurons of a limit on its way, as arrays with names.</summary>
internal static class LimitNeurons
{
    /// <summary>What <see cref="LimitSolution.Neurons"/> describes.</summary>
    /// <param name="start">The neurons.</param>
    /// <param name="times">S times.</param>
    /// <param name="states">Their states then.</param>
    internal static Dictionary<string, NumPyArray> At(Ensemble start, double[] times, IReadOnlyList<double[]> states)
    {
        var arrays = new Dictionary<string, NumPyArray> { ["t"] = new([times.Length], times) };
        for (var i = 1; i <= start.Depth; i++)
        {
            if (i < start.Depth) arrays[$"masses_{i}"] = new([start.Size(i)], start.Masses(i).ToArray());
            if (i <= start.Types.Count && start.Types[i - 1] is var types)
                arrays[$"types_{i}"] = new([types.Count, types.Dimension], types.Points);
            arrays[$"W_{i}"] = new([times.Length, start.Rows(i), start.Size(i)],
                [.. states.SelectMany(state => start.Weights(state, i).Data.ToArray())]);
            if (start.HasBiases)
                arrays[$"b_{i}"] = new([times.Length, start.Size(i)],
                    [.. states.SelectMany(state => start.Biases(state, i).ToArray())]);
        }
        return arrays;
    }
}
