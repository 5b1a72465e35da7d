using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Propagation;

/// <summary>
/// The tangent kernel of an ensemble in a state, of finite networks and limits alike: with rates xi_i and D_i the
/// derivative of output k by H_i over the masses of layer i, Theta(x, x') = sum_i xi_i (sum_c p_{i-1}(c) s(H_{i-1}(x,
/// c)) s(H_{i-1}(x', c)) + 1) (sum_c p_i(c) D_i(x, c) D_i(x', c)), the 1 for trained biases, the mean over outputs k:
/// under the flow df(x)/dt = -E_P[Theta(x, x') l'(f(x'))] for one output.
/// </summary>
public static class TangentKernel
{
    /// <summary>Theta [point, point].</summary>
    /// <param name="ensemble">The ensemble, in which layers above the first are weighted sums.</param>
    /// <param name="state">Its state.</param>
    /// <param name="data">The points.</param>
    /// <param name="rates">xi_1..xi_L before the factors of a scaling.</param>
    /// <param name="engine">Matrix products.</param>
    /// <exception cref="ArgumentException">A layer is no weighted sum.</exception>
    public static double[] Of(Ensemble ensemble, ReadOnlySpan<double> state, Dataset data, IReadOnlyList<double> rates,
        IMatrixEngine engine)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(data);
        if (ensemble.Architecture.Interactions.Any(i => i is not WeightedSum))
            throw new ArgumentException("tangent kernels are those of weighted sums", nameof(ensemble));
        var (n, depth, outputs) = (data.Count, ensemble.Depth, data.Outputs);
        var passes = new Passes(ensemble, engine, n);
        passes.Forward(state, data.X, n);
        var theta = Arrays.New("a tangent kernel", n, n);
        double[] sources = new double[theta.Length], signals = new double[theta.Length];
        for (var k = 0; k < outputs; k++)
        {
            passes.BackwardOf(k, state, data.X, n);
            for (var i = 1; i <= depth; i++)
            {
                var scale = ensemble.Scales.Count > 0 ? ensemble.Scales[i - 1] : new(1, 1, 1);
                Gram(passes.Activations(i - 1, data.X, n), i - 1, sources);
                Gram(passes.Signals(i, n), i, signals);
                TensorPrimitives.Multiply(sources, scale.WeightRate * rates[i - 1] / outputs, sources);
                if (ensemble.Architecture.Biases == BiasMode.Trained)
                    TensorPrimitives.Add(sources, scale.BiasRate * rates[i - 1] / outputs, sources);
                TensorPrimitives.MultiplyAdd(sources, signals, theta, theta);
            }
        }
        return theta;

        void Gram(ReadOnlyMatrixView a, int layer, double[] product)
        {
            var massive = a.Block(0, 0, n, ensemble.Massive(layer));
            engine.Multiply(1, massive.Plain, ensemble.Masses(layer)[..ensemble.Massive(layer)], massive.Transposed, 0,
                new(product, n, n));
        }
    }
}
