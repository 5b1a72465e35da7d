using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Embeddings;

public class EmbeddingTests
{
    [Theory]
    [InlineData(2, BiasMode.None, new[] { 5 })]                 // w_1 in R^3 and w_2 to 2 outputs
    [InlineData(2, BiasMode.Trained, new[] { 6 })]
    [InlineData(3, BiasMode.None, new[] { 3, 2 })]
    [InlineData(3, BiasMode.Frozen, new[] { 4, 3 })]
    [InlineData(5, BiasMode.None, new[] { 3, 0, 0, 2 })]
    [InlineData(5, BiasMode.Trained, new[] { 4, 1, 1, 3 })]
    public void Types_have_the_coordinates_of_the_symmetry_theorem(int depth, BiasMode biases, int[] dimensions)
    {
        var embedding = Sampled.Embedding(Sampled.Architecture(depth, new Tanh(), biases));
        Assert.Equal(dimensions, Enumerable.Range(1, depth - 1).Select(i => embedding.TypeLaws(i).Count));
    }

    [Fact]
    public void Narrow_networks_are_parts_of_wide_ones()
    {
        var embedding = Sampled.Embedding(Sampled.Architecture(4, new Tanh(), BiasMode.Trained));
        Sampled.CheckNested(embedding);
    }

    [Fact]
    public void Sampled_weights_have_the_moments_of_their_law()
    {
        // 250,000 independent N(0.4, 1) weights: mean and variance within z = 4.5 standard errors.
        var network = Sampled.Embedding(Sampled.Architecture(3, new Tanh(), BiasMode.None)).Sample([500, 500], 1);
        var w = network.Weights(2).Data.ToArray();
        var mean = w.Average();
        var variance = w.Average(v => (v - 0.4) * (v - 0.4));
        Assert.InRange(mean - 0.4, -4.5 / 500, 4.5 / 500);
        Assert.InRange(variance - 1, -4.5 * Math.Sqrt(2) / 500, 4.5 * Math.Sqrt(2) / 500);
    }

    [Fact]
    public void The_limit_has_conditional_means_and_its_types_on_their_places()
    {
        var architecture = Sampled.Architecture(3, new Tanh(), BiasMode.Frozen);
        var limit = Sampled.Embedding(architecture).Discretise([new GaussTensor(3), new GaussTensor(4)]);
        Assert.Equal(81, limit.Size(1));
        Assert.Equal(64, limit.Size(2));
        Assert.All(limit.Weights(2).Data.ToArray(), w => Assert.Equal(0.4, w));
        Assert.All(limit.Biases(3).ToArray(), b => Assert.Equal(0, b));

        // Mass-weighted moments: w_1 ~ N(0, I), b_2 ~ N(0.1, 1/4), w_3 ~ N(0.4, I), coordinates independent.
        double Mean(int layer, Func<int, double> f)
        {
            var p = limit.Masses(layer).ToArray();
            return Enumerable.Range(0, p.Length).Sum(c => p[c] * f(c));
        }
        var w1 = limit.Weights(1).Data.ToArray();
        var w3 = limit.Weights(3).Data.ToArray();
        var b2 = limit.Biases(2).ToArray();
        for (var j = 0; j < 3; j++)
            for (var k = 0; k < 3; k++)
                Assert.Equal(j == k ? 1 : 0, Mean(1, c => w1[j * 81 + c] * w1[k * 81 + c]), 1e-13);
        Assert.Equal(0.1, Mean(2, c => b2[c]), 1e-13);
        Assert.Equal(0.1 * 0.4, Mean(2, c => b2[c] * w3[2 * c + 1]), 1e-13);
        Assert.Equal(1 + 0.16, Mean(2, c => w3[2 * c] * w3[2 * c]), 1e-13);
    }

    [Fact]
    public void Rademacher_types_are_exact_with_two_nodes_and_constants_with_one()
    {
        var architecture = Sampled.Architecture(3, new Tanh(), BiasMode.None, inputs: 2, outputs: 1);
        var embedding = new Embedding(architecture, [new(new Rademacher(0, 1), new Constant(0)),
            new(new Gaussian(1, 1), new Constant(0)), new(new Constant(0.5), new Constant(0))]);
        var limit = embedding.Discretise([new GaussTensor(9), new GaussTensor(9)]);
        Assert.Equal((4, 1), (limit.Size(1), limit.Size(2)));
        Assert.All(limit.Masses(1).ToArray(), p => Assert.Equal(0.25, p, 1e-15));
    }

    [Fact]
    public void A_wide_network_starts_at_the_limit_within_its_standard_error()
    {
        // L = 2, quadratic: yhat_N is a mean of N independent terms w_2 (w_1 . x)^2 of mean 0.4 |x|^2 and variance
        // (E w_2^2 3 - 0.16) |x|^4 with E w_2^2 = 1.16.
        var architecture = Sampled.Architecture(2, new Quadratic(), BiasMode.None, inputs: 2, outputs: 1);
        var data = new Dataset(2, 1, [0.6, 0.8], [0], LabelKind.Real);
        const int n = 4000;
        for (ulong seed = 0; seed < 5; seed++)
        {
            var network = Sampled.Embedding(architecture).Sample([n], seed);
            var predictor = new Predictor(network, data, Sampled.Engine);
            predictor.Predict(network.State);
            var bound = 4.5 * Math.Sqrt((3 * 1.16 - 0.16) / n);
            Assert.InRange(predictor.Predictions[0] - 0.4, -bound, bound);
        }
    }

    [Fact]
    public void Random_output_biases_are_refused()
    {
        var architecture = Sampled.Architecture(2, new Tanh(), BiasMode.Trained);
        var laws = new LayerLaws(new Gaussian(0, 1), new Gaussian(0, 1));
        Assert.Contains("output biases",
            Assert.Throws<ArgumentException>(() => new Embedding(architecture, [laws, laws])).Message);
    }
}
