using static MeanFieldLimit.Solvers.Tests.Densities.DensityRuns;

namespace MeanFieldLimit.Solvers.Tests.Densities;

public class StructureTests
{
    // E by its definition, term by term: the stepper's own is by Fourier transforms.
    private static double Energy(AggregationDiffusion equation, Grid grid, double[] masses)
    {
        var (d, sum) = (grid.Dimension, 0.0);
        double[] z = new double[d];
        for (var i = 0; i < masses.Length; i++)
        {
            if (masses[i] == 0) continue;
            sum += masses[i] * equation.Potential!(grid.Centres[(i * d)..((i + 1) * d)])
                + equation.Diffusion * masses[i] * Math.Log(masses[i] / grid.CellVolume);
            for (var j = 0; j < masses.Length; j++)
            {
                for (var k = 0; k < d; k++)
                {
                    z[k] = grid.Centres[i * d + k] - grid.Centres[j * d + k];
                    if (grid.Axes[k].Periodic) z[k] = Math.IEEERemainder(z[k], grid.Axes[k].End - grid.Axes[k].Start);
                }
                sum += 0.5 * equation.Interaction!(z) * masses[i] * masses[j];
            }
        }
        return sum;
    }

    [Fact]
    public void In_1000_random_problems_mass_stays_none_is_negative_and_the_energy_falls()
    {
        Parallel.For(0, 1000, seed =>
        {
            var problem = new RandomProblem(seed);
            var equation = problem.Equation.On(problem.Grid);
            var stepper = new DensityStepper(equation);
            double[] state = problem.Initial.Masses, next = new double[state.Length];
            var length = problem.Uniform(0.01, 1) * 2 / problem.Lipschitz;
            var energy = equation.Energy(problem.Initial);
            if (seed % 20 == 0) Assert.Equal(Energy(problem.Equation, problem.Grid, state), energy, 1e-11);
            for (var k = 0; k < 20; k++)
            {
                stepper.Step(new(k * length, (k + 1) * length), state, next, []);
                Assert.All(next, m => Assert.True(m >= 0));
                Assert.Equal(1, next.Sum(), 1e-12);
                var now = equation.Energy(new(problem.Grid, next));
                Assert.True(now <= energy + 1e-13 * (1 + Math.Abs(energy)), $"seed {seed} step {k}: {now - energy}");
                energy = now;
                (state, next) = (next, state.ToArray());
            }
        });
    }

    [Fact]
    public void Thousands_of_steps_in_steady_states_lose_no_mass_and_survive_subnormal_numbers()
    {
        // Rounding is the same in each of these steps; without diffusion masses fall below 1e-308.
        Parallel.For(0, 12, seed =>
        {
            var problem = new RandomProblem(seed);
            var step = 1 / problem.Lipschitz;
            var final = Run(problem.Equation, problem.Initial, 2000 * step, step);
            Assert.Equal(1, final.Masses.Sum(), 1e-12);
        });
    }

    [Theory, InlineData(1), InlineData(0.05), InlineData(0.001)]
    public void Gibbs_measures_stay_to_rounding_and_are_reached(double diffusion)
    {
        // exp(-V / D) / Z over centres, also where a cell is much longer than D / V'.
        static double Potential(double[] x) =>
            x[0] * x[0] * x[0] * x[0] - x[0] * x[0] + 0.2 * x[0] * x[1] + x[1] * x[1];
        var grid = new Grid(new Axis(-1.5, 1.5, 30), new Axis(-1, 1.2, 22));
        var least = Enumerable.Range(0, grid.Count).Min(i => Potential([.. grid.Centres[(2 * i)..(2 * i + 2)]]));
        var masses = Enumerable.Range(0, grid.Count)
            .Select(i => Math.Exp((least - Potential([.. grid.Centres[(2 * i)..(2 * i + 2)]])) / diffusion)).ToArray();
        var z = masses.Sum();
        var gibbs = new Density(grid, [.. masses.Select(m => m / z)]);
        var equation = new AggregationDiffusion(2, diffusion) { Potential = Potential };
        Assert.InRange(Run(equation, gibbs, 1000, 10).Distance(gibbs), 0, 1e-11);
        if (diffusion < 1) return;      // two wells: from one to the other it takes exp(depth / D)
        var uniform = Density.Of(grid, x => 1, double.PositiveInfinity);
        Assert.InRange(Run(equation, uniform, 100, 0.25).Distance(gibbs), 0, 1e-11);
    }

    [Fact]
    public void Mirrored_problems_have_mirrored_solutions()
    {
        var grid = new Grid(new Axis(-3, 3, 60));
        Density Solve(double sign) => Run(new AggregationDiffusion(1, 0.05)
        {
            Potential = x => Math.Sin(2 * sign * x[0]) + x[0] * x[0] / 2,
            Interaction = z => Math.Exp(-z[0] * z[0]),
        }, Density.Of(grid, x => Normal(x[0], 0.5 * sign, 0.1), 1e-3), 1, 0.02);
        var mirrored = Solve(-1).Masses.Reverse().ToArray();
        Assert.All(Solve(1).Masses.Zip(mirrored), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
    }

    [Fact]
    public void Fluxes_are_the_weak_form_and_currents_are_it_to_order_2()
    {
        // d/dt int g rho = -int grad g . grad(V + W * rho) rho + D int laplace g rho with g = sin(x + 2 y), for a
        // Gaussian and quadratic energies.
        const double diffusion = 0.3;
        double Error(int n, bool currents)
        {
            var grid = new Grid(new Axis(-5, 5, n), new Axis(-5, 5, n));
            var density = Density.Of(grid, x => Normal(x[0], 0.4, 0.5) * Normal(x[1], 0.3, 0.3));
            var equation = new AggregationDiffusion(2, diffusion)
            {
                Potential = x => (x[0] * x[0] + x[1] * x[1]) / 2,
                Interaction = z => (z[0] * z[0] + z[1] * z[1]) / 4,
            }.On(grid);
            double G(int cell) => Math.Sin(grid.Centres[2 * cell] + 2 * grid.Centres[2 * cell + 1]);
            double Slope(int cell) => Math.Cos(grid.Centres[2 * cell] + 2 * grid.Centres[2 * cell + 1]);
            var rate = 0.0;
            if (currents)
            {
                var current = equation.Currents(0, density);
                for (var i = 0; i < grid.Count; i++) rate += Slope(i) * (current[2 * i] + 2 * current[2 * i + 1]);
            }
            else
            {
                var fluxes = equation.Fluxes(0, density);
                for (var k = 0; k < 2; k++)
                    for (var i = 0; i < grid.Count; i++)
                        if (fluxes[k][i] != 0) rate += fluxes[k][i] * (G(k == 0 ? i + n : i + 1) - G(i));
            }
            // u = x + 2 y is N(M, s), M = 1, s = 0.5 + 4 * 0.3; (1, 2) . grad(V + W * rho) = 1.5 u - 0.5 M;
            // E sin(u) = e sin M, E cos(u) u = e (M cos M - s sin M) with e = exp(-s / 2).
            const double s = 1.7;
            var exact = Math.Exp(-s / 2) * (-Math.Cos(1) + (1.5 * s - 5 * diffusion) * Math.Sin(1));
            return Math.Abs(rate - exact);
        }
        foreach (var currents in new[] { false, true })
        {
            var (coarse, fine) = (Error(96, currents), Error(192, currents));
            Assert.True(fine < 1e-10 || Math.Log2(coarse / fine) is > 1.9 and < 2.3, $"{currents} {coarse} {fine}");
        }
    }

    [Fact]
    public void Steps_allocate_nothing_and_a_restart_has_the_same_bits()
    {
        var problem = new RandomProblem(7);
        var stepper = new DensityStepper(problem.Equation.On(problem.Grid));
        double[] state = [.. problem.Initial.Masses], next = new double[state.Length], error = new double[state.Length];
        stepper.Step(new(0, 0.01), state, next, error);
        (state, next) = (next, state);
        var before = GC.GetAllocatedBytesForCurrentThread();
        stepper.Step(new(0.01, 0.02), state, next, error);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        var again = new double[state.Length];
        stepper.Reset();
        stepper.Step(new(0.01, 0.02), state, again, []);
        Assert.Equal(next, again);
        new DensityStepper(problem.Equation.On(problem.Grid)).Step(new(0.01, 0.02), state, again, []);
        Assert.Equal(next, again);
    }

    [Theory]
    [InlineData(AxisEnd.Cut, AxisEnd.Periodic)]
    [InlineData(AxisEnd.Periodic, AxisEnd.Absorbing)]
    public void Threads_change_no_bit(AxisEnd first, AxisEnd second)
    {
        // Lines in several pieces, the last of them not whole, and cells in more than one range.
        var equation = new AggregationDiffusion(2, 0.1)
        {
            Potential = x => Math.Sin(3 * x[0]) * x[1] * x[1],
            Interaction = z => Math.Exp(-z[0] * z[0] - z[1] * z[1]),
        };
        Assert.Equal(After(1), After(3));

        double[] After(int threads)
        {
            var grid = new Grid(new Axis(-2, 2, 190, first, first), new Axis(-2, 2, 180, second, second))
                .WithThreads(threads);
            var stepper = new DensityStepper(equation.On(grid));
            var initial = Density.Of(grid, x => Math.Exp(-3 * x[0] * x[0] - x[1] * x[1]), lost: 10);
            double[] state = [.. initial.Masses, .. initial.Exits], next = new double[state.Length];
            var error = new double[state.Length];
            for (var k = 0; k < 3; k++)
            {
                stepper.Step(new(0.01 * k, 0.01 * (k + 1)), state, next, error);
                (state, next) = (next, state);
            }
            return [.. state, .. error];
        }
    }

    [Fact]
    public void A_step_that_would_raise_the_energy_is_refused_with_the_bound_and_below_it_passes()
    {
        // W = 100 cos z pushes phases apart, and does so too far in steps beyond about 2 / 100.
        var grid = new Grid(Axis.Circle(64));
        var equation = new AggregationDiffusion(1, 0.001) { Interaction = z => 100 * Math.Cos(z[0]) };
        var initial = Density.Of(grid, x => (1 + 0.9 * Math.Cos(x[0])) / (2 * Math.PI));
        var error = Assert.Throws<InvalidOperationException>(() => Run(equation, initial, 10, 1));
        Assert.Contains("the bound here is about", error.Message);
        Run(equation, initial, 1, 0.02);
        var adaptive = new DensitySolver(equation).Solve(initial, new(0, 1));
        Assert.InRange(adaptive.Final.Integral(x => Math.Cos(x[0])), -1e-3, 1e-3);
    }
}
