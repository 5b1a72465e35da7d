namespace MeanFieldLimit.Solvers.Tests.Quadrature;

/// <summary>What every quadrature rule promises; Every_rule_has_an_example notices a rule without one.</summary>
public class RuleTests
{
    private static readonly RandomStream stream = new(1, 2);

    private static readonly IQuadratureRule[] examples =
        [new GaussTensor(8), new PanelTensor(24), new MonteCarlo(4096, stream), new Sobol(4096, stream),
            new Smolyak(5), new Star(4), new MidpointTensor(40, 8, 6)];

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, examples.Length)];

    [Fact]
    public void Every_rule_has_an_example()
    {
        var rules = typeof(IQuadratureRule).Assembly.GetTypes()
            .Where(t => t.IsClass && t.IsAssignableTo(typeof(IQuadratureRule)));
        // Mirrored is of another rule and of laws that have coordinates to mirror: it has tests of its own.
        rules = rules.Where(t => t != typeof(Mirrored));
        Assert.Equal(rules.ToHashSet(), examples.Select(e => e.GetType()).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Counted_nodes_are_the_nodes_and_their_mass_is_one(int example)
    {
        ILaw[] laws = [new Gaussian(1, 2), new Constant(3), new Rademacher(0, 1), new Uniform(-1, 0)];
        for (var d = 0; d <= laws.Length; d++)
        {
            var nodes = examples[example].Discretise(laws[..d]);
            Assert.Equal(examples[example].CountNodes(laws[..d]), nodes.Count);
            Assert.Equal(d, nodes.Dimension);
            Assert.Equal(nodes.Count * d, nodes.Points.Length);
            Assert.Equal(1, nodes.Masses.Sum(), 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Nothing_to_integrate_is_one_node(int example)
    {
        Assert.Equal([1.0], examples[example].Discretise([]).Masses);
        var constants = examples[example].Discretise([new Constant(2), new Gaussian(-1, 0)]);
        Assert.Equal([1.0], constants.Masses);
        Assert.Equal([2.0, -1.0], constants.Point(0).ToArray());
    }

    // Monte Carlo bounds: 4.5 sigma / sqrt(n), sigma^2 = Var f; the other rules are better still.
    [Theory]
    [MemberData(nameof(Examples))]
    public void Means_of_independent_coordinates(int example)
    {
        ILaw[] laws = [new Gaussian(1, 2), new Rademacher(0, 1), new Uniform(-1, 0), new Constant(3)];
        var nodes = examples[example].Discretise(laws);
        AssertMean(nodes, p => p[0], 1, 4);
        AssertMean(nodes, p => p[0] * p[1], 0, 5);
        AssertMean(nodes, p => p[0] * p[2] * p[3], -1.5, 9 * (5.0 / 3 - 0.25));
        AssertMean(nodes, p => p[1] * p[1] * p[3], 3, 1e-24);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Same_arguments_same_bits(int example)
    {
        ILaw[] laws = [new Gaussian(0, 1), new Uniform(0, 1)];
        Assert.Equal(examples[example].Discretise(laws).Points, examples[example].Discretise(laws).Points);
    }

    [Fact]
    public void Fewer_equal_masses_are_a_prefix()
    {
        ILaw[] laws = [new Gaussian(0, 1), new Uniform(0, 1), new Gaussian(0, 1)];
        foreach (var rule in (Func<int, IQuadratureRule>[])[n => new MonteCarlo(n, stream), n => new Sobol(n, stream)])
            Assert.Equal(rule(100).Discretise(laws).Points, rule(999).Discretise(laws).Points[..300]);
    }

    [Fact]
    public void Last_coordinate_of_a_tensor_varies_fastest()
    {
        var nodes = new GaussTensor([2, 5, 3]).Discretise([new Gaussian(0, 1), new Constant(7), new Gaussian(0, 1)]);
        var (a, b) = (GaussRule.Hermite(2), GaussRule.Hermite(3));
        Assert.Equal(6, nodes.Count);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal([a.Nodes[i / 3], 7, b.Nodes[i % 3]], nodes.Point(i).ToArray());
            Assert.Equal(a.Weights[i / 3] * b.Weights[i % 3], nodes.Masses[i]);
        }
    }

    [Fact]
    public void Huge_tensors_are_counted_and_refused()
    {
        var tensor = new GaussTensor(24);
        var laws = Enumerable.Repeat<ILaw>(new Gaussian(0, 1), 100).ToArray();
        Assert.Equal(24L * 24 * 24 * 24 * 24 * 24 * 24, tensor.CountNodes(laws[..7]));
        Assert.Equal(long.MaxValue, tensor.CountNodes(laws));
        var error = Assert.Throws<ArgumentException>(() => tensor.Discretise(laws));
        Assert.Contains("must fit into one array", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => tensor.Discretise(laws[..7]));
        Assert.Throws<ArgumentException>(() => new Sobol(int.MaxValue, stream).Discretise(laws));
    }

    [Fact]
    public void Impossible_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussTensor(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussTensor([3, 0]));
        Assert.Throws<ArgumentException>(() => new GaussTensor([3, 3]).CountNodes([new Gaussian(0, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarlo(0, stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sobol(0, stream));
        var many = Enumerable.Repeat<ILaw>(new Uniform(0, 1), 1112).ToArray();
        var error = Assert.Throws<ArgumentException>(() => new Sobol(1, stream).Discretise(many));
        Assert.Contains("at most 1111 coordinates, got 1112", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Nodes(2, new double[5], new double[2]));
    }

    private static void AssertMean(Nodes nodes, Func<double[], double> f, double mean, double variance)
    {
        var sum = 0.0;
        for (var i = 0; i < nodes.Count; i++)
            sum += nodes.Masses[i] * f(nodes.Point(i).ToArray());
        Assert.Equal(mean, sum, 4.5 * Math.Sqrt(variance / 4096) + 1e-13);
    }
}
