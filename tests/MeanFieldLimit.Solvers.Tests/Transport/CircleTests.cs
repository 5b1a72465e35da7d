namespace MeanFieldLimit.Solvers.Tests.Transport;

public class CircleTests
{
    private static readonly double[] Nine = [.. Enumerable.Repeat(1.0 / 9, 9)];

    [Fact]
    public void The_distance_is_that_of_the_best_of_all_pairings()
    {
        for (var seed = 0UL; seed < 60; seed++)
        {
            var n = 2 + (int)(seed % 5);
            double[] x = Angles(seed, 0, n), y = Angles(seed, 1, n);
            var best = Permutations(n).Min(order => order.Select((j, i) => Square(x[i], y[j])).Sum() / n);
            Equal(Math.Sqrt(best), WassersteinCircle.Distance(DiscreteMeasure.Uniform(1, x),
                DiscreteMeasure.Uniform(1, y)));
        }
    }

    [Fact]
    public void Atoms_of_several_units_of_mass_are_transported_as_the_units_are()
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            // Seven units in four atoms against seven in two.
            double[] x = Angles(seed, 0, 4), y = Angles(seed, 1, 2);
            double[] units = [x[0], x[1], x[1], x[2], x[2], x[2], x[3]],
                others = [y[0], y[0], y[1], y[1], y[1], y[1], y[1]];
            var best = Permutations(7).Min(order => order.Select((j, i) => Square(units[i], others[j])).Sum() / 7);
            Equal(Math.Sqrt(best), WassersteinCircle.Distance(new(1, x, [1.0 / 7, 2.0 / 7, 3.0 / 7, 1.0 / 7]),
                new(1, y, [2.0 / 7, 5.0 / 7])));
        }
    }

    [Fact]
    public void It_is_the_value_of_the_linear_program()
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            double[] x = Angles(seed, 0, 60), y = Angles(seed, 1, 45), a = Masses(seed, 2, 60), b = Masses(seed, 3, 45);
            var program = WassersteinExact.Between(a, b, [.. x.SelectMany(v => y.Select(w => Square(v, w)))]);
            Equal(Math.Sqrt(program.Cost), WassersteinCircle.Distance(new(1, x, a), new(1, y, b)));
        }
    }

    [Fact]
    public void Turning_one_measure_by_an_angle_moves_it_by_that()
    {
        var x = Angles(5, 0, 9);
        Equal(0.3, WassersteinCircle.Distance(new(1, x, Nine), new(1, [.. x.Select(v => v + 0.3)], Nine)));
        Equal(0, WassersteinCircle.Distance(new(1, x, Nine), new(1, [.. x.Select(v => v - 20 * Math.PI)], Nine)));
    }

    [Fact]
    public void The_distance_to_the_uniform_law_is_that_to_many_points()
    {
        double[] x = Angles(8, 0, 9), masses = Masses(8, 1, 9);
        const int n = 200_000;
        var grid = DiscreteMeasure.Uniform(1, [.. Enumerable.Range(0, n).Select(k => (k + 0.5) * Math.Tau / n)]);
        Assert.InRange(WassersteinCircle.ToUniform(new(1, x, masses))
            - WassersteinCircle.Distance(new(1, x, masses), grid), -2e-5, 2e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Equally_spaced_atoms_are_as_far_from_the_uniform_law_as_arcs_are_long(int n) =>
        Equal(Math.Tau / n / Math.Sqrt(12), WassersteinCircle.ToUniform(
            DiscreteMeasure.Uniform(1, [.. Enumerable.Range(0, n).Select(k => 7 + k * Math.Tau / n)])));

    [Fact]
    public void Points_of_the_plane_are_refused()
    {
        var plane = DiscreteMeasure.Uniform(2, [0, 1]);
        Assert.Contains("one angle, got 2", Assert.Throws<ArgumentException>(() =>
            WassersteinCircle.ToUniform(plane)).Message, StringComparison.Ordinal);
    }

    private static void Equal(double expected, double found) => Assert.InRange(found - expected, -1e-9, 1e-9);

    private static double Square(double a, double b) => Math.Pow(Math.IEEERemainder(a - b, Math.Tau), 2);

    private static double[] Angles(ulong seed, ulong stream, int n)
    {
        var angles = new double[n];
        new RandomStream(seed, stream).FillUniform(0, angles);
        return [.. angles.Select(u => 9 * u - 2)];
    }

    private static double[] Masses(ulong seed, ulong stream, int n)
    {
        var masses = Angles(seed, stream, n).Select(u => u + 2.1).ToArray();
        return [.. masses.Select(m => m / masses.Sum())];
    }

    private static IEnumerable<int[]> Permutations(int n) => n == 0 ? [[]] : Permutations(n - 1)
        .SelectMany(shorter => Enumerable.Range(0, n).Select(at => (int[])[.. shorter[..at], n - 1, .. shorter[at..]]));
}
