namespace MeanFieldLimit.Solvers.Tests.Quadrature;

/// <summary>Panels to compare panels with.</summary>
public class PanelLayoutTests
{
    private const double OneShift = 0.10178, OtherShift = 0.82208;

    [Theory, InlineData(OneShift), InlineData(OtherShift)]
    public void Shifted_panels_are_a_rule_of_the_same_law(double shift)
    {
        ILaw[] laws = [new Gaussian(1, 2), new Uniform(-1, 3), new Rademacher(0.5, 2), new Constant(4), new Chi(3, 1)];
        double[] squares = [5, 1 + 16.0 / 12, 4.25, 16, 3];
        var rule = new PanelTensor(64, shift);
        for (var j = 0; j < laws.Length; j++)
        {
            var nodes = rule.Discretise([laws[j]]);
            Assert.Equal(rule.CountNodes([laws[j]]), nodes.Count);
            Assert.Equal(1, nodes.Masses.Sum(), 1e-14);
            // 64 nodes in 8 panels of two standard deviations or less.
            Assert.Equal(squares[j], nodes.Points.Zip(nodes.Masses, (x, m) => m * x * x).Sum(), 1e-9);
        }
        Assert.Equal(16, new PanelTensor(8, shift).CountNodes([laws[0]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PanelTensor(8, 1));
    }

    [Fact]
    public void Layouts_have_no_node_and_no_end_inside_in_common_and_none_at_the_mean()
    {
        for (var panels = 1; panels <= 32; panels++)
        {
            // Equal panels, and the others that they are compared with.
            PanelTensor[] rules = [new(8 * panels), new(8 * Fewer(panels), OneShift), new(8 * Fewer(panels), OtherShift)];
            var nodes = rules.Select(rule => rule.Discretise([new Uniform(-1, 1)]).Points).ToArray();
            for (var a = 1; a < nodes.Length; a++)
            {
                Assert.True(Nearest(Ends(nodes[a]), [0]) > 1e-4, $"{panels} panels: end of {a} at the mean");
                for (var b = 0; b < a; b++)
                {
                    Assert.True(Nearest(nodes[a], nodes[b]) > 1e-8, $"{panels} panels: nodes of {a} and {b}");
                    Assert.True(Nearest(Ends(nodes[a]), Ends(nodes[b])) > 1e-5, $"{panels} panels: ends of {a} and {b}");
                }
            }
        }
    }

    [Fact]
    public void Nearly_every_kink_is_seen_by_one_of_two_other_layouts()
    {
        // E max(X - u, 0) = (1 - u)^2 / 4 for X uniform on [-1, 1]; u at the middle of 2000 cells.
        foreach (var panels in new[] { 1, 2, 3, 5, 8, 16, 30 })
        {
            PanelTensor[] rules = [new(8 * panels), new(8 * Fewer(panels), OneShift), new(8 * Fewer(panels), OtherShift)];
            Nodes[] nodes = [.. rules.Select(rule => rule.Discretise([new Uniform(-1, 1)]))];
            var covered = Enumerable.Range(0, 2000).Count(i =>
            {
                var u = (i + 0.5) / 1000 - 1;
                double[] means = [.. nodes.Select(n => n.Points.Zip(n.Masses, (x, m) => m * Math.Max(x - u, 0)).Sum())];
                var error = Math.Abs(means[0] - (1 - u) * (1 - u) / 4);
                return 2 * Math.Max(Math.Abs(means[1] - means[0]), Math.Abs(means[2] - means[0])) >= error;
            });
            Assert.InRange(covered, 1900, 2000);
        }
    }

    private static int Fewer(int panels) => panels < 3 ? panels + 1 : (3 * panels + 3) / 4;

    /// <summary>The ends inside: the outer nodes of neighbours are as far from them as 1 from the last node.</summary>
    private static double[] Ends(double[] nodes)
    {
        var last = GaussRule.Legendre(8).Nodes[^1];
        return [.. Enumerable.Range(0, nodes.Length / 8 - 1).Select(i =>
        {
            var (first, next) = (nodes[8 * i], nodes[8 * i + 7]);
            return (first + next) / 2 + (next - first) / 2 / last;
        })];
    }

    private static double Nearest(double[] a, double[] b) =>
        a.SelectMany(x => b.Select(y => Math.Abs(x - y))).DefaultIfEmpty(1).Min();
}
