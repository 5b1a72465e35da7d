using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Validation.Coupling;

/// <summary>
/// The pathwise gap of one layer at a save time: the parameters of a network minus those of its neurons riding along
/// with the limit as tracers, w_i(j, j') - w_i(t, C(j), C(j')) and b_i(j') - b_i(t, C(j')) (the coupling theorem of
/// Nguyen and Pham 2020).
/// </summary>
/// <param name="WeightsMax">The largest absolute value over the entries of W_i.</param>
/// <param name="WeightsL2">The root of their mean square.</param>
/// <param name="BiasesMax">The largest absolute value over b_i; 0 without biases.</param>
/// <param name="BiasesL2">The root of their mean square; 0 without biases.</param>
public readonly record struct LayerGap(double WeightsMax, double WeightsL2, double BiasesMax, double BiasesL2);

/// <summary>The pathwise gaps of all layers at one save time.</summary>
/// <param name="Layers">Layers 1..L.</param>
public sealed record ParameterGap(IReadOnlyList<LayerGap> Layers)
{
    /// <summary>The largest entry of all layers.</summary>
    public double Max => Layers.Max(l => Math.Max(l.WeightsMax, l.BiasesMax));

    /// <summary>sqrt(sum over layers of the mean squares of W_i and b_i).</summary>
    public double L2 => Math.Sqrt(Layers.Sum(l => l.WeightsL2 * l.WeightsL2 + l.BiasesL2 * l.BiasesL2));

    /// <summary>The gap between a state of a network and one of the limit that carries the network's neurons as tracers.</summary>
    public static ParameterGap Between(Ensemble network, ReadOnlySpan<double> state, Ensemble traced, ReadOnlySpan<double> tracedState)
    {
        var layers = new LayerGap[network.Depth];
        for (var i = 1; i <= network.Depth; i++)
        {
            // Tracers are the last neurons of hidden layers; inputs and outputs are common.
            var w = network.Weights(state, i);
            var all = traced.Weights(tracedState, i);
            var tracers = all.Block(all.Rows - w.Rows, all.Columns - w.Columns, w.Rows, w.Columns);
            double max = 0, squares = 0;
            for (var c = 0; c < w.Rows; c++)
                Add(w.Data.Slice(c * w.Stride, w.Columns), tracers.Data.Slice(c * tracers.Stride, w.Columns), ref max, ref squares);
            var b = network.Biases(state, i);
            double biasMax = 0, biasSquares = 0;
            Add(b, traced.Biases(tracedState, i)[^b.Length..], ref biasMax, ref biasSquares);
            layers[i - 1] = new(max, Math.Sqrt(squares / ((double)w.Rows * w.Columns)), biasMax, Math.Sqrt(biasSquares / Math.Max(1, b.Length)));
        }
        return new(layers);
    }

    private static void Add(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ref double max, ref double squares)
    {
        for (var j = 0; j < a.Length; j++)
        {
            var difference = a[j] - b[j];
            max = Math.Max(max, Math.Abs(difference));
            squares += difference * difference;
        }
    }
}
