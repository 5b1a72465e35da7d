namespace MeanFieldLimit.Solvers.Tests.Quadrature;

public class SphereProductTests
{
    /// <summary>
    /// E prod_j x_j^(a_j): 0 where an a_j is odd, otherwise prod_j (a_j - 1)!! / (d (d + 2) ... (d + a - 2)), a = sum
    /// a_j.
    /// </summary>
    private static double Moment(int[] powers)
    {
        if (powers.Any(a => a % 2 == 1)) return 0;
        var moment = 1.0;
        foreach (var power in powers)
            for (var k = power - 1; k > 0; k -= 2) moment *= k;
        for (var k = 0; k < powers.Sum(); k += 2) moment /= powers.Length + k;
        return moment;
    }

    private static double Mean(Nodes nodes, int[] powers) => Enumerable.Range(0, nodes.Count).Sum(i =>
        nodes.Masses[i] * powers.Select((a, j) => Math.Pow(nodes.Point(i)[j], a)).Aggregate(1.0, (x, y) => x * y));

    private static IEnumerable<int[]> Powers(int dimension, int degree) => dimension == 0
        ? degree == 0 ? [[]] : []
        : Enumerable.Range(0, degree + 1).SelectMany(a =>
            Powers(dimension - 1, degree - a).Select(rest => (int[])[a, .. rest]));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 2)]
    [InlineData(3, 6)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(6, 2)]
    public void Polynomials_have_their_means_up_to_the_degree_and_one_of_the_next_has_not(int dimension, int n)
    {
        var rule = new SphereProduct(n, dimension);
        var nodes = rule.Discretise();
        Assert.Equal(rule.Count, nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
            Assert.Equal(1, nodes.Point(i).ToArray().Sum(x => x * x), 1e-14);
        for (var degree = 0; degree < 2 * n; degree++)
            Assert.All(Powers(dimension, degree), a => Assert.Equal(Moment(a), Mean(nodes, a), 1e-14));
        if (dimension > 1)
            Assert.Contains(Powers(dimension, 2 * n), a => Math.Abs(Moment(a) - Mean(nodes, a)) > 1e-4);
    }

    [Fact]
    public void Second_and_fourth_moments_of_a_coordinate()
    {
        var nodes = new SphereProduct(3, 4).Discretise();
        for (var j = 0; j < 4; j++)
        {
            int[] Of(int power) => [.. Enumerable.Range(0, 4).Select(k => k == j ? power : 0)];
            Assert.Equal(1 / 4.0, Mean(nodes, Of(2)), 1e-15);
            Assert.Equal(3 / (4 * 6.0), Mean(nodes, Of(4)), 1e-15);
        }
    }

    [Fact]
    public void Too_many_points_are_counted_and_refused()
    {
        Assert.Equal(long.MaxValue, new SphereProduct(256, 100).Count);
        Assert.Throws<ArgumentException>(() => new SphereProduct(256, 100).Discretise());
        Assert.Throws<ArgumentException>(() => new SphereProduct(256, 5).Discretise());
        Assert.Throws<ArgumentOutOfRangeException>(() => new SphereProduct(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SphereProduct(3, 0));
    }
}
