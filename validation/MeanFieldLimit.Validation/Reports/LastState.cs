using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>The last good state of a run that did not reach its end, as arrays with names.</summary>
internal static class LastState
{
    /// <summary>t, and of an ensemble W_i [N_(i-1), N_i] and b_i [N_i]; of anything else its state as it is.</summary>
    internal static Dictionary<string, NumPyArray> Of(CellFailure failure, BiasMode biases)
    {
        var (state, sizes, at) = (failure.Run.State, failure.Sizes, 0);
        var arrays = new Dictionary<string, NumPyArray> { ["t"] = new([], [failure.Run.Time]) };
        if (sizes.Count == 0) Add("state", state.Length);
        for (var i = 1; i < sizes.Count; i++)
        {
            Add($"W_{i}", sizes[i - 1], sizes[i]);
            if (biases != BiasMode.None) Add($"b_{i}", sizes[i]);
        }
        return arrays;

        void Add(string name, params int[] shape)
        {
            var next = at + shape.Aggregate(1, (a, b) => a * b);
            arrays[name] = new(shape, state[at..next]);
            at = next;
        }
    }
}
