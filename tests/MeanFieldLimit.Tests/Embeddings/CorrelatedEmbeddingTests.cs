using System.Text;
using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Embeddings.Means;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Embeddings;

/// <summary>Correlated weights: how networks and limits start.</summary>
public class CorrelatedEmbeddingTests
{
    /// <summary>
    /// The embedding of a problem file with 2 inputs and 1 output, w_i ~ (0.5, 2^2) in the middle; on an image, with
    /// more keys of layers 1..L.
    /// </summary>
    internal static Embedding Correlated(int depth, string embedding, string biases = "none",
        string activation = "tanh", string? image = null, string[]? more = null)
    {
        const string rule = """{ "rule": "gauss", "nodes": 2 }""";
        var layers = Enumerable.Range(0, depth).Select(i =>
        {
            var law = i == 0 ? "\"std\": 1"
                : i == depth - 1 ? "\"mean\": 0.7, \"std\": 1" : "\"mean\": 0.5, \"std\": 2";
            var hidden = i == depth - 1 ? "" : $", \"activation\": \"{activation}\"";
            return $$"""{ "weights": { "law": "gaussian", {{law}} }{{hidden}}{{more?[i]}} }""";
        });
        var loaded = ProblemFile.Parse("x.json", Encoding.UTF8.GetBytes($$"""
            { "data": { "kind": "points", "x": [[0.6, 0.8], [1, -0.5]], "y": [[0.3], [-0.2]] },
              "network": { "biases": "{{biases}}", {{(image is null ? "" : $"\"image\": {{ {image} }},")}}
                "embedding": { "kind": "correlated", {{embedding}} },
                "layers": [{{string.Join(", ", layers)}}] },
              "training": { "loss": "half-squared", "time": 1 },
              "limit": { "types": [{{string.Join(", ", Enumerable.Repeat(rule, depth - 1))}}] } }
            """));
        return Model.Build(loaded, null).Embedding;
    }

    internal static GaussTensor[] Gauss(int layers, int nodes) =>
        [.. Enumerable.Repeat(new GaussTensor(nodes), layers)];

    [Theory]
    [InlineData(3, "none", new[] { 2 + 3, 3 + 1 })]             // w_1 and out; in and w_3
    [InlineData(4, "none", new[] { 2 + 3, 3 + 3, 3 + 1 })]
    [InlineData(5, "trained", new[] { 2 + 1 + 3, 1 + 3 + 3, 1 + 3 + 3, 1 + 3 + 1 })]
    public void Types_join_latents_to_those_of_independent_weights(int depth, string biases, int[] dimensions)
    {
        var embedding = Correlated(depth, "\"latent\": 3", biases);
        Assert.Equal(dimensions, Enumerable.Range(1, depth - 1).Select(i => embedding.TypeLaws(i).Count));
    }

    [Theory]
    [InlineData("\"latent\": 2, \"noise\": 0.3")]
    [InlineData("\"latent\": 1, \"mean\": { \"kind\": \"gaussian-kernel\", \"length\": 1 }")]
    public void Narrow_networks_are_parts_of_wide_ones(string options)
    {
        var embedding = Correlated(4, options, "trained");
        Sampled.CheckNested(embedding);
    }

    [Fact]
    public void All_noise_is_independent_initialization()
    {
        // noise 1: w_i = 0.5 + 2 z and nothing else, drawn as the independent embedding draws.
        var architecture = Sampled.Architecture(4, new Tanh(), BiasMode.None, inputs: 2, outputs: 1);
        var none = new Constant(0);
        LayerLaws middle = new(new Gaussian(0.5, 2), none);
        var independent = new Embedding(architecture,
            [new(new Gaussian(0, 1), none), middle, middle, new(new Gaussian(0.7, 1), none)]);
        Assert.Equal(independent.Sample([5, 6, 7], 3).State, Correlated(4, "\"noise\": 1").Sample([5, 6, 7], 3).State);
    }

    [Fact]
    public void One_bilinear_latent_makes_matrices_of_rank_one_with_tracers_too()
    {
        // (w - 0.5) = 2 out(c) in(c'): every 2 x 2 minor is 0, in the network, the limit, and between both.
        var embedding = Correlated(4, "\"latent\": 1, \"mean\": { \"kind\": \"bilinear\" }");
        var network = embedding.Sample([6, 7, 8], 2);
        var limit = embedding.Discretise(Gauss(3, 3));
        var both = embedding.WithTracers(limit, network);
        foreach (var ensemble in new[] { network, limit, both })
            for (var i = 2; i <= 3; i++)
            {
                var w = ensemble.Weights(i);
                Assert.NotEqual(0.5, w.Data[0]);
                for (var c = 1; c < w.Rows; c++)
                    for (var d = 1; d < w.Columns; d++)
                        Assert.Equal(0, (w.Data[0] - 0.5) * (w.Data[c * w.Stride + d] - 0.5)
                            - (w.Data[d] - 0.5) * (w.Data[c * w.Stride] - 0.5), 1e-12);
            }
        Assert.Equal(limit.Massive(2), both.Massive(2));
        Assert.Equal(limit.Size(2) + 7, both.Size(2));
    }

    [Theory]
    [InlineData("\"latent\": 2, \"mean\": { \"kind\": \"bilinear\" }", 3)]
    [InlineData("\"latent\": 1, \"mean\": { \"kind\": \"gaussian-kernel\", \"length\": 1 }", 40)]
    [InlineData("\"latent\": 2, \"mean\": { \"kind\": \"gaussian-kernel\", \"length\": 2 }", 24)]
    public void Means_have_the_mean_and_deviation_of_the_law(string options, int nodes)
    {
        // L = 3: E w_2 = 0.5 and Var w_2 = 4 over the types. w_1 and w_3 do not matter to these means.
        var (mean, variance) = Moments(Correlated(3, options), nodes);
        Assert.Equal(0.5, mean, 1e-6);
        Assert.Equal(4, variance, 1e-5);
    }

    [Fact]
    public void Random_features_have_the_mean_and_on_average_the_deviation_of_the_law()
    {
        var variances = Enumerable.Range(1, 60).Select(seed =>
        {
            var laws = new[] { new Gaussian(0.3, 0.5), new Gaussian(0, 1) };
            var places = new LatentPlaces(1, 0, 1);
            var g = new RandomFeatures(places,
                CosineFeatures.Draw(laws, 1, 1.5, Streams.Features((ulong)seed, 2, 0)),
                CosineFeatures.Draw(laws, 1, 1.5, Streams.Features((ulong)seed, 2, 1)));
            ILaw[] source = [.. laws], target = [new Gaussian(0, 1), new Gaussian(0.3, 0.5)];
            Nodes a = new GaussTensor(16).Discretise(source), b = new GaussTensor(16).Discretise(target);
            double mean = 0, square = 0;
            for (var c = 0; c < a.Count; c++)
                for (var d = 0; d < b.Count; d++)
                {
                    var value = g.At(a.Point(c), b.Point(d));
                    mean += a.Masses[c] * b.Masses[d] * value;
                    square += a.Masses[c] * b.Masses[d] * value * value;
                }
            // E in(c') phi(c) = 0 since c and c' are independent; the second sum alike.
            Assert.Equal(0, mean, 1e-10);
            return square;
        }).ToArray();
        // E over features of the variance is 1; within z = 4.5 standard errors of 60 draws.
        var average = variances.Average();
        var error = Math.Sqrt(variances.Average(v => (v - average) * (v - average)) / 59);
        Assert.InRange(average - 1, -4.5 * error, 4.5 * error);
    }

    [Fact]
    public void A_mean_that_is_not_a_number_is_refused()
    {
        var architecture = Sampled.Architecture(3, new Tanh(), BiasMode.None, inputs: 1, outputs: 1);
        var none = new Constant(0);
        var independent = new Embedding(architecture, [new(new Gaussian(0, 1), none), new(new Gaussian(0, 1), none),
            new(new Gaussian(0, 1), none)]);
        var embedding = independent.Correlated([[new Gaussian(0, 1)], []], [new(1, _ => new Root())]);
        foreach (var start in new Func<Ensemble>[]
            { () => embedding.Sample([50, 2], 1), () => embedding.Discretise(Gauss(2, 4)) })
        {
            var message = Assert.Throws<ArgumentException>(start).Message;
            Assert.Contains("mean function of w_2 must be finite", message);
            Assert.Contains("got NaN between (", message);
            Assert.Contains("define it there", message);
        }
    }

    [Fact]
    public void Noise_averages_out_of_linear_networks()
    {
        // With linear activations E over draws of a network's prediction is the limit's, whatever the width and the
        // noise: the mean of 60 networks within z = 4.5 standard errors.
        foreach (var noise in new[] { "0", "0.5", "1" })
        {
            var embedding = Correlated(4, $"\"latent\": 1, \"noise\": {noise}", activation: "identity");
            var limit = Predict(embedding.Discretise(Gauss(3, 12)));
            double[] sampled =
                [.. Enumerable.Range(1, 60).Select(seed => Predict(embedding.Sample([40, 40, 40], (ulong)seed)))];
            var mean = sampled.Average();
            var error = Math.Sqrt(sampled.Average(v => (v - mean) * (v - mean)) / 59);
            Assert.InRange(mean - limit, -4.5 * error, 4.5 * error);
        }
    }

    internal static double Predict(Ensemble ensemble)
    {
        var predictor = new Predictor(ensemble, new Dataset(2, 1, [0.6, 0.8], [0], LabelKind.Real), Sampled.Engine);
        predictor.Predict(ensemble.State);
        return predictor.Predictions[0];
    }

    internal static (double Mean, double Variance) Moments(Embedding embedding, int nodes, int tap = 0)
    {
        // One node for each coordinate of w_1 in R^2 and of w_3 in R, the given number for the latents.
        GaussTensor Rule(int layer, int own) =>
            new([.. Enumerable.Range(0, embedding.TypeLaws(layer).Count).Select(j => j < own ? 1 : nodes)]);
        var limit = embedding.Discretise([Rule(1, 2), Rule(2, 1)]);
        var w = limit.Weights(2);
        double mean = 0, square = 0;
        for (var c = 0; c < limit.Size(1); c++)
            for (var d = 0; d < w.Columns; d++)
            {
                var (p, value) = (limit.Masses(1)[c] * limit.Masses(2)[d], w.Row(c * w.Rows / limit.Size(1) + tap)[d]);
                mean += p * value;
                square += p * value * value;
            }
        return (mean, square - mean * mean);
    }

    /// <summary>sqrt(out(c)), not a number for half of all neurons.</summary>
    private sealed class Root : IMeanFunction
    {
        public double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target) => Math.Sqrt(source[^1]);
    }
}
