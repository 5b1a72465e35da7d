using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of the network that span keys, and the type rules that must match its layers.</summary>
internal static class NetworkCheck
{
    // Sums over coordinates of values up to 40 standard deviations from the mean stay finite.
    private const double MostDeviations = 1e6;

    internal static ProblemException? Refuse(LoadedProblem loaded)
    {
        var (network, hidden) = (loaded.Problem.Network, loaded.Problem.Network.Layers.Count - 1);
        return network.Layers.FirstRefusal((layer, i) => RefuseRate(loaded, layer.Rate, $"$.network.layers[{i}].rate"))
            ?? network.Layers.FirstRefusal((layer, i) => RefuseLayer(loaded, layer, i, i == hidden))
            ?? (network.Embedding is CorrelatedSpec correlated ? CorrelatedCheck.Refuse(loaded, correlated) : null)
            ?? (loaded.Problem.Limit.Types is { } types && types.Count != hidden
                ? loaded.Error("$.limit.types",
                    $"types must have one rule per hidden layer, got {types.Count} for {hidden}; " +
                    $"give {hidden}, or leave the key out")
                : null);
    }

    private static ProblemException? RefuseLayer(LoadedProblem loaded, LayerSpec layer, int i, bool isOutput)
    {
        var path = $"$.network.layers[{i}]";
        if (!isOutput && layer.Activation is null)
            return loaded.Error($"{path}.activation",
                "activation must be given in a hidden layer, found none; " +
                $"add one of {string.Join(", ", Catalogue.All<IActivation>().Select(a => a.Name))}");
        return RefuseLaw(loaded, layer.Weights, $"{path}.weights")
            ?? (i > 0 && !isOutput ? RefuseInteraction(loaded, layer, path) : null)
            ?? (layer.Bias is { } bias ? RefuseBias(loaded, bias, $"{path}.bias", isOutput) : null);
    }

    private static ProblemException? RefuseBias(LoadedProblem loaded, LawSpec bias, string path, bool isOutput)
    {
        if (loaded.Problem.Network.Biases == BiasMode.None)
            return loaded.Error(path, "bias must not be given while network.biases is none, found a law; " +
                "remove it, or set biases to frozen or trained");
        // The K output neurons do not average: a random bias there would leave the limit random.
        return RefuseLaw(loaded, bias, path) ?? (isOutput && !IsConstant(bias)
            ? loaded.Error(path, "bias of the output layer must be the same for every network, got a random law: " +
                "few outputs do not average; use the law constant")
            : null);
    }

    // The limit knows the weights between two hidden layers by their mean alone: E phi(w) is phi(E w) for affine phi.
    private static ProblemException? RefuseInteraction(LoadedProblem loaded, LayerSpec layer, string path)
    {
        var noisy = loaded.Problem.Network.Embedding is CorrelatedSpec correlated
            ? correlated.Noise > 0
            : !IsConstant(layer.Weights);
        if (!noisy || Catalogue.Find<IInteraction>(layer.Interaction).IsAffineInWeights) return null;
        return loaded.Error($"{path}.interaction",
            $"interaction between hidden layers must be affine in the weights where these are random, got " +
            $"{layer.Interaction}: the limit knows them by their mean; use the law constant (noise 0 if correlated), " +
            "or one of " +
            string.Join(", ", Catalogue.All<IInteraction>().Where(p => p.IsAffineInWeights).Select(p => p.Name)));
    }

    private static bool IsConstant(LawSpec law) => law.Build().StandardDeviation == 0;

    private static ProblemException? RefuseLaw(LoadedProblem loaded, LawSpec law, string path) => law switch
    {
        UniformLaw { Low: var low, High: var high } when !(low < high) => loaded.Error($"{path}.high",
            $"high must be above low, got {Number.Text(high)} with low {Number.Text(low)}; " +
            "swap them, or use the law constant"),
        UniformLaw { Low: var low, High: var high } when !double.IsFinite(high - low) => loaded.Error($"{path}.high",
            "high - low must be finite, got an overflow; use a shorter interval"),
        _ when law.Build() is { Mean: var mean, StandardDeviation: var std }
            && !double.IsFinite(Math.Abs(mean) + MostDeviations * std) => loaded.Error(path,
            "values of a law must be finite, a million standard deviations from the mean too, " +
            $"got the mean {Number.Text(mean)} and the standard deviation {Number.Text(std)}; use smaller ones"),
        _ => null,
    };

    private static ProblemException? RefuseRate(LoadedProblem loaded, ScheduleSpec? rate, string path) =>
        rate is not PiecewiseRate { Times: var times, Values: var values } ? null
        : values.Count != times.Count + 1
            ? loaded.Error($"{path}.values",
                $"values must be one more than times, got {values.Count} for {times.Count}; give one for each interval")
        : times.FirstRefusal((time, n) => n == 0 || time > times[n - 1] ? null : loaded.Error($"{path}.times[{n}]",
            $"times must increase, got {Number.Text(time)} after {Number.Text(times[n - 1])}; sort them"));
}
