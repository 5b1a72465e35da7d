namespace MeanFieldLimit.Solvers.Tests.Transport;

/// <summary>The exact solvers, on the line and by the network simplex, against brute force, closed forms, each other
/// and their own certificates.</summary>
public class WassersteinTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Equal_masses_are_the_best_permutation(int dimension)
    {
        foreach (var p in new[] { 1, 2, 3.5 })
            for (var n = 1; n <= 7; n++)
            {
                var (a, b) = (Clouds.Random(n, dimension, (ulong)n, true), Clouds.Random(n, dimension, 90, true));
                var cost = Clouds.Cost(a, b, p);
                var solved = Wasserstein.Between(a, b, p);
                Assert.Equal(Clouds.BestPermutation(n, cost), solved.Cost, 1e-13 * solved.Cost);
                Assert.True(solved.Plan.IsMap);
                Assert.Equal(n, solved.Plan.Targets.Distinct().Count());
            }
    }

    // Masses k/8: splitting every point into equal ones leaves a problem of permutations.
    [Theory, InlineData(1), InlineData(3)]
    public void Weighted_points_are_equal_points_on_top_of_each_other(int dimension)
    {
        var (a, b) = (Clouds.Random(3, dimension, 3, true), Clouds.Random(4, dimension, 4, true));
        int[] ka = [5, 2, 1], kb = [1, 3, 0, 4];
        int[] whichA = [.. ka.SelectMany((k, i) => Enumerable.Repeat(i, k))];
        int[] whichB = [.. kb.SelectMany((k, i) => Enumerable.Repeat(i, k))];
        var cost = Clouds.Cost(a, b, 2);
        var solved = Wasserstein.Between(
            new(dimension, a.Points, [.. ka.Select(k => k / 8.0)]),
            new(dimension, b.Points, [.. kb.Select(k => k / 8.0)]));
        Assert.Equal(Clouds.BestPermutation(8, (i, j) => cost(whichA[i], whichB[j])), solved.Cost, 1e-13);
        Assert.True(solved.Violation(cost) < 1e-13);
    }

    [Theory]
    [InlineData(1, 200, 300, false), InlineData(1, 400, 400, true), InlineData(2, 100, 250, false)]
    [InlineData(2, 300, 300, true), InlineData(10, 250, 40, false), InlineData(10, 120, 360, true)]
    public void Certificates_and_marginals(int dimension, int n, int m, bool equal)
    {
        var (a, b) = (Clouds.Random(n, dimension, 5, equal), Clouds.Random(m, dimension, 6, equal));
        foreach (var p in new[] { 1, 2, 1.5 })
        {
            var solved = Wasserstein.Between(a, b, p);
            Assert.InRange(solved.Gap / solved.Cost, -1e-12, 1e-12);
            Assert.InRange(solved.Violation(Clouds.Cost(a, b, p)), -1e-12, 1e-12);
            double[] left = [.. a.Masses], room = [.. b.Masses];
            for (var k = 0; k < solved.Plan.Count; k++)
            {
                Assert.True(solved.Plan.Masses[k] > 0);
                left[solved.Plan.Sources[k]] -= solved.Plan.Masses[k];
                room[solved.Plan.Targets[k]] -= solved.Plan.Masses[k];
            }
            Assert.All(left.Concat(room), rest => Assert.InRange(rest, -1e-15, 1e-15));
            Assert.True(solved.Plan.Count < n + m);
        }
    }

    [Theory, InlineData(1.0), InlineData(2.0), InlineData(3.0)]
    public void The_simplex_agrees_with_sorting_on_the_line(double p)
    {
        var (a, b) = (Clouds.Random(60, 1, 7), Clouds.Random(90, 1, 8));
        Assert.Equal(WassersteinLine.Between(a, b, p).Cost, WassersteinExact.Between(a, b, p).Cost, 1e-13);
    }

    [Fact]
    public void Two_diracs_and_translations()
    {
        Assert.Equal(5, Wasserstein.Distance(new(2, [0, 0], [1]), new(2, [3, 4], [1]), 1.7), 1e-14);
        var (a, b) = (Clouds.Random(80, 3, 9), Clouds.Random(80, 3, 10));
        double[] shift = [1, -2, 0.5];
        DiscreteMeasure Shifted(DiscreteMeasure m) => Clouds.Moved(m, (x, k) => x + shift[k]);
        Assert.Equal(Math.Sqrt(5.25), Wasserstein.Distance(a, Shifted(a)), 1e-13);
        Assert.Equal(Wasserstein.Distance(a, b), Wasserstein.Distance(Shifted(a), Shifted(b)), 1e-13);
        // W2^2(T_s mu, nu) = W2^2(mu, nu) + 2 s.(mean mu - mean nu) + |s|^2.
        double Mean(DiscreteMeasure m, int k) => m.Masses.Select((mass, i) => mass * m.Points[3 * i + k]).Sum();
        var cross = Enumerable.Range(0, 3).Sum(k => 2 * shift[k] * (Mean(a, k) - Mean(b, k)));
        Assert.Equal(Wasserstein.Between(a, b).Cost + cross + 5.25,
            Wasserstein.Between(Shifted(a), b).Cost, 1e-12);
        Assert.Equal(3 * Wasserstein.Distance(a, b, 1),
            Wasserstein.Distance(Clouds.Moved(a, (x, _) => 3 * x), Clouds.Moved(b, (x, _) => 3 * x), 1), 1e-12);
    }

    [Theory, InlineData(1), InlineData(4)]
    public void It_is_a_metric(int dimension)
    {
        foreach (var p in new[] { 1.0, 2.0, 3.0 })
        {
            var (a, b) = (Clouds.Random(40, dimension, 11), Clouds.Random(50, dimension, 12));
            var c = Clouds.Random(30, dimension, 13);
            var (ab, bc) = (Wasserstein.Distance(a, b, p), Wasserstein.Distance(b, c, p));
            var ac = Wasserstein.Distance(a, c, p);
            Assert.Equal(ab, Wasserstein.Distance(b, a, p), 1e-13);
            Assert.Equal(0, Wasserstein.Distance(a, a, p));
            Assert.True(ac < ab + bc && ab < ac + bc && bc < ab + ac);
            Assert.True(Wasserstein.Distance(a, b, p) <= Wasserstein.Distance(a, b, p + 1));
        }
    }

    // Costs of POT 0.8.2 (ot.emd2), printed by benchmarks/Transport/compare.py values. Masses and points are residues,
    // alike in any language, with many ties.
    [Theory]
    [InlineData(150, 120, 4, 2, 0.06366890552996878)]
    [InlineData(90, 200, 3, 1, 0.18811175729138466)]
    [InlineData(130, 130, 2, 3, 0.0015010532646985843)]
    public void Costs_of_another_program(int n, int m, int d, double p, double cost)
    {
        static double[] Residues(int count, int factor, int modulus, double by) =>
            [.. Enumerable.Range(0, count).Select(k => (factor * k * k + k) % modulus / by)];
        static double[] Masses(int count, int factor, int modulus)
        {
            double[] masses = [.. Residues(count, factor, modulus, 1).Select(k => k + 1)];
            return [.. masses.Select(k => k / masses.Sum())];
        }
        var a = new DiscreteMeasure(d, Residues(n * d, 7, 1009, 1009), Masses(n, 3, 89));
        var b = new DiscreteMeasure(d, Residues(m * d, 11, 1013, 1013), Masses(m, 5, 83));
        Assert.Equal(1, Wasserstein.Between(a, b, p).Cost / cost, 1e-12);
    }

    // Costs of 1e24 between the clusters must not hide those of 1 within.
    [Fact]
    public void Far_clusters_are_solved_on_their_own()
    {
        const double Far = 1L << 40;
        var (a, b) = (Clouds.Moved(Clouds.Random(60, 2, 30, true), (x, _) => Math.Round(64 * x)),
            Clouds.Moved(Clouds.Random(60, 2, 31, true), (x, _) => Math.Round(64 * x)));
        static DiscreteMeasure Twice(DiscreteMeasure m) =>
            DiscreteMeasure.Uniform(2, [.. m.Points, .. m.Points.Select(x => x + Far)]);
        Assert.Equal(1, Wasserstein.Between(Twice(a), Twice(b)).Cost / Wasserstein.Between(a, b).Cost, 1e-13);
    }

    // Costs of all sizes, and a mass that integers cannot hold: the bound must hold the true cost all the same.
    [Theory, InlineData(1), InlineData(2)]
    public void The_gap_bounds_what_rounded_masses_lose(int dimension)
    {
        var (near, far) = (new double[dimension], new double[dimension]);
        far[0] = 1e15;
        var solved = Wasserstein.Between(
            new(dimension, [.. near, .. far], [1, 1e-19]), new(dimension, near, [1]));
        Assert.InRange(1e-19 * 1e30, solved.Cost - solved.Gap, solved.Cost + solved.Gap);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Points_in_another_order_are_at_no_distance(int dimension)
    {
        for (var seed = 40UL; seed < 60; seed++)
        {
            var a = Clouds.Random(500, dimension, seed);
            var b = new DiscreteMeasure(dimension, [.. a.Points.Chunk(dimension).Reverse().SelectMany(x => x)],
                [.. a.Masses.Reverse()]);
            Assert.Equal(0, Wasserstein.Between(a, b).Cost);
        }
    }

    // Ties everywhere: points of a lattice, many on top of each other, and points without mass.
    [Fact]
    public void Degenerate_problems_end_with_a_certificate()
    {
        for (var seed = 0UL; seed < 30; seed++)
        {
            var rounded = Clouds.Moved(Clouds.Random(120, 2, seed, true), (x, _) => Math.Round(x));
            var other = Clouds.Moved(Clouds.Random(80, 2, seed + 100), (x, _) => Math.Round(x));
            double[] masses = [.. other.Masses.Select((_, i) => i % 4 == 0 ? 0 : 1 / 60.0)];
            var solved = Wasserstein.Between(rounded, new(2, other.Points, masses));
            // Costs and potentials are integers below 100: only the two sums over 200 masses are rounded.
            Assert.InRange(solved.Gap, -200 * 100 * 1.2e-16, 200 * 100 * 1.2e-16);
            Assert.InRange(solved.Violation(Clouds.Cost(rounded, other, 2)), 0, 0);
        }
    }

    [Fact]
    public void Given_costs_and_masses_of_any_total()
    {
        // A 2 x 3 problem solved by hand: the second source is cheap for target 0, the rest goes where it must.
        var solved = WassersteinExact.Between([3, 2], [2, 2, 1], [4, 1, 3, 1, 5, 6]);
        Assert.Equal(2 * 1 + 2 * 1 + 1 * 3, solved.Cost, 1e-14);
        Assert.Equal(solved.Cost, solved.DualValue, 1e-14);
    }

    [Fact]
    public void A_map_is_its_barycentres()
    {
        var a = Clouds.Random(50, 2, 20, true);
        var image = Clouds.Moved(a, (x, k) => k == 0 ? 2 * x : x * 0.5 + 1);    // the gradient of a convex function
        var back = new DiscreteMeasure(2, [.. image.Points.Chunk(2).Reverse().SelectMany(y => y)], image.Masses);
        var plan = Wasserstein.Between(a, back).Plan;
        Assert.True(plan.IsMap);
        Assert.Equal(image.Points, plan.Barycentres(50, 2, back.Points));
    }

    [Fact]
    public void Pairs_are_optimal_along_a_convex_gradient_and_not_after_a_swap()
    {
        foreach (var dimension in new[] { 1, 3 })
        {
            var a = Clouds.Random(200, dimension, 21);
            double[] y = [.. a.Points.Select(x => x + 0.3 * Math.Tanh(x))];
            var check = PairedCoupling.Of(dimension, a.Points, y, a.Masses);
            Assert.True(check.IsOptimal(1e-12));
            Assert.Equal(Wasserstein.Between(a, new(dimension, y, a.Masses)).Cost, check.Cost, 1e-13);
            for (var k = 0; k < dimension; k++) (y[k], y[dimension + k]) = (y[dimension + k], y[k]);
            var swapped = PairedCoupling.Of(dimension, a.Points, y, a.Masses);
            Assert.False(swapped.IsOptimal());
            Assert.Equal(Wasserstein.Between(a, new(dimension, y, a.Masses)).Cost, swapped.DualValue, 1e-13);
        }
    }

    // A gradient flow near its rest: costs of 1e-16 and 1e-22 between points that are 0.01 apart.
    [Theory, InlineData(1, 1e-8), InlineData(1, 1e-11), InlineData(2, 1e-8)]
    public void Pairs_that_hardly_move_are_seen_to_be_optimal(int dimension, double by)
    {
        var a = Clouds.Random(300, dimension, 22);
        var check = PairedCoupling.Of(dimension, a.Points, [.. a.Points.Select(x => x + by * Math.Sin(2 * x))],
            a.Masses);
        Assert.InRange(check.Excess, -1e-12 * check.Cost, 1e-12 * check.Cost);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        var a = Clouds.Random(3, 2, 1);
        void Refused(string part, Action act) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(act).Message);
        Refused("the source has 2 and the target 3", () => Wasserstein.Between(a, Clouds.Random(3, 3, 1)));
        Refused("p must be at least 1 and finite, got 0.5", () => Wasserstein.Between(a, a, 0.5));
        Refused("the source has 1 and the target 2", () => WassersteinExact.Between([1], [1, 1], [0, 0]));
        Refused("mass 1 of the target is -1", () => WassersteinExact.Between([1], [2, -1], [0, 0]));
        Refused("that of source 0 and target 1 is NaN",
            () => WassersteinExact.Between([1], [0.5, 0.5], [0, double.NaN]));
        Refused("1 x 2 entries, got 3", () => WassersteinExact.Between([1], [0.5, 0.5], [0, 1, 2]));
        Refused("the source has none", () => WassersteinExact.Between([], [1], []));
        Refused("coordinate 1 of point 0 is NaN", () => Wasserstein.Between(a, new(2, [0, double.NaN], [1])));
        Refused("mass 0 is -1", () => Wasserstein.Between(a, new(2, [0, 0], [-1])));
        Refused("they sum to 0.5", () => Wasserstein.Between(a, new(2, [0, 0], [0.5])));
        foreach (var d in new[] { 1, 2 })
            foreach (var scale in new[] { 1e-155, 1e155 })
            {
                var b = Clouds.Moved(Clouds.Random(9, d, 1), (x, _) => scale * x);
                Refused("multiply all of them", () => Wasserstein.Between(b, Clouds.Moved(b, (x, _) => -x)));
                Refused("multiply all of them", () => WassersteinSliced.Between(b, Clouds.Moved(b, (x, _) => -x), 2,
                    new(1, 1)));
                Assert.Equal(0, Wasserstein.Distance(new(d, new double[d], [1]), new(d, new double[d], [1])));
            }
    }
}
