namespace MeanFieldLimit.Solvers.Tests.Quadrature;

public class SmolyakTests
{
    private static ILaw[] Normals(int d) => [.. Enumerable.Repeat<ILaw>(new Gaussian(0, 1), d)];

    private static double Mean(Nodes nodes, Func<double[], double> f) =>
        Enumerable.Range(0, nodes.Count).Sum(i => nodes.Masses[i] * f(nodes.Point(i).ToArray()));

    [Theory, InlineData(1, 6), InlineData(2, 5), InlineData(3, 4), InlineData(5, 3), InlineData(10, 2)]
    public void Polynomials_of_total_degree_2k_plus_1_are_exact_and_a_product_of_k_plus_1_squares_is_not(
        int d, int level)
    {
        // E of x_1^a_1 ... x_d^a_d under N(0, 1) x ... x Uniform(-1, 1): (a - 1)!! or 1 / (a + 1) for even a, else 0.
        ILaw[] laws = [.. Normals(d)[1..], new Uniform(-1, 1)];
        var nodes = new Smolyak(level).Discretise(laws);
        double Moment(int[] a) => a.Select((n, j) => n % 2 == 1 ? 0
            : j == d - 1 ? 1.0 / (n + 1)
            : Enumerable.Range(1, n / 2).Aggregate(1.0, (p, m) => p * (2 * m - 1))).Aggregate(1.0, (p, m) => p * m);
        double Error(int[] a) => Mean(nodes, x => x.Select((v, j) => Math.Pow(v, a[j])).Aggregate(1.0, (p, m) => p * m))
            - Moment(a);
        foreach (var a in Exponents(d, 2 * level + 1))
            Assert.True(Math.Abs(Error(a)) < 1e-9 * (1 + Moment(a)), $"x^({string.Join(",", a)}): {Error(a)}");
        if (d <= level) return;
        // The product of level + 1 squares has coordinates that no term of the sum resolves together.
        Assert.True(Math.Abs(Error([.. Enumerable.Range(0, d).Select(j => j <= level ? 2 : 0)])) > 0.1);
    }

    // By brute force from the definition: every multi-index with |l| <= k, each product of differences as 2^d signed
    // tensor grids, merged by exact equality of the points.
    [Theory, InlineData(1, 5), InlineData(2, 6), InlineData(3, 4), InlineData(4, 3)]
    public void Nodes_and_masses_are_those_of_the_definition(int d, int level)
    {
        ILaw[] laws = [.. Normals(d)[1..], new Uniform(1, 2)];
        var masses = new Dictionary<string, double>();
        foreach (var l in Exponents(d, level))
            for (var subset = 0; subset < 1 << d; subset++)
            {
                var lower = l.Select((n, j) => n - (subset >> j & 1)).ToArray();
                if (lower.Any(n => n < 0)) continue;
                var sign = int.PopCount(subset) % 2 == 0 ? 1 : -1;
                var tensor = new GaussTensor([.. lower.Select(n => n + 1 + n % 2)]).Discretise(laws);
                for (var i = 0; i < tensor.Count; i++)
                {
                    var key = string.Join(' ', tensor.Point(i).ToArray());
                    masses[key] = masses.GetValueOrDefault(key) + sign * tensor.Masses[i];
                }
            }
        var nodes = new Smolyak(level).Discretise(laws);
        for (var i = 0; i < nodes.Count; i++)
        {
            Assert.True(masses.Remove(string.Join(' ', nodes.Point(i).ToArray()), out var mass));
            Assert.Equal(mass, nodes.Masses[i], 1e-12);
        }
        Assert.All(masses.Values, left => Assert.Equal(0, left, 1e-14));
    }

    // Level 1: the mean and two nodes a coordinate. Level 2 adds the pairs, four nodes each. Level 3 adds the eight
    // nodes of every triple and the four new ones of the rule of 5 in every coordinate.
    [Theory, InlineData(3), InlineData(10), InlineData(50)]
    public void Nodes_of_low_levels_are_counted_by_hand(long d)
    {
        var laws = Normals((int)d);
        Assert.Equal(1, new Smolyak(0).CountNodes(laws));
        Assert.Equal(1 + 2 * d, new Smolyak(1).CountNodes(laws));
        var pairs = 1 + 2 * d + 2 * d * (d - 1);
        Assert.Equal(pairs, new Smolyak(2).CountNodes(laws));
        Assert.Equal(pairs + 8 * d * (d - 1) * (d - 2) / 6 + 4 * d, new Smolyak(3).CountNodes(laws));
        Assert.Equal(long.MaxValue, new Smolyak(60).CountNodes(laws.Concat(Normals(50)).ToArray()));
    }

    [Fact]
    public void One_coordinate_is_a_gauss_rule_and_finite_laws_stay_exact()
    {
        var line = new Smolyak(6).Discretise(Normals(1));
        var order = line.Points.Zip(line.Masses).OrderBy(p => p.First).ToArray();
        var gauss = GaussRule.Hermite(7);
        Assert.Equal(gauss.Nodes, order.Select(p => p.First));
        Assert.All(order.Zip(gauss.Weights), p => Assert.Equal(p.Second, p.First.Second, 1e-15));
        var signs = new Smolyak(1).Discretise([new Rademacher(0, 1), new Rademacher(1, 2), new Constant(3)]);
        Assert.Equal([0.25, 0.25, 0.25, 0.25], signs.Masses);
    }

    [Fact]
    public void Absolute_masses_grow_with_the_level()
    {
        double Absolute(int level) => new Smolyak(level).Discretise(Normals(6)).Masses.Sum(Math.Abs);
        Assert.Equal(1, Absolute(0), 1e-13);
        // Level 1 by hand: U_1 = (1, 4, 1) / 6, so the middle has 1 - 6 (1/3) = -1 and the others 2 in all.
        Assert.Equal(3, Absolute(1), 1e-13);
        Assert.True(Absolute(3) > Absolute(2) && Absolute(2) > Absolute(1));
    }

    [Fact]
    public void Laws_without_symmetry_whose_rules_share_no_node_are_refused()
    {
        ILaw[] laws = [new Gaussian(0, 1), new Chi(3, 1)];
        Assert.Contains("symmetric",
            Assert.Throws<ArgumentException>(() => new Smolyak(3).Discretise(laws)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Smolyak(3).CountNodes(laws));
    }

    [Fact]
    public void Levels_outside_the_range_are_refused()
    {
        Assert.Contains("between 0 and 254, got -1",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Smolyak(-1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Smolyak(255));
    }

    /// <summary>All multi-indices of d entries with sum at most n.</summary>
    private static IEnumerable<int[]> Exponents(int d, int n) => d == 0 ? [[]]
        : Enumerable.Range(0, n + 1).SelectMany(a => Exponents(d - 1, n - a).Select(rest => (int[])[a, .. rest]));
}
