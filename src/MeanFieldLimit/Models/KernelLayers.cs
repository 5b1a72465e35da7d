using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Kernels;

namespace MeanFieldLimit.Models;

/// <summary>The layers of a model as kernels take them.</summary>
internal static class KernelLayers
{
    /// <summary>
    /// Variances of the laws, in the output layer times sigma*^2 d*, and learning rates at time 0.
    /// </summary>
    internal static IReadOnlyList<KernelLayer> Of(Model model)
    {
        var (embedding, scaling) = (model.Embedding, model.Embedding.Scaling);
        var (architecture, depth) = (embedding.Architecture, embedding.Architecture.Depth);
        return [.. Enumerable.Range(1, depth).Select(i =>
        {
            var (weights, biases) = (Variance(embedding.Laws[i - 1].Weights), Variance(embedding.Laws[i - 1].Biases));
            // Hidden sums have the same factor as the last one: sigma* sqrt(d*) is 1 where networks are plain.
            if (i > 1 && scaling is not null) weights *= scaling.Factor * scaling.Factor * scaling.Reference;
            var rate = model.Schedules[i - 1].At(0);
            return new KernelLayer(i == 1 ? null : architecture.Activations[i - 2], weights,
                architecture.Biases == BiasMode.None ? 0 : biases)
            {
                WeightRate = rate,
                BiasRate = architecture.Biases == BiasMode.Trained ? rate : 0,
            };
        })];
    }

    private static double Variance(ILaw law) => law.StandardDeviation * law.StandardDeviation;
}
