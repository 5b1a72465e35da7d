using MeanFieldLimit.Embeddings.Means;

namespace MeanFieldLimit.Problems;

/// <summary>What correlated weights ask of the layers.</summary>
internal static class CorrelatedCheck
{
    // Draws, 40 at most, times coordinates.
    private const double MostTerms = 1e8;

    internal static ProblemException? Refuse(LoadedProblem loaded, CorrelatedSpec correlated) =>
        RefuseLayers(loaded, loaded.Problem.Network.Layers) ?? correlated.Mean switch
        {
            RandomFeaturesMean { Frequency: var frequency } =>
                loaded.Problem.Network.Layers.FirstRefusal((layer, i) => RefuseFeatures(loaded, frequency, layer, i)),
            GaussianKernelMean { Length: var length } when !GaussianKernel.IsVaried(length, correlated.Latent) =>
                loaded.Error("$.network.embedding.mean.length",
                "length must leave the kernel a variance, " +
                $"got {Number.Text(length)} for {correlated.Latent} latents: " +
                "it is the same for almost all pairs of neurons; " +
                $"use about {Math.Sqrt(2 * correlated.Latent):G3}, or fewer latents"),
            _ => null,
        };

    private static ProblemException? RefuseLayers(LoadedProblem loaded, IReadOnlyList<LayerSpec> layers) =>
        layers.Count < 3
            ? loaded.Error("$.network.embedding.kind",
                $"correlated must have weights between hidden layers, got {layers.Count} layers in all; " +
                "add a hidden layer, or use iid")
            : layers.SkipLast(1).FirstRefusal((layer, i) => i == 0 || layer.Weights is GaussianLaw or ConstantLaw
                ? null
                : loaded.Error($"$.network.layers[{i}].weights.law",
                    "law must be gaussian or constant between hidden layers while the embedding is correlated, " +
                    $"got {(layer.Weights is UniformLaw ? "uniform" : "rademacher")}; " +
                    "give a mean and a std, or use iid"));

    /// <summary>
    /// The cosines are functions of standardised coordinates, frequency (w - mean) / std: both terms must be finite.
    /// </summary>
    private static ProblemException? RefuseFeatures(LoadedProblem loaded, double frequency, LayerSpec layer, int i)
    {
        // Weights between hidden layers are no coordinates of a type.
        var isCoordinate = i == 0 || i == loaded.Problem.Network.Layers.Count - 1;
        return (isCoordinate ? Refuse(layer.Weights, "weights") : null) ?? Refuse(layer.Bias, "bias");

        ProblemException? Refuse(LawSpec? law, string key) =>
            law?.Build() is not { Mean: var mean, StandardDeviation: > 0 and var std }
            || (MostTerms * frequency * (1 + Math.Abs(mean) / std) < double.MaxValue
                && double.IsFinite(MostTerms * frequency / std))
                ? null
                : loaded.Error($"$.network.layers[{i}].{key}", "a law must not be that narrow while the " +
                    $"embedding is correlated with random features of frequency {Number.Text(frequency)}, got " +
                    $"the mean {Number.Text(mean)} and the standard deviation {Number.Text(std)}: the features " +
                    "are not finite; use the law constant, or a wider one");
    }
}
