namespace MeanFieldLimit.Solvers.Tests.Transport;

/// <summary>Entropic transport against its closed form for Gaussians, the exact distance and its own bounds, on clouds
/// and on grids.</summary>
public class EntropicTests
{
    // N(mean, s^2) on equally spaced points: sums of smooth functions are integrals to all digits.
    private static DiscreteMeasure Gaussian(double mean, double s)
    {
        double[] points = [.. Enumerable.Range(0, 181).Select(k => -9 + 0.1 * k)];
        double[] masses = [.. points.Select(x => Math.Exp(-(x - mean) * (x - mean) / (2 * s * s)))];
        var sum = masses.Sum();
        return new(1, points, [.. masses.Select(m => m / sum)]);
    }

    // Janati, Muzellec, Peyre and Cuturi 2020, theorem 1, with eps = 2 sigma^2, D = sqrt(4 A B + sigma^4):
    // OT = |m - n|^2 + A + B - D + sigma^2 (1 - log(2 sigma^2)) + sigma^2 log(D + sigma^2).
    private static double Exact(double shift, double s, double t, double epsilon)
    {
        var sigma2 = epsilon / 2;
        var d = Math.Sqrt(4 * s * s * t * t + sigma2 * sigma2);
        return shift * shift + s * s + t * t - d + sigma2 * (1 - Math.Log(2 * sigma2)) + sigma2 * Math.Log(d + sigma2);
    }

    // Sinkhorn's iteration on 3 x 3 numbers in Python: OT(mu, nu) = 1/24, OT(mu, mu) / 2 more.
    [Fact]
    public void A_divergence_of_p_above_2_that_is_negative_is_said_to_be_so()
    {
        var (a, b) = (DiscreteMeasure.Uniform(1, [0, 0.5, 1]), new DiscreteMeasure(1, [0.5], [1]));
        var divergence = WassersteinEntropic.Divergence(a, b, 0.5, 4);
        Assert.Equal(-0.03452638570073418, divergence.Value, 1e-9);
        Assert.True(divergence.IsNegative);
        Assert.Contains("it is -0.0345264 with p = 4",
            Assert.Throws<InvalidOperationException>(() => divergence.Distance).Message);
        Assert.Equal(Math.Pow(1 / 24.0, 0.25), Wasserstein.Distance(a, b, 4), 1e-14);
        foreach (var p in new[] { 1, 1.5, 2 })
        {
            Assert.False(WassersteinEntropic.Divergence(a, b, 0.5, p).IsNegative);
            Assert.False(WassersteinEntropic.Divergence(a, a, 0.5, p).IsNegative);
            Assert.InRange(WassersteinEntropic.Divergence(a, a, 0.5, p).Distance, 0, 1e-5);
        }
        Assert.False(WassersteinEntropic.Divergence(a, b, 0.01, 4).IsNegative);
    }

    [Theory, InlineData(4.0), InlineData(1.0), InlineData(0.2)]
    public void Gaussians(double epsilon)
    {
        var (a, b) = (Gaussian(-0.4, 0.9), Gaussian(0.5, 0.6));
        var solved = WassersteinEntropic.Between(a, b, epsilon);
        Assert.True(solved.Converged);
        Assert.Equal(Exact(0.9, 0.9, 0.6, epsilon), solved.DualValue, 1e-8);
        var divergence = WassersteinEntropic.Divergence(a, b, epsilon);
        Assert.True(divergence.Converged);
        Assert.Equal(Exact(0.9, 0.9, 0.6, epsilon) - (Exact(0, 0.9, 0.9, epsilon) + Exact(0, 0.6, 0.6, epsilon)) / 2,
            divergence.Value, 1e-8);
    }

    [Theory, InlineData(1.0), InlineData(2.0)]
    public void Between_the_exact_cost_and_its_plan(double p)
    {
        var (a, b) = (Clouds.Random(60, 3, 1), Clouds.Random(80, 3, 2));
        var exact = Wasserstein.Between(a, b, p).Cost;
        var cost = Clouds.Cost(a, b, p);
        foreach (var epsilon in new[] { 1.0, 0.1, 0.02 })
        {
            var solved = WassersteinEntropic.Between(a, b, epsilon, p, new(1e-8));
            Assert.True(solved.Converged && solved.MarginalError <= 1e-8);
            // KL of any coupling is at most the entropy of a marginal, hence log 60.
            Assert.InRange(solved.DualValue, exact, exact + epsilon * Math.Log(60));
            var plan = WassersteinEntropic.Plan(a, b, solved, p);
            var upper = plan.Select((mass, k) => mass * cost(k / 80, k % 80)).Sum();
            Assert.InRange(upper, exact, exact + epsilon * Math.Log(60));
            for (var i = 0; i < 60; i++) Assert.Equal(a.Masses[i], plan[(80 * i)..(80 * i + 80)].Sum(), 1e-15);
            for (var j = 0; j < 80; j++)
                Assert.Equal(b.Masses[j], Enumerable.Range(0, 60).Sum(i => plan[80 * i + j]), 1e-15);
            // The primal value of a feasible plan is an upper bound of OT_eps, as the dual value is a lower one.
            var primal = upper + epsilon * plan.Select((mass, k) =>
                mass == 0 ? 0 : mass * Math.Log(mass / (a.Masses[k / 80] * b.Masses[k % 80]))).Sum();
            Assert.InRange(primal - solved.DualValue, -1e-12, 1e-6);
        }
    }

    [Fact]
    public void An_unfinished_run_does_not_claim_convergence_and_its_bound_holds()
    {
        var (a, b) = (Clouds.Random(50, 2, 3), Clouds.Random(50, 2, 4));
        var reference = WassersteinEntropic.Between(a, b, 0.05, limits: new(1e-12, 100_000));
        Assert.True(reference.Converged);
        foreach (var most in new[] { 1, 5, 20, 60 })
        {
            var early = WassersteinEntropic.Between(a, b, 0.05, limits: new(1e-12, most));
            Assert.False(early.Converged);
            Assert.InRange(reference.DualValue, early.DualValue, early.DualValue + early.Gap);
        }
        Assert.False(WassersteinEntropic.Divergence(a, b, 0.05, limits: new(1e-12, 3)).Converged);
    }

    // |x - y|^2 of 1e12 beside eps of 1e-5: of (f + g - c) / eps no digit is left.
    [Theory, InlineData(10), InlineData(1e-5)]
    public void Costs_too_far_for_eps_do_not_converge_by_rounding(double epsilon)
    {
        static DiscreteMeasure Apart(DiscreteMeasure m) =>
            new(2, [.. m.Points.Select((x, k) => k % 8 == 0 ? x + 1e6 : x)], m.Masses);
        for (var seed = 1UL; seed < 3; seed++)
        {
            var (a, b) = (Apart(Clouds.Random(60, 2, seed)), Apart(Clouds.Random(80, 2, 50 + seed)));
            var solved = WassersteinEntropic.Between(a, b, epsilon);
            Assert.False(solved.Converged);
            Assert.InRange(Wasserstein.Between(a, b).Cost, 0, solved.DualValue + solved.Gap);
        }
    }

    [Fact]
    public void A_plan_of_points_without_mass_far_from_all_others()
    {
        var a = new DiscreteMeasure(1, [0, 1, 300], [0.5, 0.5, 0]);
        var plan = WassersteinEntropic.Plan(a, a, WassersteinEntropic.Between(a, a, 0.1));
        Assert.Equal(0.5, plan[0] + plan[1], 1e-12);
        Assert.Equal([0, 0, 0, 0, 0], [plan[2], plan[5], plan[6], plan[7], plan[8]]);
    }

    [Fact]
    public void Divergence_is_zero_of_equals_and_the_square_of_a_translation()
    {
        var a = Clouds.Random(70, 2, 5);
        var none = WassersteinEntropic.Divergence(a, a, 0.1);
        Assert.True(none.Converged);
        Assert.InRange(none.Value, -none.Gap, none.Gap);
        var moved = WassersteinEntropic.Divergence(a, Clouds.Moved(a, (x, k) => x + 0.3 + k), 0.1);
        Assert.True(moved.Converged && moved.Gap < 1e-6);
        Assert.InRange(moved.Value, 0.09 + 1.69 - moved.Gap, 0.09 + 1.69 + moved.Gap);
    }

    [Fact]
    public void Grids_are_clouds_of_their_cells()
    {
        var cells = new GridCells(6, 9, 0.5, 0.25);
        double[] a = [.. Enumerable.Range(0, 54).Select(k => k % 9 < 2 ? 0 : 1 + k % 7.0)];
        double[] b = [.. Enumerable.Range(0, 54).Select(k => k < 18 ? 0 : 2 + k % 5.0)];
        double[] Normal(double[] m) => [.. m.Select(x => x / m.Sum())];
        (a, b) = (Normal(a), Normal(b));
        foreach (var epsilon in new[] { 1.0, 0.05 })
        {
            var grid = WassersteinGrid.Divergence(cells, a, b, epsilon, new(1e-10));
            var cloud = WassersteinEntropic.Divergence(cells.Measure(a), cells.Measure(b), epsilon, 2, new(1e-10));
            Assert.True(grid.Converged && cloud.Converged);
            Assert.Equal(cloud.Between.DualValue, grid.Between.DualValue, 1e-9);
            Assert.Equal(cloud.Value, grid.Value, 1e-9);
        }
        var exact = WassersteinGrid.Exact(cells, a, b);
        Assert.InRange(exact.Gap, -1e-13, 1e-13);
        // OT_eps is in [W, W + eps log n], and of a measure with itself in [0, eps log n].
        var fine = WassersteinGrid.Divergence(cells, a, b, 1e-3, new(1e-7));
        Assert.True(fine.Converged);
        Assert.Equal(exact.Cost, fine.Value, 1e-3 * Math.Log(54));
    }

    [Fact]
    public void A_density_moved_by_whole_cells_moves_that_far()
    {
        var cells = new GridCells(32, 24, 0.1, 0.2);
        double[] Bump(double row, double column)
        {
            double[] bump = [.. Enumerable.Range(0, cells.Count).Select(k =>
                Math.Max(0, 1 - 0.05 * (Math.Pow(k / 24 - row, 2) + Math.Pow(k % 24 - column, 2))))];
            return [.. bump.Select(x => x / bump.Sum())];
        }
        // (9 rows of 0.1, 5 columns of 0.2)
        Assert.Equal(0.81 + 1, WassersteinGrid.Exact(cells, Bump(8, 9), Bump(17, 14)).Cost, 1e-12);
        var divergence = WassersteinGrid.Divergence(cells, Bump(8, 9), Bump(17, 14), 0.1);
        Assert.True(divergence.Converged);
        Assert.Equal(0.81 + 1, divergence.Value, 1e-7);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        var a = Clouds.Random(3, 2, 1);
        void Refused(string part, Action act) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(act).Message);
        Refused("epsilon must be positive and finite, got 0", () => WassersteinEntropic.Between(a, a, 0));
        Refused("Tolerance must be positive, got 0", () => WassersteinEntropic.Between(a, a, 1, 2, new(0)));
        Refused("Rows must be at least 1, got 0", () => _ = new GridCells(0, 1, 1, 1));
        Refused("ColumnSpacing must be positive and finite, got -1", () => _ = new GridCells(1, 1, 1, -1));
        Refused("has 2 masses, got 1", () => WassersteinGrid.Exact(new(1, 2, 1, 1), [1], [1]));
        Refused("they sum to 0.5", () => WassersteinGrid.Divergence(new(1, 2, 1, 1), [0.5, 0], [0.5, 0.5], 1));
    }
}
