using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>Pre-activations H_i(x, c) of all neurons, tracers included, on at most so many data points.</summary>
public sealed class ForwardPass(Ensemble ensemble, IMatrixEngine engine, int capacity)
{
    private readonly Passes passes = new(ensemble, engine, capacity);
    private int points;

    /// <summary>Passes so many points of the data, from a first one on, through the ensemble in a state.</summary>
    public void Pass(ReadOnlySpan<double> state, Dataset data, int first, int count)
    {
        passes.Forward(state, data.X.AsSpan(first * data.Inputs, count * data.Inputs), count);
        points = count;
    }

    /// <summary>H_i of the last pass, [point, neuron], i = 1..L.</summary>
    public ReadOnlyMatrixView Of(int layer) => passes.Preactivations(layer, points);
}
