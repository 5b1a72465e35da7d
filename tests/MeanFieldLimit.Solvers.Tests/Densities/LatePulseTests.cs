using static MeanFieldLimit.Solvers.Tests.Densities.DensityRuns;

namespace MeanFieldLimit.Solvers.Tests.Densities;

/// <summary>
/// dX = (-X + u) dt + sqrt(2) dB from N(0, 1), u = 4 on (5, 5.5) alone: N(m, 1) at all times, at rest until 5, with
/// m(6) = 4 (exp(-1/2) - exp(-1)).
/// </summary>
public class LatePulseTests
{
    private static readonly double mean = 4 * (Math.Exp(-0.5) - Math.Exp(-1));

    private static DensitySolution Solve(DensitySolver solver) => solver.Solve(
        Density.Of(new(new Axis(-8, 8, 128)), x => Normal(x[0], 0, 1)), new(0, 6));

    private static double Error(DensitySolution solution) =>
        solution.Final.Distance(Density.Of(solution.Final.Grid, x => Normal(x[0], mean, 1)));

    private static DensitySolver Solver(double? step = null, double longest = double.PositiveInfinity,
        double? first = null, params double[] jumps) => new(new ItoEquation(new Pulse()))
        {
            Step = step,
            LongestStep = longest,
            FirstStep = first,
            Jumps = jumps,
        };

    [Theory, InlineData(null), InlineData(0.5), InlineData(0.25), InlineData(1.0)]
    public void A_pulse_that_all_steps_pass_over_is_in_the_estimate(double? step)
    {
        // Of fixed lengths: none but 1 pass over all of it, and see more or less of it than there is.
        var solution = Solve(Solver(step));
        Assert.InRange(solution.Error.Total / Error(solution), 1, 20);
    }

    [Fact]
    public void Where_jumps_are_named_the_pulse_is_seen()
    {
        var solution = Solve(Solver(jumps: [5, 5.5]));
        Assert.Equal(0.954605, solution.Final.Mean(), 1e-3);
        Assert.InRange(Error(solution), 0, solution.Error.Total);
        Assert.InRange(solution.Error.Total, 0, 0.05);
    }

    [Theory, InlineData(0.2), InlineData(0.05)]
    public void With_a_longest_step_below_its_length_the_pulse_is_seen(double longest)
    {
        var solution = Solve(Solver(longest: longest, first: 0.01));
        // No step ends where the pulse does.
        Assert.InRange(solution.Final.Mean(), 0.9, 1);
        Assert.InRange(Error(solution), 0, solution.Error.Total);
    }

    [Fact]
    public void At_rest_nothing_is_added_to_the_estimate()
    {
        var solution = new DensitySolver(new AggregationDiffusion(1, 1) { Potential = x => x[0] * x[0] / 2 })
            .Solve(Density.Of(new(new Axis(-8, 8, 128)), x => Normal(x[0], 0, 1)), new(0, 6));
        Assert.InRange(solution.Error.Time, 0, 1e-4);
    }

    private sealed class Pulse : IItoCoefficients
    {
        public int Dimension => 1;

        public void Drift(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> drift)
        {
            for (var i = 0; i < drift.Length; i++) drift[i] = (t is >= 5 and < 5.5 ? 4 : 0) - points[i];
        }

        public void Variance(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses,
            Span<double> variance) => variance.Fill(2);
    }
}
