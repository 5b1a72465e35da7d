using MathNet.Numerics;
using static MeanFieldLimit.Solvers.Tests.Densities.DensityRuns;

namespace MeanFieldLimit.Solvers.Tests.Densities;

/// <summary>Ends of axes that absorb, against closed forms of first passages; all runs keep the mass they have and what
/// left at 1.</summary>
public class AbsorbingTests
{
    private static Axis Absorbing(double start, double end, int cells) =>
        new(start, end, cells, AxisEnd.Absorbing, AxisEnd.Absorbing);

    private static double Phi(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    private static Density Run(IDensityEquation equation, Density initial, double start, double end, double step)
    {
        var state = new TimeLoop
        {
            Stepper = new DensityStepper(equation.On(initial.Grid)),
            Control = new FixedStep(step),
        }.Run([.. initial.Masses, .. initial.Exits], new(start, end)).OrThrow().State;
        Assert.Equal(1, state.Sum(), 1e-14);
        Assert.All(state, mass => Assert.True(mass >= 0));
        return new(initial.Grid, state[..initial.Grid.Count], state[initial.Grid.Count..]);
    }

    /// <summary>int |rho - exact|, and what the two ends differ by.</summary>
    private static double Error(Density density, Func<double[], double> exact, params double[] exits) =>
        density.Masses.Zip(Density.Of(density.Grid, exact, double.PositiveInfinity).Masses,
            (a, b) => Math.Abs(a - b * (1 - exits.Sum()))).Sum()
        + density.Exits.Zip(exits, (a, b) => Math.Abs(a - b)).Sum();

    // rho = sum_k A_k sin(k pi x / L) exp(-l_k t), l_k = D (k pi / L)^2; at the ends leave D |d rho / dx|.
    [Fact]
    public void Brownian_motion_between_two_ends()
    {
        const double l = 2, diffusion = 0.7, time = 0.4;
        double[] a = [Math.PI / (2 * l), 0.3];
        double Rho(double x, double t) => a[0] * Math.Sin(Math.PI * x / l) * Math.Exp(-Rate(1) * t)
            + a[1] * Math.Sin(2 * Math.PI * x / l) * Math.Exp(-Rate(2) * t);
        double Rate(int k) => diffusion * Math.Pow(k * Math.PI / l, 2);
        double Gone(int k) => a[k - 1] * l / (k * Math.PI) * (1 - Math.Exp(-Rate(k) * time));
        double ErrorOn(int n) => Error(Run(new AggregationDiffusion(1, diffusion),
            Density.Of(new(Absorbing(0, l, n)), x => Rho(x[0], 0)), 0, time, 0.8 / n),
            x => Rho(x[0], time), Gone(1) + Gone(2), Gone(1) - Gone(2));
        var (coarse, fine) = (ErrorOn(64), ErrorOn(128));
        Assert.InRange(Math.Log2(coarse / fine), 1.9, 2.2);
        Assert.InRange(fine, 0, 3e-4);
    }

    [Fact]
    public void Where_a_motion_leaves_in_the_end_is_its_mean_place()
    {
        // Brownian motion is a martingale: P(upper) = E X_0 / L.
        var grid = new Grid(Absorbing(0, 1, 64));
        var initial = Density.Of(grid, x => 12 * x[0] * x[0] * (1 - x[0]));
        var final = Run(new AggregationDiffusion(1, 1), initial, 0, 10, 0.01);
        Assert.Equal(0.6, final.Exits[1], 1e-3);
        Assert.Equal(1, final.Left, 1e-12);
    }

    // From 0 at time 0, drift mu, absorbed at a: N(mu t, 2 D t) - exp(mu a / D) N(2 a + mu t, 2 D t), whose mass is
    // what the inverse Gaussian law has beyond t. Begun at t = 0.5, given that it is there.
    [Theory, InlineData(1.0), InlineData(-0.5), InlineData(0.0)]
    public void First_passages_of_a_drift_have_the_inverse_gaussian_law(double mu)
    {
        const double a = 2, diffusion = 0.5, begin = 0.5, end = 2;
        double Rho(double x, double t) => Normal(x, mu * t, 2 * diffusion * t)
            - Math.Exp(mu * a / diffusion) * Normal(x, 2 * a + mu * t, 2 * diffusion * t);
        double Survives(double t) => Phi((a - mu * t) / Math.Sqrt(2 * diffusion * t))
            - Math.Exp(mu * a / diffusion) * Phi((-a - mu * t) / Math.Sqrt(2 * diffusion * t));
        var equation = new AggregationDiffusion(1, diffusion) { Potential = x => -mu * x[0] };
        double ErrorOn(int n) => Error(Run(equation, Density.Of(new(new Axis(-8, a, n, AxisEnd.Cut, AxisEnd.Absorbing)),
            x => Math.Max(0, Rho(x[0], begin)), double.PositiveInfinity), begin, end, 4.0 / n),
            x => Math.Max(0, Rho(x[0], end)), 0, 1 - Survives(end) / Survives(begin));
        var (coarse, fine) = (ErrorOn(128), ErrorOn(256));
        Assert.InRange(Math.Log2(coarse / fine), 1.85, 2.2);
        Assert.InRange(fine, 0, 2e-3);
    }

    // The same with cells that are longer than D / |mu| and shorter ones, where the flux goes over from upwind
    // reconstruction to central differences.
    [Theory, InlineData(3.0, 0.05), InlineData(1.0, 0.05), InlineData(-0.5, 0.05), InlineData(-2.0, 0.05)]
    [InlineData(3.0, 0.01), InlineData(1.0, 0.01), InlineData(-0.5, 0.01)]
    public void Between_long_and_short_cells_the_error_falls_and_is_covered(double mu, double diffusion)
    {
        const double a = 2, begin = 0.3;
        var end = mu > 0 ? 2.2 / mu : 1.5;
        double Rho(double x, double t) => Normal(x, mu * t, 2 * diffusion * t)
            - Math.Exp(mu * a / diffusion - (x - 2 * a - mu * t) * (x - 2 * a - mu * t) / (4 * diffusion * t))
                / Math.Sqrt(4 * Math.PI * diffusion * t);
        double Survives(double t) => Phi((a - mu * t) / Math.Sqrt(2 * diffusion * t))
            - Math.Exp(mu * a / diffusion) * Phi((-a - mu * t) / Math.Sqrt(2 * diffusion * t));
        var errors = new List<double>();
        foreach (var n in new[] { 64, 128, 256 })
        {
            var grid = new Grid(new Axis(mu < 0 ? -5.5 : -2, a, n, AxisEnd.Cut, AxisEnd.Absorbing));
            var initial = Density.Of(grid, x => Math.Max(0, Rho(x[0], begin)), double.PositiveInfinity);
            var equation = new AggregationDiffusion(1, diffusion) { Potential = x => -mu * x[0] };
            var solution = new DensitySolver(equation).Solve(initial, new(begin, end));
            errors.Add(Error(solution.Final, x => Math.Max(0, Rho(x[0], end)), 0, 1 - Survives(end) / Survives(begin)));
            Assert.InRange(errors[^1], 0, solution.Error.Total);
        }
        Assert.InRange(errors[0] / errors[1], 2, 10);
        Assert.InRange(errors[1] / errors[2], 2, 10);
    }

    // dX = -X dt + sqrt(2) dB from x_0 > 0 until 0: N(m, s) - N(-m, s), m = x_0 exp(-t), s = 1 - exp(-2 t), of mass
    // 2 Phi(m / sqrt s) - 1; by the potential and by Ito's coefficients.
    [Theory, InlineData(false), InlineData(true)]
    public void First_passages_of_an_Ornstein_Uhlenbeck_process_through_its_mean(bool ito)
    {
        const double begin = 0.3, end = 1.3, x0 = 1.5;
        static double M(double t) => x0 * Math.Exp(-t);
        static double S(double t) => 1 - Math.Exp(-2 * t);
        static double Rho(double x, double t) => Normal(x, M(t), S(t)) - Normal(x, -M(t), S(t));
        static double Survives(double t) => 2 * Phi(M(t) / Math.Sqrt(S(t))) - 1;
        IDensityEquation equation = ito ? new ItoEquation(new Ornstein())
            : new AggregationDiffusion(1, 1) { Potential = x => x[0] * x[0] / 2 };
        double ErrorOn(int n) => Error(Run(equation, Density.Of(new(new Axis(0, 8, n, AxisEnd.Absorbing)),
            x => Rho(x[0], begin), double.PositiveInfinity), begin, end, 4.0 / n),
            x => Rho(x[0], end), 1 - Survives(end) / Survives(begin), 0);
        var (coarse, fine) = (ErrorOn(128), ErrorOn(256));
        Assert.InRange(Math.Log2(coarse / fine), 1.85, 2.2);
        Assert.InRange(fine, 0, 2e-3);
    }

    [Fact]
    public void A_square_loses_by_all_four_sides_and_one_end_is_not_the_other()
    {
        // sin(pi x) sin(pi y) pi^2 / 4 falls like exp(-2 pi^2 D t), a quarter by each side; with a wall at x = 1/2,
        // half of it by the side that is left.
        const double diffusion = 0.2, time = 0.3;
        var gone = 1 - Math.Exp(-2 * Math.PI * Math.PI * diffusion * time);
        var equation = new AggregationDiffusion(2, diffusion);
        double Sides(int n, bool half)
        {
            var x = half ? new Axis(0, 0.5, n / 2, AxisEnd.Absorbing, AxisEnd.Wall) : Absorbing(0, 1, n);
            var final = Run(equation, Density.Of(new(x, Absorbing(0, 1, n)), z => Math.PI * Math.PI / (half ? 2 : 4)
                * Math.Sin(Math.PI * z[0]) * Math.Sin(Math.PI * z[1])), 0, time, 0.4 / n);
            Assert.Equal(gone, final.Left, 1e-2);
            double[] sides = half ? [0.5, 0, 0.25, 0.25] : [0.25, 0.25, 0.25, 0.25];
            return final.Exits.Zip(sides, (e, s) => Math.Abs(e - s * gone)).Sum();
        }
        foreach (var half in new[] { false, true })
            Assert.InRange(Math.Log2(Sides(32, half) / Sides(64, half)), 1.8, 2.3);
    }

    [Fact]
    public void Without_diffusion_all_that_moves_out_is_counted_and_what_moves_in_is_nothing()
    {
        var grid = new Grid(Absorbing(-1, 1, 100));
        var initial = Density.Of(grid, x => Math.Abs(x[0]) < 0.5 ? 1 : 0);
        var equation = new AggregationDiffusion(1, 0) { Potential = x => -x[0] };
        Assert.Equal(0.5, Run(equation, initial, 0, 1, 0.01).Exits[1], 5e-3);
        var gone = Run(equation, initial, 0, 3, 0.01);
        Assert.Equal(1, gone.Exits[1], 1e-6);
        Assert.Equal(0, gone.Exits[0]);
    }

    // A motion between -1 and 1, against many paths of fine steps.
    [Fact]
    public void Nonlinear_drifts_lose_what_paths_lose()
    {
        var equation = new AggregationDiffusion(1, 0.5) { Potential = x => Math.Cos(3 * x[0]) + x[0] };
        var initial = Density.Of(new(Absorbing(-1, 1, 200)), x => 0.75 * (1 - x[0] * x[0]));
        var final = Run(equation, initial, 0, 0.25, 0.0025);
        const int paths = 40_000, steps = 1000;
        var start = initial.Sample(paths, new(1, 1));
        var (lower, upper, h) = (0, 0, 0.25 / steps);
        // The continuity correction of Broadie, Glasserman and Kou (1997) for barriers seen at steps: 0.5826 s sqrt(h).
        var end = 1 - 0.5826 * Math.Sqrt(h);
        Parallel.For(0, paths, p =>
        {
            var (x, normals) = (start[p], new double[steps]);
            new RandomStream(2, (ulong)p).FillNormal(0, normals);
            foreach (var z in normals)
            {
                x += h * (3 * Math.Sin(3 * x) - 1) + Math.Sqrt(h) * z;
                if (Math.Abs(x) < end) continue;
                if (x < 0) Interlocked.Increment(ref lower);
                else Interlocked.Increment(ref upper);
                return;
            }
        });
        foreach (var (exit, count) in new[] { (final.Exits[0], lower), (final.Exits[1], upper) })
            Assert.InRange((double)count / paths, exit - 4.5 * Math.Sqrt(exit * (1 - exit) / paths) - 2e-3,
                exit + 4.5 * Math.Sqrt(exit * (1 - exit) / paths) + 2e-3);
    }

    [Theory, InlineData(null), InlineData(0.02)]
    public void The_estimate_covers_the_mass_that_left(double? step)
    {
        const double l = 1, diffusion = 0.5;
        var rate = diffusion * Math.PI * Math.PI;
        var solution = new DensitySolver(new AggregationDiffusion(1, diffusion)) { Step = step, SaveTimes = [0.1] }
            .Solve(Density.Of(new(Absorbing(0, l, 64)), x => Math.PI / 2 * Math.Sin(Math.PI * x[0])), new(0, 0.4));
        Assert.Equal([0.1, 0.4], solution.Times);
        var error = Enumerable.Range(0, 2).Max(k =>
        {
            var half = (1 - Math.Exp(-rate * solution.Times[k])) / 2;
            return Error(solution.Densities[k], x => Math.Sin(Math.PI * x[0]), half, half);
        });
        Assert.InRange(solution.Error.Total / error, 1, 8);
        Assert.Equal(0, solution.Error.Cut);
        Assert.Equal(1, solution.Final.Masses.Sum() + solution.Final.Left, 1e-14);
        // Of what is there: symmetric, of variance (1/4 - 2/pi^2).
        Assert.Equal(0.5, solution.Final.Mean(), 1e-12);
        Assert.Equal(0.25 - 2 / (Math.PI * Math.PI), solution.Final.Covariance(), 5e-4);
        Assert.Equal(0.5, solution.Final.Quantile(0.5), 1e-12);
    }

    [Fact]
    public void What_needs_all_mass_is_refused_where_it_may_leave()
    {
        var grid = new Grid(Absorbing(0, 1, 8), new Axis(0, 1, 8));
        var density = Density.Of(grid, _ => 1);
        static string Refused<T>(Func<object> act) where T : Exception => Assert.Throws<T>(act).Message;
        Assert.Contains("a measure must have mass 1", Refused<InvalidOperationException>(() => density.Measure));
        Assert.Contains("fluxes must be between cells", Assert.Throws<ArgumentException>(
            () => new AggregationDiffusion(2, 1).On(grid).Fluxes(0, density)).Message);
        Assert.Contains("along the other axis", Refused<InvalidOperationException>(() => density.Marginal(1)));
        Assert.Equal(1, density.Marginal(0).Masses.Sum(), 1e-14);
        Assert.Contains("has 4 ends", Refused<ArgumentException>(() => new Density(grid, density.Masses, [0])));
        Assert.Contains("divide them", Assert.Throws<ArgumentException>(
            () => new Density(grid, density.Masses, [0.1, 0, 0, 0])).Message);
        Assert.Empty(Density.Of(new(new Axis(0, 1, 8)), _ => 1).Exits);
    }

    private sealed class Ornstein : IItoCoefficients
    {
        public int Dimension => 1;

        public void Drift(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> drift)
        {
            for (var i = 0; i < drift.Length; i++) drift[i] = -points[i];
        }

        public void Variance(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses,
            Span<double> variance) => variance.Fill(2);
    }
}
