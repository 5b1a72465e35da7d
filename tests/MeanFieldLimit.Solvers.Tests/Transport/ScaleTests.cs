namespace MeanFieldLimit.Solvers.Tests.Transport;

/// <summary>W(c x) = c W(x), and costs are linear in masses: to the last bit where c is a power of 2, up to where
/// numbers end, which is said.</summary>
public class ScaleTests
{
    [Theory, InlineData(1), InlineData(1e-300), InlineData(1e-310), InlineData(1e300)]
    public void Given_masses_of_any_size(double mass)
    {
        var solved = WassersteinExact.Between([mass, 2 * mass], [3 * mass], [2, 2]);
        Assert.Equal(6 * mass, solved.Cost, double.Epsilon);
        Assert.Equal([mass, 2 * mass], solved.Plan.Masses.Order());
        Assert.Equal(6 * mass, solved.DualValue, double.Epsilon);
        Assert.InRange(solved.Gap, double.Epsilon, 1e-14 * mass + 2 * double.Epsilon);
    }

    [Theory, InlineData(-1000, 0), InlineData(900, 0), InlineData(0, -1000), InlineData(0, 1000), InlineData(700, -990)]
    [InlineData(-990, 980)]
    public void Masses_and_costs_times_powers_of_2(int mass, int cost)
    {
        var (a, b) = (Clouds.Random(40, 2, 1), Clouds.Random(60, 2, 2));
        var c = Clouds.Cost(a, b, 2);
        double[] Times(double[] values, int exponent) => [.. values.Select(v => Math.ScaleB(v, exponent))];
        double[] costs = [.. Enumerable.Range(0, 40 * 60).Select(k => c(k / 60, k % 60))];
        var one = WassersteinExact.Between(a.Masses, b.Masses, costs);
        var scaled = WassersteinExact.Between(Times(a.Masses, mass), Times(b.Masses, mass), Times(costs, cost));
        Assert.Equal(Math.ScaleB(one.Cost, mass + cost), scaled.Cost);
        Assert.Equal(Math.ScaleB(one.DualValue, mass + cost), scaled.DualValue);
        Assert.Equal(Times(one.SourcePotentials, cost), scaled.SourcePotentials);
        Assert.Equal(Times(one.Plan.Masses, mass), scaled.Plan.Masses);
        Assert.InRange(scaled.Gap, 0, 1e-12 * scaled.Cost);
    }

    [Fact]
    public void A_cost_that_is_no_double_is_refused()
    {
        void Refused(string part, Action act) => Assert.Contains(part, Assert.Throws<ArgumentException>(act).Message);
        Refused("must be a double", () => WassersteinExact.Between([1e200], [1e200], [1e200]));
        Refused("must be a double", () => WassersteinExact.Between([1e-200], [1e-200], [1e-200]));
        Refused("the source has 1E-300 and the target 2E-300", () => WassersteinExact.Between([1e-300], [2e-300], [1]));
        // Points move by 1e-9, whose 40th power is none.
        foreach (var d in new[] { 1, 2 })
        {
            var (near, far) = (new double[2 * d], new double[2 * d]);
            (near[0], near[d]) = (1, 0);
            (far[0], far[d]) = (1 + 1e-9, 0);
            Refused("take a smaller p", () => Wasserstein.Between(DiscreteMeasure.Uniform(d, near),
                DiscreteMeasure.Uniform(d, far), 40));
            Refused("take a smaller p", () => WassersteinSliced.Between(DiscreteMeasure.Uniform(d, near),
                DiscreteMeasure.Uniform(d, far), 2, new(1, 1), 40));
        }
    }

    [Theory, InlineData(-300), InlineData(300)]
    public void Coordinates_times_powers_of_2(int exponent)
    {
        DiscreteMeasure Times(DiscreteMeasure m) => Clouds.Moved(m, (x, _) => Math.ScaleB(x, exponent));
        foreach (var d in new[] { 1, 3 })
        {
            var (a, b) = (Clouds.Random(30, d, 3), Clouds.Random(50, d, 4));
            Assert.Equal(Math.ScaleB(Wasserstein.Distance(a, b), exponent), Wasserstein.Distance(Times(a), Times(b)));
            Assert.Equal(Math.ScaleB(Wasserstein.Distance(a, b, 1), exponent),
                Wasserstein.Distance(Times(a), Times(b), 1));
            Assert.Equal(Math.ScaleB(WassersteinSliced.Between(a, b, 9, new(1, 1)).Distance, exponent),
                WassersteinSliced.Between(Times(a), Times(b), 9, new(1, 1)).Distance);
            var entropic = WassersteinEntropic.Divergence(a, b, 0.5);
            var scaled = WassersteinEntropic.Divergence(Times(a), Times(b), Math.ScaleB(0.5, 2 * exponent));
            Assert.True(scaled.Converged);
            Assert.Equal(1, Math.ScaleB(scaled.Value, -2 * exponent) / entropic.Value, 1e-9);
        }
        var one = WassersteinToLaw.Distance(Clouds.Random(30, 1, 3), new Gaussian(0.5, 2), 3);
        Assert.Equal(Math.ScaleB(one, exponent), WassersteinToLaw.Distance(Times(Clouds.Random(30, 1, 3)),
            new Gaussian(Math.ScaleB(0.5, exponent), Math.ScaleB(2, exponent)), 3));
        var cells = new GridCells(6, 5, 0.3, 0.2);
        var large = new GridCells(6, 5, Math.ScaleB(0.3, exponent), Math.ScaleB(0.2, exponent));
        double[] p = Clouds.Random(30, 1, 5).Masses, q = Clouds.Random(30, 1, 6).Masses;
        Assert.Equal(Math.ScaleB(WassersteinGrid.Exact(cells, p, q).Distance, exponent),
            WassersteinGrid.Exact(large, p, q).Distance);
        Assert.Equal(1, Math.ScaleB(WassersteinGrid.Divergence(large, p, q, Math.ScaleB(0.1, 2 * exponent)).Value,
            -2 * exponent) / WassersteinGrid.Divergence(cells, p, q, 0.1).Value, 1e-9);
    }

    [Theory, InlineData(-500), InlineData(-300), InlineData(300), InlineData(500)]
    public void Gaussians_of_any_size(int exponent)
    {
        double[] Times(double[] values, int by) => [.. values.Select(v => Math.ScaleB(v, by))];
        double[] m = [1, 2], a = [4, 1, 1, 9], n = [4, 6], b = [1, 0.5, 0.5, 25];
        var one = WassersteinGaussian.Between(m, a, n, b);
        var scaled = WassersteinGaussian.Between(Times(m, exponent), Times(a, 2 * exponent), Times(n, exponent),
            Times(b, 2 * exponent));
        Assert.Equal(1, Math.ScaleB(scaled.Distance, -exponent) / one.Distance, 1e-14);
        Assert.Equal(one.Map!, scaled.Map!, (x, y) => Math.Abs(x - y) < 1e-13);
        // Means far beyond the deviations, and deviations of different sizes: the map is their ratio.
        Assert.Equal(1, WassersteinGaussian.Between([0], [1e-300], [Math.ScaleB(1, exponent)], [1e-300]).Distance
            / Math.ScaleB(1, exponent), 1e-14);
        var sizes = WassersteinGaussian.Between([0], [Math.ScaleB(1, 2 * exponent)], [0], [1]);
        Assert.Equal(1, sizes.Map![0] * Math.ScaleB(1, exponent), 1e-14);
        Assert.Equal(1, sizes.Distance / Math.Abs(Math.ScaleB(1, exponent) - 1), 1e-14);
        Assert.Equal(1, sizes.DualValue!.Value / sizes.Cost, 1e-14);
    }
}
