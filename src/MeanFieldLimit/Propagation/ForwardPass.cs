using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>The pre-activations H_i(x, c) of all neurons of an ensemble, tracers included, on data points.</summary>
public sealed class ForwardPass
{
    private readonly Passes passes;
    private int points;

    /// <summary>
    /// Those of <paramref name="ensemble"/>, for at most <paramref name="capacity"/> points at a time.
    /// </summary>
    public ForwardPass(Ensemble ensemble, IMatrixEngine engine, int capacity) =>
        passes = new(ensemble, engine, capacity);

    /// <summary>
    /// Passes points first, ..., first + count - 1 of the data through the ensemble in the given state.
    /// </summary>
    public void Pass(ReadOnlySpan<double> state, Dataset data, int first, int count)
    {
        passes.Forward(state, data.X.AsSpan(first * data.Inputs, count * data.Inputs), count);
        points = count;
    }

    /// <summary>H_i of the last pass, [point, neuron], i = 1..L.</summary>
    public ReadOnlyMatrixView Of(int layer) => passes.Preactivations(layer, points);
}
