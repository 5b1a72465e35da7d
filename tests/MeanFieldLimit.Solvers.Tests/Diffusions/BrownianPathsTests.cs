using CsCheck;

namespace MeanFieldLimit.Solvers.Tests.Diffusions;

public class BrownianPathsTests
{
    private const int Many = 100_000;

    // Two-sided probability 7e-6 under a normal law.
    private const double Z = 4.5;

    private static readonly RandomStream Stream = new(7, 1);

    // On the grid of base steps, on halvings, and anywhere.
    private static readonly Gen<double> Time = Gen.OneOf(Gen.Int[-5, 20].Select(j => 0.3 * j),
        Gen.Int[-80, 320].Select(j => 0.3 * j / 16), Gen.Double[-1.5, 6]);

    private static double[] Between(BrownianPaths paths, double start, double end)
    {
        var increments = new double[paths.Dimension];
        paths.Increments(start, end, increments);
        return increments;
    }

    [Fact]
    public void Increments_telescope() =>
        Gen.Select(Time, Time, Time).Where((a, b, c) => b - a > 1e-6 && c - b > 1e-6).Sample((a, b, c) =>
        {
            var paths = new BrownianPaths(Stream, 3, 0.3);
            double[] first = Between(paths, a, b), second = Between(paths, b, c), both = Between(paths, a, c);
            for (var k = 0; k < both.Length; k++) Assert.Equal(both[k], first[k] + second[k], 1e-13);
        });

    [Fact]
    public void What_was_asked_before_changes_no_bit() =>
        Gen.Select(Time, Time).Where((a, b) => Math.Abs(a - b) > 1e-3).Array[20].Sample(steps =>
        {
            var one = new BrownianPaths(Stream, 2, 0.3);
            foreach (var (a, b) in steps)
            {
                var (start, end) = (Math.Min(a, b), Math.Max(a, b));
                Assert.Equal(Between(new(Stream, 2, 0.3), start, end), Between(one, start, end));
            }
        });

    [Theory]
    [InlineData(0, 0.3, 0.6, 0.9)]
    [InlineData(2, 0.3, 0.45)]
    [InlineData(3, 0.15, 0.375, 0.9)]
    [InlineData(BrownianPaths.Depth + 1, 0.3, 0.31)]
    public void It_keeps_as_many_vectors_as_it_says(int kept, params double[] times)
    {
        Assert.Equal(kept, BrownianPaths.Kept(0.3, times));
        var (paths, increments, start) = (new BrownianPaths(Stream, Many, 0.3), new double[Many], 0.0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var end in times)
        {
            paths.Increments(start, end, increments);
            start = end;
        }
        var vectors = (GC.GetAllocatedBytesForCurrentThread() - before) / (sizeof(double) * (double)Many);
        Assert.InRange(vectors, kept, kept + 0.1);
    }

    [Fact]
    public void A_path_is_the_same_among_any_number_of_others()
    {
        double[] few = new double[7], many = new double[50];
        foreach (var (start, end) in ((double, double)[])[(0, 1), (0.25, 0.3125), (0.1, 0.7), (2, 5)])
        {
            new BrownianPaths(Stream, 7, 0.5).Increments(start, end, few);
            new BrownianPaths(Stream, 50, 0.5).Increments(start, end, many);
            Assert.Equal(few, many[..7]);
        }
    }

    // For centred Gaussians Var(X Y) = Var X Var Y + Cov(X, Y)^2.
    [Fact]
    public void The_covariance_is_the_smaller_time_and_values_are_normal()
    {
        // In one base step at its halvings and elsewhere, the deepest one first, and over several.
        double[] times = [1.0 / (1 << BrownianPaths.Depth), 0.1, 0.25, 0.375, 1.0 / 3, 0.5, 0.6, 0.75, 1, 1.2, 2, 3.5];
        var paths = new BrownianPaths(Stream, Many, 1);
        double[][] values = [.. times.Select(t => Between(paths, 0, t))];
        for (var i = 0; i < times.Length; i++)
        {
            Mean(values[i].Select(v => Math.Pow(v * v / times[i], 2)), 3, 96);     // E Z^8 - 9 = 105 - 9
            for (var j = i; j < times.Length; j++)
            {
                var least = Math.Min(times[i], times[j]);
                Mean(values[i].Zip(values[j], (x, y) => x * y), least, times[i] * times[j] + least * least);
            }
        }
    }

    [Fact]
    public void Increments_of_neighbours_and_of_paths_are_independent()
    {
        var paths = new BrownianPaths(Stream, Many, 1);
        foreach (var step in (double[])[4, 1, 0.5, 0.125, 0.0078125])
        {
            double[] x = Between(paths, 8, 8 + step), y = Between(paths, 8 + step, 8 + 2 * step);
            Mean(x.Zip(y, (a, b) => a * b / step), 0, 1);
            Mean(x.Zip(y, (a, b) => (a * a / step - 1) * (b * b / step - 1)), 0, 4);
            Mean(x.Zip(x.Skip(1), (a, b) => a * b / step), 0, 1);
        }
    }

    [Fact]
    public void Every_level_and_base_step_has_draws_of_its_own()
    {
        // The left half of a part less half the part is the normal of its middle: all those of some base steps differ.
        var paths = new BrownianPaths(Stream, 1, 1);
        var seen = new HashSet<double>();
        for (var j = -3; j < 3; j++)
        {
            Assert.True(seen.Add(Between(paths, j, j + 1)[0]));
            for (var level = 0; level < 8; level++)
                for (var a = 0; a < 1 << level; a++)
                {
                    var (start, length) = (j + a * Math.Pow(2, -level), Math.Pow(2, -level));
                    var bridge = Between(paths, start, start + length / 2)[0]
                        - Between(paths, start, start + length)[0] / 2;
                    Assert.True(seen.Add(Math.Round(bridge * 2 / Math.Sqrt(length), 9)));
                }
        }
    }

    [Fact]
    public void Times_that_sums_of_steps_have_rounded_are_those_meant()
    {
        var paths = new BrownianPaths(Stream, 4, 0.1);
        double t = 0;
        for (var k = 0; k < 1000; k++, t += 0.1)
            Assert.Equal(Between(new(Stream, 4, 0.1), 0.1 * k, 0.1 * (k + 1)), Between(paths, t, t + 0.1));
    }

    [Fact]
    public void Steps_in_order_allocate_nothing()
    {
        var paths = new BrownianPaths(Stream, 100, 1);
        var increments = new double[100];
        void Run(double from)
        {
            for (var k = 0; k < 64; k++) paths.Increments(from + k / 16.0, from + (k + 1) / 16.0, increments);
        }
        Run(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(4);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200);
    }

    [Theory]
    [InlineData(1, 0, "a step must not end before it starts")]
    [InlineData(0, 1e12, "must lie within 2^32 base steps")]
    [InlineData(0, double.NaN, "must lie within 2^32 base steps")]
    public void Steps_that_have_no_increment_are_refused(double start, double end, string rule) =>
        Assert.Contains(rule, Assert.Throws<ArgumentException>(
            () => new BrownianPaths(Stream, 1, 1).Increments(start, end, new double[1])).Message);

    [Fact]
    public void A_path_stands_still_between_times_that_are_rounded_to_one()
    {
        var paths = new BrownianPaths(Stream, 1, 1);
        double[] whole = [0], first = [0], still = [1], last = [0];
        paths.Increments(0, 2, whole);
        paths.Increments(0, 0.5 - 1e-9, first);
        paths.Increments(0.5 - 1e-9, 0.5, still);
        paths.Increments(0.5, 2, last);
        Assert.Equal(0, still[0]);
        Assert.Equal(whole[0], first[0] + last[0], 1e-15);
    }

    [Fact]
    public void Bad_paths_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BrownianPaths(Stream, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BrownianPaths(Stream, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BrownianPaths(Stream, 1, 1, double.NaN));
        Assert.Throws<ArgumentException>(() => new BrownianPaths(Stream, 2, 1).Increments(0, 1, new double[1]));
    }

    private static void Mean(IEnumerable<double> values, double mean, double variance)
    {
        var all = values.ToArray();
        var bound = Z * Math.Sqrt(variance / all.Length);
        Assert.InRange(all.Average(), mean - bound, mean + bound);
    }
}
