namespace MeanFieldLimit.Solvers.Tests.Laws;

/// <summary>
/// The chi law against closed forms: E r^2 = d, E r^4 = d (d + 2), E r^6 = d (d + 2) (d + 4), and E r = sqrt(pi/2) for
/// d = 2 (Rayleigh), 2 sqrt(2/pi) for d = 3 (Maxwell), growing by the factor (d + 1)/d from d to d + 2.
/// </summary>
public class ChiTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(32), InlineData(784)]
    public void Moments(int dimension)
    {
        double d = dimension, mean = dimension % 2 == 0 ? Math.Sqrt(Math.PI / 2) : Math.Sqrt(2 / Math.PI);
        for (var from = dimension % 2 == 0 ? 2 : 1; from < dimension; from += 2) mean *= (from + 1.0) / from;
        var chi = new Chi(dimension, 2);
        Assert.Equal(1, chi.Mean / (2 * mean), 1e-13);
        Assert.Equal(Math.Sqrt(d - mean * mean), chi.StandardDeviation / 2, 1e-9 * mean);
        foreach (var n in new[] { 4, 24, 100 })
        {
            var rule = chi.Gauss(n);
            double Moment(int k) => rule.Nodes.Zip(rule.Weights, (r, w) => w * Math.Pow(r / 2, k)).Sum();
            Assert.Equal(1, Moment(1) / mean, 1e-13);
            Assert.Equal(1, Moment(2) / d, 1e-13);
            Assert.Equal(1, Moment(4) / (d * (d + 2)), 1e-13);
            Assert.Equal(1, Moment(6) / (d * (d + 2) * (d + 4)), 1e-13);
            Assert.All(rule.Nodes.Zip(rule.Nodes.Skip(1)),
                pair => Assert.True(0 < pair.First && pair.First < pair.Second));
        }
    }

    // The density cut off below exp(-40) of its maximum, by Stieltjes' procedure with 60 digits (mpmath 1.3.0, 1100
    // Fejer nodes).
    [Theory]
    [InlineData(1, 256, 0, 1.89105731775287931e-4, 3.87215311032532952e-4)]
    [InlineData(1, 256, 1, 9.96352274984938289e-4, 9.01300577785883837e-4)]
    [InlineData(1, 256, 128, 4.3280925879182468, 3.66187757514325856e-6)]
    [InlineData(1, 256, 255, 8.94405018637363346, 1.93259099862759133e-21)]
    [InlineData(2, 248, 0, 5.24486586134670213e-4, 4.62001511514329876e-7)]
    [InlineData(2, 248, 124, 4.47073281997807613, 1.16387293181015551e-5)]
    [InlineData(2, 248, 247, 9.24355748489219463, 1.63183816005008149e-21)]
    public void Large_rules_are_those_of_60_digits(int dimension, int n, int i, double node, double weight)
    {
        var rule = new Chi(dimension, 1).Gauss(n);
        Assert.Equal(1, rule.Nodes[i] / node, 1e-11);
        Assert.Equal(1, rule.Weights[i] / weight, 1e-11);
    }

    // d = 2: P(r < q) = 1 - exp(-q^2/2).
    [Theory, InlineData(1e-9), InlineData(0.01), InlineData(0.5), InlineData(0.999), InlineData(1 - 1e-9)]
    public void Quantiles_of_two_dimensions(double u) =>
        Assert.Equal(1, new Chi(2, 3).Quantile(u) / (3 * Math.Sqrt(-2 * Math.Log(1 - u))), 1e-6);

    [Fact]
    public void Breaks_make_the_composite_rule_exact_at_kinks()
    {
        // E |r^2 - 2| for d = 2: r^2/2 is exponential, E |2 e - 2| = 4/e.
        var kink = Math.Sqrt(2);
        double Error(double[] breaks)
        {
            var nodes = new Chi(2, 1).Composite(64, breaks);
            return Math.Abs(nodes.Points.Zip(nodes.Masses, (r, m) => m * Math.Abs(r * r - 2)).Sum() - 4 / Math.E);
        }
        Assert.InRange(Error([kink]), 0, 1e-12);
        Assert.InRange(Error([kink, kink + 1e-3, kink + 0.02, 77]), 0, 1e-12);
        Assert.InRange(Error([]), 1e-6, 1);
    }
}
