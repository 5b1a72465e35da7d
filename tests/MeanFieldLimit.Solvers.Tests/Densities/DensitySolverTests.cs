using MathNet.Numerics;
using MeanFieldLimit.Solvers.Tests.Time;
using static MeanFieldLimit.Solvers.Tests.Densities.DensityRuns;

namespace MeanFieldLimit.Solvers.Tests.Densities;

public class DensitySolverTests
{
    private static readonly AggregationDiffusion Ornstein = new(1, 0.5) { Potential = x => x[0] * x[0] / 2 };

    [Theory, InlineData(0.05), InlineData(0.005), InlineData(null)]
    public void The_error_estimate_is_above_the_error_and_near_it(double? step)
    {
        var grid = new Grid(new Axis(-6, 6, 128));
        var solution = new DensitySolver(Ornstein) { Step = step, SaveTimes = [0.5] }
            .Solve(Density.Of(grid, x => Normal(x[0], 1.5, 0.2)), new(0, 1));
        Assert.Equal([0.5, 1], solution.Times);
        var error = Enumerable.Range(0, 2).Max(i => solution.Densities[i].Distance(Density.Of(grid,
            x => Normal(x[0], 1.5 * Math.Exp(-solution.Times[i]), 0.5 - 0.3 * Math.Exp(-2 * solution.Times[i])))));
        Assert.InRange(solution.Error.Total / error, 1, 6);
        Assert.True(solution.Energies[1] < solution.Energies[0]);
    }

    // dX = -X dt + dB on [-3, 3] goes to N(0, 1/2), of which 2.2e-5 lie outside: on fine cells all of the error.
    [Theory, InlineData(64), InlineData(256), InlineData(1024)]
    public void What_the_grid_cuts_off_is_estimated_on_fine_cells_too(int cells)
    {
        var grid = new Grid(new Axis(-3, 3, cells));
        var solution = new DensitySolver(Ornstein).Solve(Density.Of(grid, x => Normal(x[0], 0, 0.2)), new(0, 8));
        Assert.InRange(solution.Error.Total / Error(solution.Final, 0, 0.5), 1, 20);
    }

    [Theory, InlineData(0.02), InlineData(null)]
    public void Errors_are_measured_in_the_distance_that_is_given(double? step)
    {
        var grid = new Grid(new Axis(-6, 6, 128));
        var solution = new DensitySolver(Ornstein) { Step = step, Distance = BetweenSums }
            .Solve(Density.Of(grid, x => Normal(x[0], 1.5, 0.2)), new(0, 1));
        var error = BetweenSums(solution.Final, Density.Of(grid,
            x => Normal(x[0], 1.5 * Math.Exp(-1), 0.5 - 0.3 * Math.Exp(-2))));
        Assert.InRange(solution.Error.Total / error, 1, 8);
    }

    [Fact]
    public void What_is_cut_off_is_measured_by_what_the_density_is_without_it()
    {
        var start = Density.Of(new(new Axis(-3, 3, 64)), x => Normal(x[0], 0, 0.2));
        var solution = new DensitySolver(Ornstein) { Distance = (a, b) => a.Grid.Count > b.Grid.Count ? 0 : a.Distance(b) }
            .Solve(start, new(0, 8));
        Assert.Equal(2 * solution.Final.CutMass, solution.Error.Cut, 1e-14);
        Assert.InRange(solution.Error.Cut, 1e-5, 1);
    }

    [Fact]
    public void Its_runs_tell_how_far_they_are_together_and_the_first_one_is_recorded()
    {
        var (told, kept) = (new Told(), new SavedStates());
        var solution = new DensitySolver(Ornstein) { SaveTimes = [1.25], Progress = told, Recorder = kept }
            .Solve(Density.Of(new(new Axis(-6, 6, 64)), x => Normal(x[0], 0, 0.2)), new(1, 2));
        Assert.Equal(told.Times.Order(), told.Times);
        Assert.InRange(told.Times[0], 1, 1.1);
        Assert.Equal(2, told.Times[^1], 1e-12);
        Assert.Equal(solution.Times, kept.Times);
        Assert.Equal(solution.Densities.Select(d => d.Masses), kept.States);
    }

    // At rest N(m, 1/2000) has three standard deviations in a cell: what is not resolved is not called accurate.
    [Theory, InlineData(0), InlineData(0.06), InlineData(0.12), InlineData(0.2)]
    public void Where_a_density_has_gathered_in_few_cells_the_estimate_is_large(double m)
    {
        var grid = new Grid(new Axis(-6, 6, 128));
        var equation = new AggregationDiffusion(1, 0.0005) { Potential = x => (x[0] - m) * (x[0] - m) / 2 };
        var solution = new DensitySolver(equation).Solve(Density.Of(grid, x => Normal(x[0], 1, 0.2)), new(0, 8));
        var error = Error(solution.Final, m, 0.0005);
        Assert.True(solution.Error.Total >= Math.Max(error, 0.1), $"error {error}, estimate {solution.Error}");
        Assert.InRange(solution.Error.Space, 0, 2);
    }

    [Fact]
    public void Mass_that_reaches_the_end_of_the_grid_is_said_with_its_amount()
    {
        var outward = new AggregationDiffusion(1, 0.1) { Potential = x => -2 * x[0] };
        Density On(AxisEnd end) =>
            Density.Of(new(new Axis(-2, 2, 64, AxisEnd.Cut, end)), x => Normal(x[0], 0, 0.1));
        var error = Assert.Throws<InvalidOperationException>(
            () => new DensitySolver(outward).Solve(On(AxisEnd.Cut), new(0, 2)));
        Assert.Contains("at t = 2 the outermost sixteenths of the axes have 0.", error.Message);
        var atWall = new DensitySolver(outward).Solve(On(AxisEnd.Wall), new(0, 2));
        Assert.InRange(atWall.Error.Cut, 0, 1e-10);
    }

    [Fact]
    public void What_a_density_says_of_itself()
    {
        var grid = new Grid(new Axis(-6, 7, 130), new Axis(-5, 6, 110));
        var density = Density.Of(grid, x => Normal(x[0], 0.7, 1) * Normal(x[1] - 0.5 * x[0], 0.2, 0.25));
        // y = 0.2 + x / 2 + e / 2: mean 0.55, variance 1/4 + 1/4, covariance 1/2.
        Assert.Equal(0.7, density.Mean(0), 1e-6);
        Assert.Equal(0.55, density.Mean(1), 1e-5);
        Assert.Equal(1, density.Covariance(0, 0), 1e-5);
        Assert.Equal(0.5, density.Covariance(1, 1), 1e-5);
        Assert.Equal(0.5, density.Covariance(0, 1), 1e-5);
        Assert.Equal(0.5 * Math.Log(4 * Math.PI * Math.PI * Math.E * Math.E * 0.25), density.Entropy, 1e-2);
        var marginal = density.Marginal(1);
        Assert.Equal(0.55, marginal.Quantile(0.5), 1e-2);
        Assert.Equal(0.55 + 1.959964 * Math.Sqrt(0.5), marginal.Quantile(0.975), 1e-2);
        Assert.Equal(density.Mean(0), density.Coarser().Mean(0), 1e-9);
        const int points = 20000;
        var sample = density.Sample(points, new RandomStream(3, 1));
        var (mean, bound) = (0.0, 4 / Math.Sqrt(points));
        for (var i = 0; i < points; i++) mean += sample[2 * i] / points;
        Assert.InRange(mean, 0.7 - bound, 0.7 + bound);
        var measure = density.Measure;
        Assert.Equal(density.Mean(1), measure.Masses.Select((m, i) => m * measure.Points[2 * i + 1]).Sum(), 1e-12);
    }

    [Fact]
    public void Bad_input_is_refused_with_rule_value_and_remedy()
    {
        var grid = new Grid(new Axis(-1, 1, 8));
        static string Refused(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
        Assert.Contains("at least 4 cells, got 3", Refused(() => new Axis(0, 1, 3)));
        Assert.Contains("got [1, 1]", Refused(() => new Axis(1, 1, 8)));
        Assert.Contains("both ends", Refused(() => new Axis(0, 1, 8, AxisEnd.Periodic)));
        Assert.Contains("one axis or two", Refused(() => new Grid()));
        Assert.Contains("negative", Refused(() => new Density(grid, [0.5, 0.6, -0.1, 0, 0, 0, 0, 0])));
        Assert.Contains("divide them", Refused(() => new Density(grid, [0.5, 0, 0, 0, 0, 0, 0, 0])));
        Assert.Contains("widen the grid", Refused(() => Density.Of(grid, x => Normal(x[0], 0, 1))));
        Assert.Contains("not negative", Refused(() => Density.Of(grid, x => x[0])));
        Assert.Contains("the diffusion", Refused(() => new AggregationDiffusion(1, -1)));
        Assert.Contains("one or two dimensions, got 3", Refused(() => new AggregationDiffusion(3, 1)));
        Assert.Contains("it has 1", Refused(() => new AggregationDiffusion(2, 1).On(grid)));
        Assert.Contains("the potential must be finite on the grid, at (", Refused(
            () => new AggregationDiffusion(1, 1) { Potential = x => Math.Log(x[0]) }.On(grid)));
        var density = Density.Of(grid, x => 0.5);
        Assert.Contains("on one grid", Refused(() =>
            density.Distance(Density.Of(new(new Axis(-1, 1, 16)), x => 0.5))));
        Assert.Contains("got 1.5", Refused(() => density.Quantile(1.5)));
        Assert.Contains("finite bounds and length", Refused(() => new Axis(-1e308, 1e308, 8)));
        Assert.Contains("at most 0.01, got 1", Refused(() =>
            new DensitySolver(Ornstein) { Tolerance = 1 }.Solve(density, new(0, 1))));
        Assert.Contains("even numbers of cells", Refused(() => new DensitySolver(Ornstein).Solve(
            Density.Of(new(new Axis(-6, 6, 50)), x => Normal(x[0], 0, 1)), new(0, 1))));
    }

    /// <summary>W_1 on the line, int |F - G|, by F and G at the ends of the cells of the finer grid.</summary>
    private static double BetweenSums(Density density, Density other)
    {
        var (sum, f, g, parts) = (0.0, 0.0, 0.0, density.Masses.Length / other.Masses.Length);
        for (var i = 0; i < density.Masses.Length; i++)
        {
            f += density.Masses[i];
            g += other.Masses[i / parts] / parts;
            sum += Math.Abs(f - g) * density.Grid.Axes[0].Spacing;
        }
        return sum;
    }

    /// <summary>int |rho - N(mean, variance)| by cells, and outside of the grid.</summary>
    private static double Error(Density density, double mean, double variance)
    {
        var axis = density.Grid.Axes[0];
        double Below(double x) => 0.5 * SpecialFunctions.Erfc((mean - x) / Math.Sqrt(2 * variance));
        return Below(axis.Start) + 1 - Below(axis.End) + density.Masses.Select((m, i) => Math.Abs(m
            - Below(axis.Start + (i + 1) * axis.Spacing) + Below(axis.Start + i * axis.Spacing))).Sum();
    }
}
