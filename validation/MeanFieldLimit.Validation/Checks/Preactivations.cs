using System.Numerics.Tensors;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>The pre-activations of an ensemble on a few points.</summary>
internal static class Preactivations
{
    /// <summary>
    /// H_1, ..., H_L of a state, each [point, neuron]: H_i = b_i + sum_c p_{i-1}(c) w_i(c, .) s_{i-1}(H_{i-1}(., c)).
    /// </summary>
    internal static double[][] Of(Ensemble ensemble, ReadOnlySpan<double> state, Dataset data)
    {
        var layers = new double[ensemble.Depth][];
        var below = data.X;
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            var w = ensemble.Weights(state, i);
            var masses = ensemble.Masses(i - 1);
            var h = new double[data.Count * w.Columns];
            for (var n = 0; n < data.Count; n++)
            {
                var row = h.AsSpan(n * w.Columns, w.Columns);
                ensemble.Biases(state, i).CopyTo(row);
                for (var c = 0; c < w.Rows; c++)
                    TensorPrimitives.MultiplyAdd(w.Data.Slice(c * w.Stride, w.Columns),
                        masses[c] * below[n * w.Rows + c], row, row);
            }
            layers[i - 1] = h;
            below = new double[h.Length];
            ensemble.Architecture.Activations[i - 1].Apply(h, below);
        }
        return layers;
    }
}
