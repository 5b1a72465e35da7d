using MeanFieldLimit.Embeddings.Means;

namespace MeanFieldLimit.Problems;

/// <summary>What correlated weights ask of the layers.</summary>
internal static class CorrelatedCheck
{
    internal static void Check(LoadedProblem loaded, CorrelatedSpec correlated)
    {
        var layers = loaded.Problem.Network.Layers;
        if (layers.Count < 3)
            throw loaded.Error("$.network.embedding.kind",
                $"correlated must have weights between hidden layers, got {layers.Count} layers in all; " +
                "add a hidden layer, or use iid");
        for (var i = 1; i < layers.Count - 1; i++)
            if (layers[i].Weights is not (GaussianLaw or ConstantLaw))
                throw loaded.Error($"$.network.layers[{i}].weights.law",
                    "law must be gaussian or constant between hidden layers while the embedding is correlated, " +
                    $"got {(layers[i].Weights is UniformLaw ? "uniform" : "rademacher")}; " +
                    "give a mean and a std, or use iid");
        if (correlated.Mean is GaussianKernelMean { Length: var length }
            && !GaussianKernel.IsVaried(length, correlated.Latent))
            throw loaded.Error("$.network.embedding.mean.length",
                "length must leave the kernel a variance, " +
                $"got {Number.Text(length)} for {correlated.Latent} latents: " +
                "it is the same for almost all pairs of neurons; " +
                $"use about {Math.Sqrt(2 * correlated.Latent):G3}, or fewer latents");
    }
}
