using static MeanFieldLimit.Solvers.Tests.Diffusions.TestEquations;

namespace MeanFieldLimit.Solvers.Tests.Diffusions;

public class ParticleSystemTests
{
    private const double A = -0.5, B = 1, S = 0.5, Z = 4.5;

    private static readonly RandomStream Own = new(7, 3), Shared = new(7, 6);

    // Given X_0 the law of the particles is that of the linear system: the mean has variance
    // (exp(2 (a + b)) + s^2 (exp(2 (a + b)) - 1)/(2 (a + b)))/N over X_0 and B.
    [Fact]
    public void Mean_and_variance_of_the_linear_equation()
    {
        const int n = 100_000;
        var state = Run("stochastic-heun", Linear(A, B, S).Particles(Normals(n)), new BrownianPaths(Own, n, 1.0 / 32),
            1.0 / 32, 1, Normals(n));
        var growth = Math.Exp(2 * (A + B));
        var mean = state.Average();
        Assert.InRange(mean / Math.Sqrt((growth + S * S * (growth - 1) / (2 * (A + B))) / n), -Z, Z);
        var variance = Math.Exp(2 * A) + S * S * (Math.Exp(2 * A) - 1) / (2 * A);
        Assert.Equal(0.52591, variance, 1e-5);
        // 1e-4: the weak error of the method, h^2.
        var bound = Z * variance * Math.Sqrt(2.0 / n) + 1e-4;
        Assert.InRange(state.Average(x => (x - mean) * (x - mean)), variance - bound, variance + bound);
    }

    // Given B_0 the law is N(m, v), dm = (a + b) m dt + c dB_0, and v that without common noise.
    [Fact]
    public void With_common_noise_the_law_given_it_is_the_one_of_the_linear_equation()
    {
        const int n = 50_000;
        const double h = 1.0 / 32, c = 1;
        var shared = new BrownianPaths(Shared, 1, h);
        var system = new McKeanVlasov
        {
            Dimension = 1,
            Interaction = MomentInteraction.Mean(1),
            Drift = (_, x, felt, f) => f[0] = A * x[0] + B * felt[0],
            Motions = 1,
            Noise = (_, _, _, s) => s[0] = S,
            CommonMotions = 1,
            CommonNoise = (_, _, _, s) => s[0] = c,
        }.Particles(Normals(n));
        var state = Run("stochastic-heun", system, new JoinedMotion(shared, new BrownianPaths(Own, n, h)), h, 1,
            system.Initial);

        double given = 0;
        var increment = new double[1];
        for (var k = 0; k < 1024; k++)
        {
            shared.Increments(k / 1024.0, (k + 1) / 1024.0, increment);
            given += c * Math.Exp((A + B) * (1 - (k + 0.5) / 1024)) * increment[0];
        }
        Assert.True(Math.Abs(given) > 0.5, "a path on which the common noise is seen");
        var (mean, growth) = (state.Average(), Math.Exp(2 * (A + B)));
        // The strong error of the method in the common noise: |a + b| c h sqrt(int exp/12) at one standard deviation.
        var common = (A + B) * c * h * Math.Sqrt((growth - 1) / (2 * (A + B)) / 12);
        var bound = Z * (Math.Sqrt((growth + S * S * (growth - 1) / (2 * (A + B))) / n) + common);
        Assert.InRange(mean, given - bound, given + bound);
        var variance = Math.Exp(2 * A) + S * S * (Math.Exp(2 * A) - 1) / (2 * A);
        bound = Z * variance * Math.Sqrt(2.0 / n) + 1e-4;
        Assert.InRange(state.Average(x => (x - mean) * (x - mean)), variance - bound, variance + bound);
    }

    [Theory]
    [InlineData("euler-maruyama")]
    [InlineData("milstein")]
    [InlineData("stochastic-heun")]
    public void Tracers_change_no_bit_and_one_on_a_particle_stays_on_it(string method)
    {
        const int n = 2000;
        var start = Normals(n);
        var equation = Logistic(1, -1, 0.5);
        var host = new BrownianPaths(Own, n, 0.125);
        var alone = Run(method, equation.Particles(start), host, 0.125, 1, start);
        double[] masses = [.. Enumerable.Repeat(1.0 / n, n), 0, 0, 0];
        double[] points = [.. start, .. start[..2], 1e200];
        var system = new ParticleSystem(equation, new(1, points, masses));
        // The tracers' own paths are those of the first particles.
        var both = Run(method, system, new JoinedMotion(host, new BrownianPaths(Own, 3, 0.125)), 0.125, 1, points);
        Assert.Equal(alone, both[..n]);
        Assert.Equal(alone[..2], both[n..(n + 2)]);
    }

    [Fact]
    public void A_particle_in_halves_on_one_path_is_the_particle()
    {
        const int n = 300;
        var start = Normals(n);
        double[] whole = Run("milstein", Logistic(1, -1, 0.5).Particles(start), new BrownianPaths(Own, n, 0.25), 0.125,
            1, start), halves = Run("milstein", Logistic(1, -1, 0.5).Particles([.. start, .. start]),
            new JoinedMotion(new BrownianPaths(Own, n, 0.25), new BrownianPaths(Own, n, 0.25)), 0.125, 1,
            [.. start, .. start]);
        Assert.Equal(halves[..n], halves[n..]);
        Assert.True(Rms(whole, halves[..n]) < 1e-14);
    }

    [Fact]
    public void Order_of_particles_does_not_matter()
    {
        const int n = 300;
        var start = Normals(n);
        var paths = new BrownianPaths(Own, n, 0.25);
        var ahead = Run("euler-maruyama", Linear(A, B, S).Particles(start), paths, 0.25, 1, start);
        var back = Run("euler-maruyama", Linear(A, B, S).Particles([.. start.Reverse()]), new Backwards(paths), 0.25,
            1, [.. start.Reverse()]);
        Assert.True(Rms(ahead, [.. back.Reverse()]) < 1e-14);
    }

    // With N -> 2N of nested systems particle 0 keeps its path: what is left is the change of the mean field.
    [Fact]
    public void Particles_keep_their_paths_in_larger_systems()
    {
        double[] First(int n) => Run("stochastic-heun", Linear(A, 0, S).Particles(Normals(n)),
            new BrownianPaths(Own, n, 0.125), 0.125, 1, Normals(n))[..10];
        Assert.Equal(First(10), First(1000));
    }

    // One particle of two coordinates and two particles of one have the same paths.
    [Fact]
    public void Coordinates_that_do_not_see_each_other_are_particles_of_their_own()
    {
        const int n = 50;
        static McKeanVlasov Geometric(int d) => new()
        {
            Dimension = d,
            Drift = (_, x, _, f) => x.CopyTo(f),
            Diagonal = (_, x, _, deviations, slopes) =>
            {
                x.CopyTo(deviations);
                slopes.Fill(1);
            },
        };
        var matrix = new McKeanVlasov
        {
            Dimension = 2,
            Drift = (_, x, _, f) => x.CopyTo(f),
            Motions = 2,
            Noise = (_, x, _, s) => (s[0], s[3]) = (x[0], x[1]),
        };
        var start = Normals(2 * n);
        var paths = new BrownianPaths(Own, 2 * n, 0.125);
        foreach (var method in StochasticMethod.All)
        {
            var apart = Run(method.Name, Geometric(1).Particles(start), paths, 0.125, 1, start);
            Assert.Equal(apart, Run(method.Name, Geometric(2).Particles(start), paths, 0.125, 1, start));
            if (method.Name != "milstein")
                Assert.Equal(apart, Run(method.Name, matrix.Particles(start), paths, 0.125, 1, start));
        }
    }

    // Own noise mixed by a matrix, dX = M dB, has the covariance M M^T t.
    [Fact]
    public void Matrices_mix_the_motions()
    {
        const int n = 100_000;
        double[] matrix = [1, 0.5, -1, 0.3, 0, 2];
        var system = new McKeanVlasov
        {
            Dimension = 2,
            Drift = (_, _, _, _) => { },
            Motions = 3,
            Noise = (_, _, _, s) => matrix.CopyTo(s),
        }.Particles(new double[2 * n]);
        var state = Run("euler-maruyama", system, new BrownianPaths(Own, 3 * n, 1), 0.5, 1, new double[2 * n]);
        double[] expected = [2.25, 0.3 - 2, 4.09];
        var bound = Z * 4.09 * Math.Sqrt(2.0 / n);
        Assert.Equal(expected[0], state.Chunk(2).Average(x => x[0] * x[0]), bound);
        Assert.Equal(expected[1], state.Chunk(2).Average(x => x[0] * x[1]), bound);
        Assert.Equal(expected[2], state.Chunk(2).Average(x => x[1] * x[1]), bound);
    }

    // The logistic equation on its path: X = X_0 m(t)/m(0) exp(s B - s^2 t/2), up to O(1/sqrt N) of the mean field.
    [Fact]
    public void Step_doubling_bounds_the_error()
    {
        const int n = 40_000;
        const double s = 0.5, h = 1.0 / 16;
        var ones = Enumerable.Repeat(0.5, n).ToArray();
        var system = Logistic(1, -1, s).Particles(ones);
        var motion = new BrownianPaths(Own, n, h);
        var ends = new double[n];
        motion.Increments(0, 1, ends);
        var mean = 1 / (1 + Math.Exp(-1));          // m' = m (1 - m), m(0) = 1/2
        double[] exact = [.. ends.Select(b => mean * Math.Exp(s * b - s * s / 2))];
        foreach (var method in StochasticMethod.All)
        {
            var report = new StepDoubling(system, motion)
            {
                Method = method,
                Step = h,
                SaveTimes = [0.5],
                Observables = [x => x[0]],
            }.Run(new(0, 1));
            Assert.Equal(Run(method.Name, system, motion, h / 2, 1, ones), report.State);
            var error = Rms(exact, report.State);
            // The mean field's own error: the particles' mean has a standard deviation of about s m / sqrt(N).
            Assert.InRange(report.StrongError, error - 3 * s * mean / Math.Sqrt(n), 3.5 * error);
            Assert.Equal(report.State.Average(), report.Expectations[0].Value, 1e-12);
            var weak = Math.Abs(report.State.Average() - exact.Average());
            Assert.InRange(report.Expectations[0].Error, 0.5 * weak - 1e-3, 2 * weak + 1e-3);
        }
    }

    // dX_i = s mean(X) dB_i, mean(X) = exp(s mean(B) - s^2 t/(2 N)) from 1: the method leaves out what moves the mean
    // within a step, s^2 int (u - u_h) E mean(X)^2 du / N of E |error|^2 / s^2. Errors are those of 400 systems.
    [Fact]
    public void Noise_that_sees_the_mean_costs_the_root_of_step_over_particles()
    {
        const int n = 20, systems = 400, steps = 8, parts = 64;
        const double s = 0.8;
        var equation = new McKeanVlasov
        {
            Dimension = 1,
            Interaction = MomentInteraction.Mean(1),
            Drift = (_, _, _, _) => { },
            Diagonal = (_, _, felt, deviation, _) => deviation[0] = s * felt[0],
        };
        double sum = 0;
        var ones = Enumerable.Repeat(1.0, n).ToArray();
        for (var k = 0; k < systems; k++)
        {
            var motion = new BrownianPaths(new(11, (ulong)k), n, 1.0 / steps);
            var state = Run("milstein", equation.Particles(ones), motion, 1.0 / steps, 1, ones);
            var (exact, increments, mean) = ((double[])ones.Clone(), new double[n], 1.0);
            for (var j = 0; j < steps * parts; j++)
            {
                motion.Increments(j / (double)(steps * parts), (j + 1.0) / (steps * parts), increments);
                for (var i = 0; i < n; i++) exact[i] += s * mean * increments[i];
                mean *= Math.Exp(s * increments.Average() - s * s / (2.0 * n * steps * parts));
            }
            sum += Math.Pow(Rms(exact, state), 2);
        }
        var growth = s * s / n;
        var theory = s * s * growth / (2 * steps) * (Math.Exp(growth) - 1) / growth;
        // The squares of a system share their mean: its relative variance is not far from 2.
        Assert.InRange(sum / systems / theory, 1 - Z * Math.Sqrt(2.0 / systems), 1 + Z * Math.Sqrt(2.0 / systems));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        void Refused(string rule, Func<ParticleSystem> action) =>
            Assert.Contains(rule, Assert.Throws<ArgumentException>(action).Message);
        McKeanVlasov none = new() { Dimension = 1, Drift = (_, _, _, _) => { }, Motions = 2 };
        Refused("own noise needs its number of motions", () => none.Particles([0.0]));
        none = new() { Dimension = 1, Drift = (_, _, _, _) => { }, CommonNoise = (_, _, _, _) => { } };
        Refused("common noise needs its number", () => none.Particles([0.0]));
        none = new() { Dimension = 2, Drift = (_, _, _, _) => { }, Interaction = MomentInteraction.Mean(1) };
        Refused("must have the equation's dimension 2, got 1", () => none.Particles([0.0, 1]));
        Refused("points must have the equation's dimension 1, got 2",
            () => new ParticleSystem(Linear(1, 1, 1), DiscreteMeasure.Uniform(2, [0, 0])));
        Refused("masses must sum to 1", () => new ParticleSystem(Linear(1, 1, 1), new(1, [0], [0.5])));
    }

    private sealed class Backwards(BrownianPaths paths) : IBrownianMotion
    {
        public int Dimension => paths.Dimension;

        public void Increments(double start, double end, Span<double> increments)
        {
            paths.Increments(start, end, increments);
            increments.Reverse();
        }
    }
}
