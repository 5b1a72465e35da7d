namespace MeanFieldLimit.Solvers.Tests.Laws;

public class LawTests
{
    // One or more examples of every law; Every_law_has_an_example notices a law without one.
    private static readonly ILaw[] examples =
    [
        new Gaussian(0.7, 1.3), new Gaussian(-2, 0), new Uniform(-1, 4), new Rademacher(0.5, 2), new Rademacher(3, 0),
        new Constant(-1.25), new Chi(5, 0.7),
    ];

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, examples.Length)];

    [Fact]
    public void Every_law_has_an_example()
    {
        var laws = typeof(ILaw).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(ILaw)));
        Assert.Equal(laws.ToHashSet(), examples.Select(e => e.GetType()).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Gauss_rule_has_the_moments_of_the_law(int example)
    {
        var law = examples[example];
        foreach (var requested in new[] { 2, 3, 24 })
        {
            var rule = law.Gauss(requested);
            Assert.Equal(law.GaussNodes(requested), rule.Nodes.Length);
            Assert.Equal(law.GaussNodes(requested), rule.Weights.Length);
            var mean = rule.Nodes.Zip(rule.Weights, (x, w) => w * x).Sum();
            var variance = rule.Nodes.Zip(rule.Weights, (x, w) => w * Math.Pow(x - mean, 2)).Sum();
            Assert.Equal(1, rule.Weights.Sum(), 1e-14);
            Assert.Equal(law.Mean, mean, 1e-13);
            Assert.Equal(law.StandardDeviation, Math.Sqrt(variance), 1e-13);
        }
    }

    // The midpoint rule of n cells leaves out of the variance what varies inside a cell. Largest for the Gaussian:
    // its outer cells give (4 log n) / n at most, the others 1/n^2.
    [Theory]
    [MemberData(nameof(Examples))]
    public void Quantile_has_the_moments_of_the_law(int example)
    {
        const int N = 100_000;
        var law = examples[example];
        var x = Enumerable.Range(0, N).Select(i => law.Quantile((i + 0.5) / N)).ToArray();
        double[] many = [.. Enumerable.Range(0, N).Select(i => (i + 0.5) / N)];
        law.Quantiles(many);
        Assert.Equal(x, many);
        var mean = x.Average();
        // The outer cells of symmetric laws cancel.
        Assert.Equal(law.Mean, mean, law is Chi ? 1.0 / N : 1e-9);
        var scale = law.StandardDeviation * law.StandardDeviation;
        Assert.Equal(scale, x.Average(v => (v - mean) * (v - mean)), 4 * Math.Log(N) / N * scale + 1e-15);
        Assert.All(x.Zip(x.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Gauss_rule_refuses_impossible_counts(int example)
    {
        foreach (var requested in new[] { -1, 0, 257 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => examples[example].GaussNodes(requested));
            Assert.Throws<ArgumentOutOfRangeException>(() => examples[example].Gauss(requested));
        }
    }

    [Fact]
    public void Finite_laws_ask_for_no_more_nodes_than_they_have_points()
    {
        Assert.Equal(24, new Gaussian(0, 1).GaussNodes(24));
        Assert.Equal(24, new Uniform(0, 1).GaussNodes(24));
        Assert.Equal(2, new Rademacher(0, 1).GaussNodes(24));
        Assert.Equal(2, new Rademacher(0, 1).GaussNodes(1));
        Assert.Equal(1, new Rademacher(0, 0).GaussNodes(24));
        Assert.Equal(1, new Gaussian(5, 0).GaussNodes(24));
        Assert.Equal(1, new Constant(5).GaussNodes(24));
        Assert.Equal([-1.5, 2.5], new Rademacher(0.5, 2).Gauss(24).Nodes);
    }

    [Fact]
    public void Equal_parameters_are_equal_laws() => Assert.Equal(new Uniform(1, 2), new Uniform(1, 2));

    [Fact]
    public void Impossible_parameters_are_refused()
    {
        Action[] impossible =
        [
            () => _ = new Gaussian(double.NaN, 1), () => _ = new Gaussian(0, -1),
            () => _ = new Gaussian(0, double.PositiveInfinity), () => _ = new Uniform(1, 1),
            () => _ = new Uniform(2, 1),
            () => _ = new Uniform(double.NaN, 1), () => _ = new Uniform(-1e308, 1e308), () => _ = new Rademacher(0, -1),
            () => _ = new Rademacher(double.NegativeInfinity, 1), () => _ = new Constant(double.NaN),
        ];
        Assert.All(impossible, make => Assert.Throws<ArgumentOutOfRangeException>(make));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Gaussian(0, -1));
        Assert.StartsWith("StandardDeviation must not be negative, got -1", error.Message, StringComparison.Ordinal);
    }
}
