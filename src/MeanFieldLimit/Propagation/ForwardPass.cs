using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Propagation;

/// <summary>Pre-activations H_i(x, c) of all neurons, tracers included, on at most so many data points.</summary>
public sealed class ForwardPass
{
    private readonly Passes passes;
    private int points;

    /// <summary>Those of an ensemble, on at most <paramref name="capacity"/> points.</summary>
    public ForwardPass(Ensemble ensemble, IMatrixEngine engine, int capacity)
        : this(new(ensemble, engine, capacity), 0) { }

    /// <summary>What the passes of another hold, on so many points.</summary>
    internal ForwardPass(Passes passes, int points) => (this.passes, this.points) = (passes, points);

    /// <summary>Passes so many points of the data, from a first one on, through the ensemble in a state.</summary>
    public void Pass(ReadOnlySpan<double> state, Dataset data, int first, int count)
    {
        passes.Forward(state, data.X.AsSpan(first * data.Inputs, count * data.Inputs), count);
        points = count;
    }

    /// <summary>H_i of the last pass, [point, neuron], i = 1..L.</summary>
    public ReadOnlyMatrixView Of(int layer) => passes.Preactivations(layer, points);
}
