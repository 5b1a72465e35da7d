using CsCheck;
using MeanFieldLimit.Data;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Tests.Figures;

public class WeightFigureTests
{
    [Fact]
    public void A_smooth_density_has_the_mass_and_the_mean_of_its_points() =>
        Gen.Select(Gen.Double[-2, 2].Array[20], Gen.Double[0.1, 1].Array[20]).Sample((points, any) =>
        {
            double[] masses = [.. any.Select(m => m / any.Sum())];
            var (xs, ys) = SampleDensity.Smooth(points, masses, -12, 12);
            var spacing = xs[1] - xs[0];
            Assert.Equal(1, ys.Sum() * spacing, 1e-3);
            Assert.Equal(points.Zip(masses, (p, m) => p * m).Sum(), xs.Zip(ys, (x, y) => x * y).Sum() * spacing, 1e-2);
        }, iter: 50);

    [Fact]
    public void A_quantile_is_the_point_up_to_which_there_is_that_mass()
    {
        double[] points = [3, 1, 2], masses = [0.5, 0.2, 0.3];
        Assert.Equal([1, 1, 2, 2, 3, 3],
            ((double[])[0, 0.2, 0.21, 0.5, 0.51, 1]).Select(u => SampleDensity.Quantile(points, masses, u)));
    }

    /// <summary>The density of N(0, 1) from nodes of it: one peak, and near the true height.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(40)]
    public void Nodes_of_a_normal_law_show_one_peak(int nodes)
    {
        var rule = GaussRule.Hermite(nodes);
        // Each node three times, as on a tensor grid.
        double[] points = [.. rule.Nodes.Concat(rule.Nodes).Concat(rule.Nodes)];
        double[] masses = [.. rule.Weights.Concat(rule.Weights).Concat(rule.Weights).Select(m => m / 3)];
        var (_, ys) = SampleDensity.Smooth(points, masses, -4, 4);
        Assert.Single(Enumerable.Range(1, ys.Length - 2), i => ys[i] >= ys[i - 1] && ys[i] > ys[i + 1]);
        Assert.Equal(1 / Math.Sqrt(2 * Math.PI), ys.Max(), 0.06);
    }

    /// <summary>Two layers with three neurons at two times.</summary>
    private static Dictionary<string, NumPyArray> Neurons(double[] w1, double[] w2, double least = 0.2) => new()
    {
        ["t"] = new([2], [0, 1]),
        ["masses_1"] = new([3], [least, 0.3, 0.7 - least]),
        ["W_1"] = new([2, 1, 3], w1),
        ["W_2"] = new([2, 3, 1], w2),
    };

    [Fact]
    public void Weights_that_are_random_have_a_panel_each()
    {
        double[] moving = [-1, 0, 1, -2, 0, 2], constant = [2, 2, 2, 2, 2, 2];
        Assert.Equal(["weights of layer 1", "output weights"], Titles(WeightFigure.Draw(Neurons(moving, moving))));
        Assert.Equal(["weights of layer 1"], Titles(WeightFigure.Draw(Neurons(moving, constant))));
        Assert.Null(WeightFigure.Draw(Neurons(constant, constant)));
        Assert.Null(WeightFigure.Draw(null));
        // Of a sparse grid, whose masses are no law.
        Assert.Null(WeightFigure.Draw(Neurons(moving, moving, least: -0.1)));
    }

    private static IEnumerable<string> Titles(Figure? figure) => figure!.Svg().Descendants()
        .Where(e => e.Name.LocalName == "text" && e.Value.EndsWith("weights", StringComparison.Ordinal)
            || e.Value == "weights of layer 1").Select(e => e.Value).Distinct();

    [Fact]
    public void As_many_weights_as_an_image_has_are_drawn_at_once()
    {
        const int inputs = 784, neurons = 500;
        double[] w1 = [.. Enumerable.Range(0, inputs * neurons).Select(e => Math.Sin(e))];
        var figure = WeightFigure.Draw(new Dictionary<string, NumPyArray>
        {
            ["t"] = new([1], [0]),
            ["masses_1"] = new([neurons], [.. Enumerable.Repeat(1.0 / neurons, neurons)]),
            ["W_1"] = new([1, inputs, neurons], w1),
            ["W_2"] = new([1, neurons, 1], w1[..neurons]),
        });
        Assert.Null(figure!.Obstacle);
    }
}
