using MeanFieldLimit.Embeddings.Means;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of the network that span keys, and the type rules that must match its layers.</summary>
internal static class NetworkCheck
{
    // Sums over coordinates of values up to 40 standard deviations from the mean stay finite, and cosines of them.
    private const double MostDeviations = 1e6, MostTerms = 1e8;

    internal static Refusal? Refuse(Problem problem)
    {
        var (network, hidden) = (problem.Network, problem.Network.Layers.Count - 1);
        return network.Layers.FirstRefusal((layer, i) => RefuseRate(layer.Rate, $"$.network.layers[{i}].rate"))
            ?? network.Layers.FirstRefusal((layer, i) => RefuseLayer(problem, layer, i, i == hidden))
            ?? (network.Embedding is CorrelatedSpec correlated ? RefuseCorrelated(problem, correlated) : null)
            ?? (problem.Limit.Types is { } types && types.Count != hidden
                ? new("$.limit.types", $"types must have one rule per hidden layer, got {types.Count} for {hidden}; " +
                    $"give {hidden}, or leave the key out")
                : null);
    }

    private static Refusal? RefuseLayer(Problem problem, LayerSpec layer, int i, bool isOutput)
    {
        var path = $"$.network.layers[{i}]";
        if (!isOutput && layer.Activation is null)
            return new($"{path}.activation", "activation must be given in a hidden layer, found none; add one of " +
                $"{string.Join(", ", Catalogue.All<IActivation>().Select(a => a.Name))}");
        return RefuseLaw(layer.Weights, $"{path}.weights")
            ?? (i > 0 && !isOutput ? RefuseInteraction(problem, layer, path) : null)
            ?? (layer.Bias is { } bias ? RefuseBias(problem, bias, $"{path}.bias", isOutput) : null);
    }

    private static Refusal? RefuseBias(Problem problem, LawSpec bias, string path, bool isOutput)
    {
        if (problem.Network.Biases == BiasMode.None)
            return new(path, "bias must not be given while network.biases is none, found a law; " +
                "remove it, or set biases to frozen or trained");
        // The K output neurons do not average: a random bias there would leave the limit random.
        return RefuseLaw(bias, path) ?? (isOutput && !IsConstant(bias) && problem.Scaling is null
            ? new(path, "bias of the output layer must be the same for every network, got a random law: " +
                "few outputs do not average; use the law constant")
            : null);
    }

    // The limit knows the weights between two hidden layers by their mean alone: E phi(w) is phi(E w) for affine phi.
    private static Refusal? RefuseInteraction(Problem problem, LayerSpec layer, string path)
    {
        var noisy = problem.Network.Embedding is CorrelatedSpec correlated
            ? correlated.Noise > 0
            : !IsConstant(layer.Weights);
        if (!noisy || Catalogue.Find<IInteraction>(layer.Interaction).IsAffineInWeights) return null;
        return new($"{path}.interaction", "interaction between hidden layers must be affine in the weights where " +
            $"these are random, got {layer.Interaction}: the limit knows them by their mean; use the law constant " +
            "(noise 0 if correlated), or one of " +
            string.Join(", ", Catalogue.All<IInteraction>().Where(p => p.IsAffineInWeights).Select(p => p.Name)));
    }

    private static bool IsConstant(LawSpec law) => law.Build().StandardDeviation == 0;

    private static Refusal? RefuseLaw(LawSpec law, string path) => law switch
    {
        UniformLaw { Low: var low, High: var high } when !(low < high) => new($"{path}.high",
            $"high must be above low, got {Number.Text(high)} with low {Number.Text(low)}; " +
            "swap them, or use the law constant"),
        UniformLaw { Low: var low, High: var high } when !double.IsFinite(high - low) => new($"{path}.high",
            "high - low must be finite, got an overflow; use a shorter interval"),
        _ when law.Build() is { Mean: var mean, StandardDeviation: var std }
            && !double.IsFinite(Math.Abs(mean) + MostDeviations * std) => new(path,
            "values of a law must be finite, a million standard deviations from the mean too, " +
            $"got the mean {Number.Text(mean)} and the standard deviation {Number.Text(std)}; use smaller ones"),
        _ => null,
    };

    private static Refusal? RefuseRate(ScheduleSpec? rate, string path) =>
        rate is not PiecewiseRate { Times: var times, Values: var values } ? null
        : values.Count != times.Count + 1
            ? new($"{path}.values",
                $"values must be one more than times, got {values.Count} for {times.Count}; give one for each interval")
        : times.FirstRefusal((time, n) => n == 0 || time > times[n - 1] ? null : new($"{path}.times[{n}]",
            $"times must increase, got {Number.Text(time)} after {Number.Text(times[n - 1])}; sort them"));

    /// <summary>What correlated weights ask of the layers.</summary>
    private static Refusal? RefuseCorrelated(Problem problem, CorrelatedSpec correlated) =>
        RefuseLayers(problem.Network.Layers) ?? correlated.Mean switch
        {
            RandomFeaturesMean { Frequency: var frequency } =>
                problem.Network.Layers.FirstRefusal((layer, i) => RefuseFeatures(problem, frequency, layer, i)),
            GaussianKernelMean { Length: var length } when !GaussianKernel.IsVaried(length, correlated.Latent) =>
                new("$.network.embedding.mean.length", "length must leave the kernel a variance, got " +
                $"{Number.Text(length)} for {correlated.Latent} latents: it is the same for almost all pairs of " +
                $"neurons; use about {Math.Sqrt(2 * correlated.Latent):G3}, or fewer latents"),
            _ => null,
        };

    private static Refusal? RefuseLayers(IReadOnlyList<LayerSpec> layers) =>
        layers.Count < 3
            ? new("$.network.embedding.kind", "correlated must have weights between hidden layers, got " +
                $"{layers.Count} layers in all; add a hidden layer, or use iid")
            : layers.SkipLast(1).FirstRefusal((layer, i) => i == 0 || layer.Weights is GaussianLaw or ConstantLaw
                ? null
                : new($"$.network.layers[{i}].weights.law",
                    "law must be gaussian or constant between hidden layers while the embedding is correlated, got " +
                    $"{Names.OfKind(layer.Weights)}; give a mean and a std, or use iid"));

    /// <summary>
    /// The cosines are functions of standardised coordinates, frequency (w - mean) / std: both terms must be finite.
    /// </summary>
    private static Refusal? RefuseFeatures(Problem problem, double frequency, LayerSpec layer, int i)
    {
        // Weights between hidden layers are no coordinates of a type.
        var isCoordinate = i == 0 || i == problem.Network.Layers.Count - 1;
        return (isCoordinate ? Refuse(layer.Weights, "weights") : null) ?? Refuse(layer.Bias, "bias");

        Refusal? Refuse(LawSpec? law, string key) =>
            law?.Build() is not { Mean: var mean, StandardDeviation: > 0 and var std }
            || (MostTerms * frequency * (1 + Math.Abs(mean) / std) < double.MaxValue
                && double.IsFinite(MostTerms * frequency / std))
                ? null
                : new($"$.network.layers[{i}].{key}", "a law must not be that narrow while the " +
                    $"embedding is correlated with random features of frequency {Number.Text(frequency)}, got " +
                    $"the mean {Number.Text(mean)} and the standard deviation {Number.Text(std)}: the features " +
                    "are not finite; use the law constant, or a wider one");
    }
}
