namespace MeanFieldLimit.Solvers.Tests.Quadrature;

public class PanelTensorTests
{
    // E max(0, X - q) for X ~ N(0, 1) is density(q) - q (1 - cdf(q)); q = 0 and 1 from tables of the normal law.
    [Theory]
    [InlineData(0, 0.39894228040143268)]
    [InlineData(1, 0.083315470587862916)]
    public void Kinks_converge_quadratically(double q, double expected)
    {
        foreach (var n in new[] { 8, 24, 56, 120, 248 })
        {
            var nodes = new PanelTensor(n).Discretise([new Gaussian(0, 1)]);
            Assert.Equal(n, nodes.Count);
            // The largest spacing is 14/n * 8 * 0.183 = 20/n; a cell cut by the kink errs by spacing^2 / 8 * density.
            var bound = 20.0 / n * (20.0 / n) / 8 * 0.4;
            var mean = nodes.Points.Zip(nodes.Masses, (x, m) => m * Math.Max(0, x - q)).Sum();
            Assert.Equal(expected, mean, bound);
        }
    }

    [Fact]
    public void Smooth_moments_of_every_law()
    {
        ILaw[] laws = [new Gaussian(1, 2), new Uniform(-1, 3), new Rademacher(0.5, 2), new Constant(4), new Chi(3, 1)];
        double[] squares = [5, 1 + 16.0 / 12, 4.25, 16, 3];
        var rule = new PanelTensor(61);
        for (var j = 0; j < laws.Length; j++)
        {
            var nodes = rule.Discretise([laws[j]]);
            Assert.Equal(rule.CountNodes([laws[j]]), nodes.Count);
            Assert.Equal(squares[j], nodes.Points.Zip(nodes.Masses, (x, m) => m * x * x).Sum(), 1e-9);
        }
        Assert.Equal(64 * 2 * 64, rule.CountNodes([laws[0], laws[2], laws[4]]));
    }
}
