using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Chaos;

namespace MeanFieldLimit.Validation.Tests.Studies.Chaos;

public class ChaosPartsTests
{
    private static Ensemble Network(int width, int outputs = 1)
    {
        var network = Ensemble.Uniform(new(2, outputs, [new Tanh(), new Identity()], BiasMode.None), [width]);
        new RandomStream(1, 0).FillNormal(0, network.State);
        return network;
    }

    [Fact]
    public void The_supremum_is_of_each_particle_and_of_each_group()
    {
        // One input, one output: |W^k - V^k|^2 = (w - w')^2 + (u - u')^2, states [w_0, w_1, w_2, u_0, u_1, u_2].
        // Of the limit the two tracers are compared.
        Architecture architecture = new(1, 1, [new Tanh(), new Identity()], BiasMode.None);
        var run = new Run(Small.TwoLayers(), new());
        Mover Add(Ensemble what) => run.Add(what, new GradientFlow("euler", Step: 1), new(1));
        var gap = new SupremumGap(Add(Ensemble.Uniform(architecture, [2])), Add(new(architecture, [[1, 0, 0]])), group: 2);
        gap.See([1, 2, 0, 0], [9, 0, 0, 9, 0, 0]);      // 1, 4
        gap.See([0, 0, 3, 0], [9, 0, 0, 9, 0, 1]);      // 9, 1
        Assert.Equal((9 + 4) / 2.0, gap.OfOne, 1e-15);
        Assert.Equal(10, gap.OfGroup, 1e-15);
    }

    [Fact]
    public void Contributions_have_the_predictions_as_their_mean()
    {
        var network = Network(7, outputs: 2);
        Dataset data = new(2, 2, [1, 0.5, -1, 2, 0, 0.3], [0, 0, 0, 0, 0, 0], LabelKind.Real);
        var engine = new ManagedEngine(1);
        var predictor = new Predictor(network, data, engine);
        predictor.Predict(network.State);
        var contributions = Contributions.Of(network, network.State, data, engine);
        Assert.All(predictor.Predictions.Zip(contributions.Means), p => Assert.Equal(p.First, p.Second, 1e-14));
        Assert.Equal(7, contributions.Width);
        Assert.All(contributions.Squares.Zip(contributions.Means), p => Assert.True(p.First > p.Second * p.Second));
    }

    [Fact]
    public void Contributions_count_points_by_their_masses()
    {
        double[] x = [1, 0.5, -1, 2];
        Dataset weighted = new(2, 2, x, new double[4], LabelKind.Real, [2 / 3.0, 1 / 3.0]),
            repeated = new Dataset(2, 2, x, new double[4], LabelKind.Real).Select([0, 0, 1]);
        double Correlation(Dataset data) => Contributions.Correlation([.. Enumerable.Range(0, 5).Select(s =>
        {
            var network = Network(7, outputs: 2);
            new RandomStream(1, (ulong)s).FillNormal(0, network.State);
            return Contributions.Of(network, network.State, data, new ManagedEngine(1));
        })]);
        Assert.Equal(Correlation(repeated), Correlation(weighted), 1e-13);
    }

    /// <summary>phi_k = sqrt(r) z + sqrt(1 - r) e_k has correlation r between any two.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void The_correlation_of_two_neurons_is_found(double r)
    {
        const int width = 20, replicates = 4000;
        var samples = Enumerable.Range(0, replicates).Select(s =>
        {
            var draws = new double[width + 1];
            new RandomStream(4, (ulong)s).FillNormal(0, draws);
            var phi = draws.Skip(1).Select(e => 3 + Math.Sqrt(r) * draws[0] + Math.Sqrt(1 - r) * e).ToArray();
            return new Contributions(width, [phi.Average()], [phi.Average(p => p * p)]);
        }).ToArray();
        // Var of the mean of phi, r + (1 - r) / N, is known to sqrt(2 / S) of itself.
        var error = 4 * (r + (1 - r) / width) * Math.Sqrt(2.0 / replicates);
        Assert.InRange(Contributions.Correlation(samples), r - error, r + error);
    }

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, new double[] { 4, 5, 3 }, 2)]              // shifted
    [InlineData(new double[] { 0, 1 }, new double[] { 0.5 }, 0.5)]
    [InlineData(new double[] { 0, 3 }, new double[] { 0, 1, 2 }, 5.0 / 6)]
    public void The_distance_of_samples_is_the_area_between_quantiles(double[] a, double[] b, double distance)
    {
        Assert.Equal(distance, SampleDistance.Between(a, b), 1e-15);
        Assert.Equal(distance, SampleDistance.Between(b, a), 1e-15);
    }

    [Fact]
    public void Two_samples_of_one_law_have_the_distance_that_sampling_makes()
    {
        // Of uniform laws int sqrt(F (1 - F)) = pi / 8. One distance varies by about half of its mean: 200 of them.
        const int n = 300, m = 500, pairs = 200;
        var distances = Enumerable.Range(0, pairs).Select(k => SampleDistance.Between(Draw(k, n), Draw(1000 + k, m)));
        var expected = Math.Sqrt(2 / Math.PI * (1.0 / n + 1.0 / m)) * Math.PI / 8;
        Assert.InRange(distances.Average() / expected, 1 - 4 * 0.5 / Math.Sqrt(pairs), 1 + 4 * 0.5 / Math.Sqrt(pairs));
        Assert.Equal(expected, SampleDistance.OfChance(Draw(0, m), n), 0.05 * expected);

        static double[] Draw(int stream, int count)
        {
            var sample = new double[count];
            new RandomStream(3, (ulong)stream).FillUniform(0, sample);
            return sample;
        }
    }

    [Fact]
    public void Densities_have_mass_one_and_the_height_of_the_law()
    {
        var sample = new double[10_000];
        new RandomStream(2, 0).FillNormal(0, sample);
        var (xs, ys) = SampleDensity.Smooth(sample, -6, 6);
        Assert.Equal(1, ys.Sum() * (xs[1] - xs[0]), 1e-3);
        // A kernel of variance b^2 makes a normal law one of variance 1 + b^2, b = 0.9 n^(-1/5) = 0.1426; its height is
        // known to sqrt(f / (n b 2 sqrt(pi))) = 0.0089.
        Assert.InRange(ys.Max() - 1 / Math.Sqrt(2 * Math.PI * 1.0203), -4 * 0.0089, 4 * 0.0089);
        var (_, bars) = SampleDensity.Histogram(sample, -6, 6, 60);
        Assert.Equal(1, bars.Sum() / 2 * 0.2, 1e-9);
    }
}
