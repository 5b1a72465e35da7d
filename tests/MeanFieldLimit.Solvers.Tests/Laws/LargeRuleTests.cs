namespace MeanFieldLimit.Solvers.Tests.Laws;

/// <summary>What every Gauss rule must be, up to the largest.</summary>
public class LargeRuleTests
{
    public static TheoryData<string> Laws =>
        ["chi 1", "chi 2", "chi 3", "chi 10", "chi 784", "normal", "uniform", "sphere 2", "sphere 3", "sphere 784"];

    [Theory, MemberData(nameof(Laws))]
    public void Rules_ascend_interlace_have_positive_weights_and_the_moments_of_their_law(string name)
    {
        var (kind, d) = (name.Split(' ')[0], name.Contains(' ') ? double.Parse(name.Split(' ')[1]) : 0);
        ILaw? law = kind switch
        {
            "chi" => new Chi((int)d, 1),
            "normal" => new Gaussian(0, 1),
            "uniform" => new Uniform(-1, 1),
            _ => null,
        };
        GaussRule Rule(int n) => law?.Gauss(n) ?? GaussRule.SphereCoordinate(n, (int)d);
        double[] moments = kind switch
        {
            "chi" => [d, d * (d + 2), d * (d + 2) * (d + 4)],
            "normal" => [1, 3, 15],
            "uniform" => [1.0 / 3, 1.0 / 5, 1.0 / 7],
            _ => [1 / d, 3 / (d * (d + 2)), 15 / (d * (d + 2) * (d + 4))],
        };
        int[] sizes = [.. Enumerable.Range(1, 9), .. Enumerable.Range(1, 8).Select(k => 32 * k), 216, 217, 248];
        Parallel.ForEach(sizes, n =>
        {
            var rule = Rule(n);
            var (x, w, before) = (rule.Nodes, rule.Weights, n > 1 ? Rule(n - 1).Nodes : []);
            for (var k = 0; k < moments.Length && 2 * k + 2 < 2 * n; k++)
                Assert.Equal(1, x.Zip(w, (a, b) => b * Math.Pow(a, 2 * k + 2)).Sum() / moments[k], 1e-13);
            Assert.Equal(1, w.Sum(), 1e-13);
            Assert.All(w, weight => Assert.True(weight > 0));
            for (var i = 1; i < n; i++)
                Assert.True(x[i - 1] < before[i - 1] && before[i - 1] < x[i], $"{n} nodes, {i}");
        });
    }

    [Theory, InlineData("chi 1"), InlineData("chi 2"), InlineData("normal"), InlineData("uniform")]
    public void Panels_ascend_have_positive_masses_and_the_moments_of_their_law(string name)
    {
        (ILaw law, double second, double fourth) = name switch
        {
            "chi 1" => ((ILaw)new Chi(1, 1), 1.0, 3.0),
            "chi 2" => (new Chi(2, 1), 2, 8),
            "normal" => (new Gaussian(0, 1), 1, 3),
            _ => (new Uniform(-1, 1), 1.0 / 3, 1.0 / 5),
        };
        for (var n = 64; n <= GaussRule.MaxNodes; n += 8)
        {
            var nodes = new PanelTensor(n).Discretise([law]);
            double Moment(int k) => nodes.Points.Zip(nodes.Masses, (x, m) => m * Math.Pow(x, k)).Sum();
            // What lies beyond 7 standard deviations has a fourth moment of 8e-9.
            Assert.Equal(1, Moment(2) / second, 1e-9);
            Assert.Equal(1, Moment(4) / fourth, 1e-8);
            Assert.All(nodes.Masses, mass => Assert.True(mass > 0));
            Assert.All(nodes.Points.Zip(nodes.Points.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        }
    }
}
