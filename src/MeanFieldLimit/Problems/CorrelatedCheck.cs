using MeanFieldLimit.Embeddings.Means;

namespace MeanFieldLimit.Problems;

/// <summary>What correlated weights ask of the layers.</summary>
internal static class CorrelatedCheck
{
    // Draws, 40 at most, times coordinates.
    private const double MostTerms = 1e8;

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
        if (correlated.Mean is RandomFeaturesMean { Frequency: var frequency }) CheckFeatures(loaded, frequency);
        if (correlated.Mean is GaussianKernelMean { Length: var length }
            && !GaussianKernel.IsVaried(length, correlated.Latent))
            throw loaded.Error("$.network.embedding.mean.length",
                "length must leave the kernel a variance, " +
                $"got {Number.Text(length)} for {correlated.Latent} latents: " +
                "it is the same for almost all pairs of neurons; " +
                $"use about {Math.Sqrt(2 * correlated.Latent):G3}, or fewer latents");
    }

    /// <summary>
    /// The cosines are functions of standardised coordinates, frequency (w - mean) / std: both terms must be finite.
    /// </summary>
    private static void CheckFeatures(LoadedProblem loaded, double frequency)
    {
        var layers = loaded.Problem.Network.Layers;
        for (var i = 0; i < layers.Count; i++)
            foreach (var (law, key) in new[] { (layers[i].Weights, "weights"), (layers[i].Bias, "bias") })
            {
                // Weights between hidden layers are no coordinates of a type.
                if (law is null || (key == "weights" && i > 0 && i < layers.Count - 1)) continue;
                if (NetworkCheck.Moments(law) is not (var mean, > 0 and var std)) continue;
                if (!(MostTerms * frequency * (1 + Math.Abs(mean) / std) < double.MaxValue)
                    || !double.IsFinite(MostTerms * frequency / std))
                    throw loaded.Error($"$.network.layers[{i}].{key}", "a law must not be that narrow while the " +
                        $"embedding is correlated with random features of frequency {Number.Text(frequency)}, got " +
                        $"the mean {Number.Text(mean)} and the standard deviation {Number.Text(std)}: the features " +
                        "are not finite; use the law constant, or a wider one");
            }
    }
}
