using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Embeddings.Means;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Tests.Ensembles;
using MeanFieldLimit.Tests.Propagation;

namespace MeanFieldLimit.Tests.Embeddings;

/// <summary>Correlated weights of networks on images: a mean function for each place of a window.</summary>
public class CorrelatedImageTests
{
    private const string Features = "\"latent\": 2";
    private const string Bilinear = "\"latent\": 3, \"mean\": { \"kind\": \"bilinear\" }";
    private const string Kernel = "\"latent\": 2, \"mean\": { \"kind\": \"gaussian-kernel\", \"length\": 2 }";

    /// <summary>Means of all kinds.</summary>
    public static TheoryData<string> Kinds => [Features, Bilinear, Kernel];

    private static string Window(int size, int padding = 0) =>
        $", \"convolution\": {{ \"size\": [{size}], \"padding\": {padding} }}";

    /// <summary>A line of 2 pixels, 3 and 5 positions, and a dense layer on them; mean filters of all layers.</summary>
    private static Embedding OnLine(string options, string biases = "trained", string activation = "tanh") =>
        CorrelatedEmbeddingTests.Correlated(4, options, biases, activation, "\"columns\": 2",
        [
            Window(2, 1) + ", \"filter\": [0.3, -0.4]", Window(3, 2) + ", \"filter\": [0.1, 0, -0.2]",
            ", \"filter\": [0.1, 0.2, 0.3, 0.4, 0.5]", ", \"filter\": [0.6]",
        ]);

    [Theory, MemberData(nameof(Kinds))]
    public void One_place_on_one_position_is_the_dense_network_to_the_bit(string options)
    {
        options += ", \"noise\": 0.3";
        var dense = CorrelatedEmbeddingTests.Correlated(4, options, "trained");
        var windows = CorrelatedEmbeddingTests.Correlated(4, options, "trained", "tanh",
            "\"channels\": 2, \"columns\": 1", [Window(1), Window(1), Window(1), ""]);
        var data = new Dataset(2, 1, [0.6, 0.8, 1, -0.5], [0.3, -0.2], LabelKind.Real);
        foreach (var (a, b) in Ensembles(dense).Zip(Ensembles(windows)))
        {
            Assert.Equal(a.State, b.State);
            Assert.Equal(Sampled.Predictions(a, data, 0.3, 1e-6), Sampled.Predictions(b, data, 0.3, 1e-6));
        }

        static Ensemble[] Ensembles(Embedding embedding)
        {
            Ensemble network = embedding.Sample([4, 5, 6], 2), limit = embedding.Discretise(Draws(7));
            return [network, limit, embedding.WithTracers(limit, network)];
        }
    }

    [Fact]
    public void A_weight_is_the_function_of_its_place_at_both_types()
    {
        // w_2(c, c', d) = 0.4 + filter(d) + 2 g_d, g_d = (d + 1) out(c) + in(c'), rows c T + d.
        Extent below = new(1, 2), window = new(1, 3);
        LayerGeometry first = LayerGeometry.Convolution(below, new(new(1, 1), new(1, 1))),
            second = LayerGeometry.Convolution(below, new(window, new(1, 1), 1));
        double[] filter = [0.1, -0.2, 0.3];
        var architecture = new Architecture(1, 1, [new Tanh(), new Tanh(), new Identity()], BiasMode.None,
            geometry: [first, second, LayerGeometry.Dense(second.Pooled)]);
        var (normal, none) = (new Gaussian(0, 1), new Constant(0));
        var embedding = new Embedding(architecture,
            [new(normal, none), new(new Constant(0.4), none), new(normal, none)])
        {
            Filters = new([[], filter, []]),
        }.Correlated([[normal], [normal]], [new(2, d => new Sum(d))]);
        foreach (var ensemble in new[] { embedding.Sample([4, 5], 3), embedding.Discretise(Draws(6, 2)) })
            for (var c = 0; c < ensemble.Size(1); c++)
                for (var k = 0; k < ensemble.Size(2); k++)
                    for (var d = 0; d < 3; d++)
                        Assert.Equal(0.4 + filter[d] + 2 * ((d + 1) * ensemble.Types[0].Point(c)[^1]
                            + ensemble.Types[1].Point(k)[^1]), ensemble.Weights(2).Row(c * 3 + d)[k], 1e-14);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_limit_at_the_types_of_a_network_is_the_network_and_its_tracers_too(string options)
    {
        // Without noise: windows of 2 and 3, a dense layer on 5 positions, and mean filters.
        var embedding = OnLine(options);
        var network = embedding.Sample([4, 5, 3], 2);
        var limit = embedding.Discretise([.. network.Types.Select(nodes => new At(nodes))]);
        Assert.Equal(network.State, limit.State);
        var both = embedding.WithTracers(limit, network);
        for (var i = 1; i <= 4; i++)
        {
            var (w, all) = (network.Weights(i).Data.ToArray(), both.Weights(i).Data.ToArray());
            var (rows, columns, stride) = (network.Rows(i), network.Size(i), both.Size(i));
            for (var j = 0; j < all.Length; j++)
                Assert.Equal(w[j / stride % rows * columns + j % stride % columns], all[j]);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Narrow_networks_are_parts_of_wide_ones(string options) =>
        Sampled.CheckNested(OnLine(options + ", \"noise\": 0.3"));

    [Theory]
    [InlineData("\"latent\": 2, \"mean\": { \"kind\": \"bilinear\" }", 3)]
    [InlineData("\"latent\": 3, \"mean\": { \"kind\": \"bilinear\" }", 3)]
    [InlineData(Kernel, 24)]
    public void Means_have_the_mean_and_deviation_of_the_law_at_every_place(string options, int nodes)
    {
        // E w_2 = 0.5 and Var w_2 = 4 over the types.
        var embedding = Pooled(options, 3);
        for (var d = 0; d < 3; d++)
        {
            var (mean, variance) = CorrelatedEmbeddingTests.Moments(embedding, nodes, d);
            Assert.Equal(0.5, mean, 1e-6);
            Assert.Equal(4, variance, 1e-5);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Each_place_has_a_function_of_its_own_the_first_that_of_a_window_of_one(string options)
    {
        var wide = Pooled(options, 3).Sample([5, 4], 1).Weights(2).Data.ToArray().Chunk(4).ToArray();
        var one = Pooled(options, 1).Sample([5, 4], 1).Weights(2).Data.ToArray().Chunk(4).ToArray();
        double[][] places = [.. Enumerable.Range(0, 3).Select(d =>
            Enumerable.Range(0, 5).SelectMany(c => wide[3 * c + d]).ToArray())];
        Assert.Equal([.. one.SelectMany(row => row)], places[0]);
        foreach (var (d, e) in new[] { (0, 1), (0, 2), (1, 2) })
            Assert.True(places[d].Zip(places[e], (a, b) => Math.Abs(a - b)).Max() > 0.1, $"places {d} and {e}");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_velocity_is_minus_the_gradient_in_the_mass_norm(string options)
    {
        var embedding = OnLine(options + ", \"noise\": 0.3");
        var data = Sampled.Data(3, inputs: 2, outputs: 1);
        foreach (var ensemble in new[] { embedding.Sample([3, 4, 2], 5), embedding.Discretise(Draws(4)) })
            ImageTests.CheckVelocity(ensemble, ensemble.State, data, BiasMode.Trained);
    }

    [Fact]
    public void Noise_averages_out_of_linear_networks()
    {
        // E over draws of a linear network's prediction is its limit's: the mean of 60 within z = 4.5 standard errors.
        // 2 and 3 positions, one type coordinate of w_1 and one of w_4: grids of 12 nodes in each are exact enough.
        var embedding = CorrelatedEmbeddingTests.Correlated(4, "\"noise\": 0.5", "none", "identity", "\"columns\": 2",
            [Window(1), Window(2, 1), "", ""]);
        var limit = CorrelatedEmbeddingTests.Predict(embedding.Discretise(CorrelatedEmbeddingTests.Gauss(3, 12)));
        double[] sampled = [.. Enumerable.Range(1, 60).Select(seed =>
            CorrelatedEmbeddingTests.Predict(embedding.Sample([40, 40, 40], (ulong)seed)))];
        var mean = sampled.Average();
        var error = Math.Sqrt(sampled.Average(v => (v - mean) * (v - mean)) / 59);
        Assert.InRange(mean - limit, -4.5 * error, 4.5 * error);
    }

    /// <summary>Three layers: w_1 of 2 numbers, a window on 3 positions, the mean of all of them.</summary>
    private static Embedding Pooled(string options, int size) => CorrelatedEmbeddingTests.Correlated(3, options,
        image: "\"columns\": 2",
        more: [Window(2, 1), Window(size) + ", \"pool\": { \"kind\": \"global-average\" }", ""]);

    private static MonteCarlo[] Draws(int nodes, int layers = 3) =>
        [.. Enumerable.Range(0, layers).Select(i => new MonteCarlo(nodes, new RandomStream(4, (ulong)i)))];

    /// <summary>g_d = (d + 1) out(c) + in(c').</summary>
    private sealed class Sum(int tap) : IMeanFunction
    {
        public double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target) =>
            (tap + 1) * source[^1] + target[^1];
    }

    /// <summary>Given nodes, whatever the laws.</summary>
    private sealed class At(Nodes nodes) : IQuadratureRule
    {
        public long CountNodes(IReadOnlyList<ILaw> laws) => nodes.Count;

        public Nodes Discretise(IReadOnlyList<ILaw> laws) => nodes;
    }
}
