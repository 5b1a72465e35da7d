using MeanFieldLimit.Data;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>What kernels ask of activations and weights, known from the variances of pre-activations alone.</summary>
internal static class KernelCheck
{
    /// <summary>Refuses activations without second moments at one of the points, and outputs without.</summary>
    internal static Refusal? Refuse(Dataset points, IReadOnlyList<KernelLayer> layers)
    {
        var rule = new HermiteRule(MehlerSeries.Reach, MehlerSeries.FewestNodes);
        var d = points.Inputs;
        double[] variances = [.. Enumerable.Range(0, points.Count).Select(n => layers[0].Biases + layers[0].Weights
            * TensorPrimitives.Dot<double>(points.X.AsSpan(n * d, d), points.X.AsSpan(n * d, d)))];
        foreach (var (l, layer) in layers.Skip(1).Index())
            for (var n = 0; n < variances.Length; n++)
            {
                var (square, isFinite) = layer.Activation is IClosedPairs closed
                    ? (closed.Over(variances[n], variances[n], variances[n]).Products, true)
                    : rule.Moment(layer.Activation!, variances[n]);
                if (!isFinite)
                    return new($"$.network.layers[{l}].activation", "activation must have second moments under the " +
                        $"normal law of its pre-activations for a kernel, {layer.Activation!.Name} and its slope " +
                        $"have none within {MehlerSeries.Reach} standard deviations at the variance " +
                        $"{Number.Text(variances[n])} of point {n}; use another activation, or weights and biases of " +
                        "a smaller variance");
                variances[n] = layer.Weights * square + layer.Biases;
            }
        return Array.FindIndex(variances, v => !double.IsFinite(v)) is var bad and >= 0
            ? new($"$.network.layers[{layers.Count - 1}].weights", "outputs must have a finite variance for a " +
                $"kernel, got {variances[bad]} at point {bad}; use weights and biases of a smaller variance")
            : null;
    }
}
