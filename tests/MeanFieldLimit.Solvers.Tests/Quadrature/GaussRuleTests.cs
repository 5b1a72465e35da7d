namespace MeanFieldLimit.Solvers.Tests.Quadrature;

public class GaussRuleTests
{
    // numpy.polynomial.hermite_e.hermegauss(24), NumPy 1.24.2: the positive half, weights over their sum.
    private static readonly double[] nodes24 =
    [
        0.31737009662945237, 0.953421922932109, 1.5934804298164202, 2.2404678516917524,
        2.8977286432233136, 3.56930676407356, 4.260383605019905, 4.97804137463912,
        5.732747175251201, 6.541675005098634, 7.437890666021663, 8.507803519195257,
    ];

    private static readonly double[] weights24 =
    [
        0.2408701155466404, 0.1614595128670001, 0.07206936401717823, 0.021126344408967556,
        0.003976608929181307, 0.00046471871877939644, 3.2095005652746016e-05, 1.2176597454425883e-06,
        2.26746167348065e-08, 1.7186649279648716e-10, 3.7149741527624003e-13, 9.39019368904204e-17,
    ];

    public static TheoryData<int> Sizes => [1, 2, 3, 4, 5, 8, 17, 24, 64, 65, 127, 128, 256];

    // E X^2k = (2k - 1)!!. The ratio is built factor by factor: the power and the moment alone would overflow.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Hermite_moments_are_double_factorials(int n)
    {
        var rule = GaussRule.Hermite(n);
        var terms = (double[])rule.Weights.Clone();
        for (var k = 1; k < n; k++)
        {
            for (var i = 0; i < n; i++)
                terms[i] *= rule.Nodes[i] * rule.Nodes[i] / (2 * k - 1);
            Assert.Equal(1, terms.Sum(), 1e-15 * (n + 2 * k));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Legendre_moments(int n)
    {
        var rule = GaussRule.Legendre(n);
        for (var k = 0; 2 * k <= 2 * n - 1; k++)
            Assert.Equal(1, Mean(rule, x => Math.Pow(x, 2 * k)) * (2 * k + 1), 1e-15 * (n + 2 * k));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Symmetric_ascending_positive_and_of_mass_one(int n)
    {
        foreach (var rule in new[] { GaussRule.Hermite(n), GaussRule.Legendre(n) })
        {
            Assert.Equal(rule.Nodes, rule.Nodes.Reverse().Select(x => -x));
            Assert.Equal(rule.Weights, rule.Weights.Reverse());
            Assert.All(rule.Nodes.Zip(rule.Nodes.Skip(1)), pair => Assert.True(pair.First < pair.Second));
            Assert.All(rule.Weights, w => Assert.True(w > 0));
            Assert.Equal(1, rule.Weights.Sum(), 1e-15 * n);
        }
    }

    // Abramowitz and Stegun, Handbook of Mathematical Functions, tables 25.4 and 25.10, in closed form.
    [Fact]
    public void Published_rules()
    {
        AssertRule(GaussRule.Hermite(2), [1], [0.5]);
        AssertRule(GaussRule.Hermite(3), [0, Math.Sqrt(3)], [2.0 / 3, 1.0 / 6]);
        AssertRule(
            GaussRule.Hermite(5), [0, Math.Sqrt(5 - Math.Sqrt(10)), Math.Sqrt(5 + Math.Sqrt(10))],
            [8.0 / 15, (7 + 2 * Math.Sqrt(10)) / 60, (7 - 2 * Math.Sqrt(10)) / 60]);
        AssertRule(GaussRule.Legendre(2), [1 / Math.Sqrt(3)], [0.5]);
        AssertRule(GaussRule.Legendre(3), [0, Math.Sqrt(0.6)], [4.0 / 9, 5.0 / 18]);
        AssertRule(
            GaussRule.Legendre(5),
            [0, Math.Sqrt(5 - 2 * Math.Sqrt(10.0 / 7)) / 3, Math.Sqrt(5 + 2 * Math.Sqrt(10.0 / 7)) / 3],
            [64.0 / 225, (322 + 13 * Math.Sqrt(70)) / 1800, (322 - 13 * Math.Sqrt(70)) / 1800]);
    }

    // d = 2 is the arcsine law (Chebyshev), d = 3 the uniform one (Archimedes); E u^2 = 1/d, E u^4 = 3 / (d (d + 2)).
    [Fact]
    public void Coordinates_of_points_on_spheres()
    {
        var chebyshev = GaussRule.SphereCoordinate(9, 2);
        for (var i = 0; i < 9; i++)
        {
            Assert.Equal(-Math.Cos((2 * i + 1) * Math.PI / 18), chebyshev.Nodes[i], 1e-14);
            Assert.Equal(1.0 / 9, chebyshev.Weights[i], 1e-14);
        }
        var legendre = GaussRule.SphereCoordinate(12, 3);
        for (var i = 0; i < 12; i++) Assert.Equal(GaussRule.Legendre(12).Nodes[i], legendre.Nodes[i], 1e-14);
        foreach (var d in new[] { 2, 3, 32, 784 })
        {
            var rule = GaussRule.SphereCoordinate(24, d);
            Assert.Equal(1, d * Mean(rule, u => u * u), 1e-13);
            Assert.Equal(1, d * (d + 2.0) / 3 * Mean(rule, u => u * u * u * u), 1e-13);
        }
    }

    [Fact]
    public void Hermite_24_is_that_of_NumPy()
    {
        var rule = GaussRule.Hermite(24);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(1, rule.Nodes[12 + i] / nodes24[i], 1e-14);
            Assert.Equal(1, rule.Weights[12 + i] / weights24[i], 1e-13);
        }
    }

    // E cos X = exp(-1/2); the error of n nodes is of the order 1/n! from n = 2 on, until rounding.
    [Fact]
    public void Smooth_integrands_converge_spectrally()
    {
        var factorial = 1.0;
        for (var n = 1; n <= 64; n++)
        {
            factorial *= n;
            Assert.Equal(Math.Exp(-0.5), Mean(GaussRule.Hermite(n), Math.Cos), 1 / factorial + 1e-15);
        }
    }

    [Fact]
    public void Impossible_sizes_are_refused()
    {
        foreach (var n in new[] { -1, 0, 257 })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => GaussRule.Hermite(n));
            Assert.Contains($"between 1 and 256 nodes, got {n}", error.Message, StringComparison.Ordinal);
        }
    }

    private static double Mean(GaussRule rule, Func<double, double> f) =>
        rule.Nodes.Zip(rule.Weights, (x, w) => w * f(x)).Sum();

    /// <summary>Compares the half of the rule that is not negative.</summary>
    private static void AssertRule(GaussRule rule, double[] nodes, double[] weights)
    {
        var skip = rule.Nodes.Length - nodes.Length;
        Assert.Equal(rule.Nodes.Length / 2, skip);
        for (var i = 0; i < nodes.Length; i++)
        {
            Assert.Equal(nodes[i], rule.Nodes[skip + i], 1e-15 * (1 + nodes[i]));
            Assert.Equal(1, rule.Weights[skip + i] / weights[i], 1e-14);
        }
    }
}
