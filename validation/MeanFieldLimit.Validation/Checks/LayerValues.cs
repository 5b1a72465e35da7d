namespace MeanFieldLimit.Validation.Checks;

/// <summary>The pre-activations of all layers on a few points.</summary>
internal static class LayerValues
{
    /// <summary>H_1, ..., H_L of a state, each [point, neuron].</summary>
    internal static double[][] Of(Ensemble ensemble, ReadOnlySpan<double> state, Dataset data)
    {
        var pass = new ForwardPass(ensemble, new ManagedEngine(threads: 1), data.Count);
        pass.Pass(state, data, 0, data.Count);
        return [.. Enumerable.Range(1, ensemble.Depth).Select(i => pass.Of(i).Data.ToArray())];
    }
}
