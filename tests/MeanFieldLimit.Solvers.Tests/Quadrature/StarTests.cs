namespace MeanFieldLimit.Solvers.Tests.Quadrature;

public class StarTests
{
    [Fact]
    public void It_is_exact_for_sums_of_functions_of_one_coordinate()
    {
        ILaw[] laws = [new Gaussian(1, 2), new Uniform(-1, 3), new Rademacher(0.5, 2), new Chi(3, 1), new Constant(4)];
        // E x^4 for N(1, 4): 1 + 6 * 4 + 3 * 16; uniform: (3^5 + 1) / 20; +-: (2.5^4 + 1.5^4) / 2; chi: d (d + 2).
        double[] fourths = [73, 244.0 / 20, (39.0625 + 5.0625) / 2, 15, 256];
        var nodes = new Star(3).Discretise(laws);
        for (var j = 0; j < laws.Length; j++)
            Assert.Equal(fourths[j], Mean(nodes, x => Math.Pow(x[j], 4)), 1e-10);
        Assert.Equal(1, nodes.Masses.Sum(), 1e-14);
        // All pairs of the two values of a law on two points with what else there is.
        Assert.Equal(2 * (3 + 3 + 3 + 1), nodes.Count);
    }

    [Fact]
    public void Many_coordinates_cost_a_few_nodes_each_and_one_is_its_Gauss_rule()
    {
        ILaw[] many = [.. Enumerable.Repeat<ILaw>(new Gaussian(0, 1), 60)];
        Assert.Equal(2 * 60 + 1, new Star(2).CountNodes(many));
        // Products of two coordinates are what it does not see.
        Assert.Equal(1, Mean(new Star(2).Discretise(many), x => x[3] * x[3] + x[3] * x[7]), 1e-12);
        Assert.Equal(new Gaussian(0, 1).Gauss(5).Nodes, new Star(5).Discretise([new Gaussian(0, 1)]).Points);
        Assert.Equal(1, new Star(2).CountNodes([new Constant(1), new Constant(2)]));
    }

    private static double Mean(Nodes nodes, Func<double[], double> f) =>
        Enumerable.Range(0, nodes.Count).Sum(i => nodes.Masses[i] * f(nodes.Point(i).ToArray()));
}
