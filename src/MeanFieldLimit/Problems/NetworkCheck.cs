using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Problems;

/// <summary>Rules of the network that span keys, and the type rules that must match its layers.</summary>
internal static class NetworkCheck
{
    // Sums over coordinates of values up to 40 standard deviations from the mean stay finite.
    private const double MostDeviations = 1e6;

    internal static void Check(LoadedProblem loaded)
    {
        CheckRates(loaded);
        var network = loaded.Problem.Network;
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var (layer, path, isOutput) = (network.Layers[i], $"$.network.layers[{i}]", i == network.Layers.Count - 1);
            if (!isOutput && layer.Activation is null)
                throw loaded.Error($"{path}.activation",
                    "activation must be given in a hidden layer, found none; " +
                    $"add one of {string.Join(", ", Catalogue.All<IActivation>().Select(a => a.Name))}");
            CheckLaw(loaded, layer.Weights, $"{path}.weights");
            if (i > 0 && !isOutput) CheckInteraction(loaded, layer, path);
            if (layer.Bias is { } bias) CheckBias(loaded, bias, $"{path}.bias", isOutput);
        }
        if (network.Embedding is CorrelatedSpec correlated) CorrelatedCheck.Check(loaded, correlated);
        CheckTypes(loaded);
    }

    private static void CheckBias(LoadedProblem loaded, LawSpec bias, string path, bool isOutput)
    {
        if (loaded.Problem.Network.Biases == BiasMode.None)
            throw loaded.Error(path,
                "bias must not be given while network.biases is none, found a law; " +
                "remove it, or set biases to frozen or trained");
        CheckLaw(loaded, bias, path);
        // The K output neurons do not average: a random bias there would leave the limit random.
        if (isOutput && !IsConstant(bias))
            throw loaded.Error(path,
                "bias of the output layer must be the same for every network, got a random law: " +
                "few outputs do not average; use the law constant");
    }

    // The limit knows the weights between two hidden layers by their mean alone: E phi(w) is phi(E w) for affine phi.
    private static void CheckInteraction(LoadedProblem loaded, LayerSpec layer, string path)
    {
        if (Catalogue.Find<IInteraction>(layer.Interaction).IsAffineInWeights) return;
        var noisy = loaded.Problem.Network.Embedding is CorrelatedSpec correlated
            ? correlated.Noise > 0
            : !IsConstant(layer.Weights);
        if (!noisy) return;
        throw loaded.Error($"{path}.interaction",
            $"interaction between hidden layers must be affine in the weights where these are random, got " +
            $"{layer.Interaction}: the limit knows them by their mean; use the law constant (noise 0 if correlated), " +
            "or one of " +
            string.Join(", ", Catalogue.All<IInteraction>().Where(p => p.IsAffineInWeights).Select(p => p.Name)));
    }

    private static bool IsConstant(LawSpec law) =>
        law is ConstantLaw or GaussianLaw { Std: 0 } or RademacherLaw { Scale: 0 };

    private static void CheckLaw(LoadedProblem loaded, LawSpec law, string path)
    {
        if (law is UniformLaw { Low: var low, High: var high } && !(low < high))
            throw loaded.Error($"{path}.high",
                $"high must be above low, got {Number.Text(high)} with low {Number.Text(low)}; " +
                "swap them, or use the law constant");
        if (law is UniformLaw uniform && !double.IsFinite(uniform.High - uniform.Low))
            throw loaded.Error($"{path}.high", "high - low must be finite, got an overflow; use a shorter interval");
        var (mean, std) = Moments(law);
        if (!double.IsFinite(Math.Abs(mean) + MostDeviations * std))
            throw loaded.Error(path, "values of a law must be finite, a million standard deviations from the mean " +
                $"too, got the mean {Number.Text(mean)} and the standard deviation {Number.Text(std)}; use smaller " +
                "ones");
    }

    /// <summary>Mean and standard deviation of a law.</summary>
    internal static (double Mean, double Std) Moments(LawSpec law) => law switch
    {
        GaussianLaw g => (g.Mean, g.Std),
        UniformLaw u => (u.Low / 2 + u.High / 2, (u.High - u.Low) / Math.Sqrt(12)),
        RademacherLaw r => (r.Mean, r.Scale),
        ConstantLaw c => (c.Value, 0),
        _ => throw new NotSupportedException($"no law of kind {law.GetType().Name}"),
    };

    private static void CheckTypes(LoadedProblem loaded)
    {
        var hidden = loaded.Problem.Network.Layers.Count - 1;
        if (loaded.Problem.Limit.Types is { } types && types.Count != hidden)
            throw loaded.Error("$.limit.types",
                $"types must have one rule per hidden layer, got {types.Count} for {hidden}; " +
                $"give {hidden}, or leave the key out");
    }

    private static void CheckRates(LoadedProblem loaded)
    {
        for (var i = 0; i < loaded.Problem.Network.Layers.Count; i++)
        {
            if (loaded.Problem.Network.Layers[i].Rate is not PiecewiseRate { Times: var times, Values: var values })
                continue;
            var path = $"$.network.layers[{i}].rate";
            if (values.Count != times.Count + 1)
                throw loaded.Error($"{path}.values",
                    $"values must be one more than times, got {values.Count} for {times.Count}; " +
                    "give one for each interval");
            for (var n = 1; n < times.Count; n++)
                if (times[n] <= times[n - 1])
                    throw loaded.Error($"{path}.times[{n}]",
                        $"times must increase, got {Number.Text(times[n])} after {Number.Text(times[n - 1])}; " +
                        "sort them");
        }
    }
}
