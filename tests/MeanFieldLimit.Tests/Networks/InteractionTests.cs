using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Networks;

/// <summary>Interactions against their formulas, written out here as functions of numbers.</summary>
public class InteractionTests
{
    // H is the sum of these local operations over the layer below, plus b; where the bias is a gate, times it.
    private static readonly Dictionary<string, Func<double, double, Func<double, double>, double>> Locals = new()
    {
        ["weighted-sum"] = (w, h, s) => w * s(h),
        ["gated"] = (w, h, s) => w * s(h),
        ["same-sum"] = (w, h, s) => w * s(h),       // of the plugin of PluginTests
        ["residual"] = (w, h, s) => h + w * s(h),
        ["dendritic"] = (w, h, s) => s(w * h),
    };

    private static double WithBias(string name, double sum, double b) =>
        name == "gated" ? sum / (1 + Math.Exp(-b)) : sum + b;

    [Theory, MemberData(nameof(Sampled.Interactions), MemberType = typeof(Sampled))]
    public void Predictions_are_nested_sums_of_the_formula(string name)
    {
        var interaction = Catalogue.Find<IInteraction>(name);
        var ensemble = Sampled.Ensemble(
            Sampled.Architecture(3, new Tanh(), BiasMode.Trained, interaction: interaction));
        var data = Sampled.Data(3);
        var predictor = new Predictor(ensemble, data, Sampled.Engine);
        predictor.Predict(ensemble.State);

        for (var n = 0; n < data.Count; n++)
        {
            double[] h = [.. data.Input(n)];
            for (var i = 1; i <= 3; i++)
            {
                var s = i == 1 ? (Func<double, double>)(u => u) : Math.Tanh;
                var next = new double[ensemble.Size(i)];
                for (var to = 0; to < next.Length; to++)
                {
                    var sum = 0.0;
                    for (var from = 0; from < h.Length; from++)
                        sum += ensemble.Masses(i - 1)[from]
                            * Locals[name](ensemble.Weights(i).Row(from)[to], h[from], s);
                    next[to] = WithBias(name, sum, ensemble.Biases(i)[to]);
                }
                h = next;
            }
            for (var k = 0; k < 2; k++) Assert.Equal(h[k], predictor.Predictions[2 * n + k], 12);
        }
    }

    [Theory, MemberData(nameof(Sampled.Interactions), MemberType = typeof(Sampled))]
    public void An_affine_interaction_knows_noisy_weights_by_their_mean(string name)
    {
        // E phi(w, h) against phi(E w, h), with w from a Gauss rule: equal where the interaction says so.
        var phi = Locals[name];
        var rule = new Gaussian(0.7, 1.1).Gauss(20);
        var mean = rule.Nodes.Zip(rule.Weights, (w, p) => p * phi(w, 0.9, Math.Tanh)).Sum();
        var difference = Math.Abs(mean - phi(0.7, 0.9, Math.Tanh));
        if (Catalogue.Find<IInteraction>(name).IsAffineInWeights) Assert.InRange(difference, 0, 1e-12);
        else Assert.InRange(difference, 0.01, 1);
    }

    [Theory, MemberData(nameof(Sampled.Interactions), MemberType = typeof(Sampled))]
    public void Wide_networks_start_at_the_limit(string name)
    {
        var interaction = Catalogue.Find<IInteraction>(name);
        var noise = interaction.IsAffineInWeights ? 1 : 0;
        var embedding = new Embedding(
            Sampled.Architecture(3, new Tanh(), BiasMode.Trained, outputs: 1, interaction: interaction),
            [
                new(new Gaussian(0, 1), new Gaussian(0, 0.5)), new(new Gaussian(0.8, noise), new Gaussian(0.2, 0.5)),
                new(new Gaussian(0.5, 1), new Constant(0)),
            ]);
        var data = Sampled.Data(5, outputs: 1);
        var limit = Predict(embedding.Discretise([new GaussTensor(10), new GaussTensor(24)]));
        const int width = 400, seeds = 8;
        var squares = 0.0;
        for (ulong seed = 0; seed < seeds; seed++)
            squares += Predict(embedding.Sample([width, width], seed)).Zip(limit, (a, b) => (a - b) * (a - b)).Sum();
        // One standard deviation of the outer mean alone is below 1.5 / sqrt(width): |w_3| has rms 1.12, |tanh| <= 1,
        // and the residual adds rms |h| below 2. Four of them bound the rms over 40 values.
        Assert.InRange(Math.Sqrt(squares / (seeds * data.Count)), 0, 4 * 2.5 / Math.Sqrt(width));

        double[] Predict(Ensemble ensemble)
        {
            var predictor = new Predictor(ensemble, data, Sampled.Engine);
            predictor.Predict(ensemble.State);
            return predictor.Predictions;
        }
    }
}
