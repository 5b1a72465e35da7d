using MeanFieldLimit.Solvers.Tests.Time;
using static MeanFieldLimit.Solvers.Tests.Diffusions.TestEquations;

namespace MeanFieldLimit.Solvers.Tests.Diffusions;

public class StochasticMethodTests
{
    private static readonly RandomStream Stream = new(7, 2);

    public static TheoryData<string> Names => [.. StochasticMethod.All.Select(m => m.Name)];

    // Independent geometric Brownian motions, X = exp((a - s^2/2) t + s B).
    [Theory]
    [InlineData("euler-maruyama", 0.5)]
    [InlineData("stochastic-heun", 0.5)]
    [InlineData("milstein", 1)]
    public void Strong_order_for_multiplicative_noise(string method, double order)
    {
        const double a = 0.5, s = 0.6;
        const int n = 4000;
        var motion = new BrownianPaths(Stream, n, 1);
        var ones = Enumerable.Repeat(1.0, n).ToArray();
        var system = Logistic(a, 0, s).Particles(ones);
        var ends = new double[n];
        motion.Increments(0, 1, ends);
        double[] exact = [.. ends.Select(b => Math.Exp(a - s * s / 2 + s * b))];
        double[] errors = [.. Enumerable.Range(4, 5).Select(k =>
            Rms(exact, Run(method, system, motion, Math.Pow(2, -k), 1, ones)))];
        Assert.InRange(Order(errors), order - 0.1, order + 0.1);
    }

    // dX = (4 cos(3t) sin X - X) dt + (0.5 + t) dB, against a run of another method with steps 32 times shorter.
    [Theory, MemberData(nameof(Names))]
    public void Strong_order_for_additive_noise_of_a_nonlinear_equation(string method)
    {
        const int n = 500;
        var equation = new McKeanVlasov
        {
            Dimension = 1,
            Drift = (t, x, _, f) => f[0] = 4 * Math.Cos(3 * t) * Math.Sin(x[0]) - x[0],
            Diagonal = (t, _, _, deviation, _) => deviation[0] = 0.5 + t,
        };
        var start = Normals(n);
        var system = equation.Particles(start);
        var motion = new BrownianPaths(Stream, n, 1.0 / 32);
        var reference = Run(method == "stochastic-heun" ? "euler-maruyama" : "stochastic-heun", system, motion,
            Math.Pow(2, -14), 1, start);
        double[] errors = [.. Enumerable.Range(5, 5).Select(k =>
            Rms(reference, Run(method, system, motion, Math.Pow(2, -k), 1, start)))];
        Assert.InRange(Order(errors), 0.9, 1.1);
    }

    // The error of dX = a X dt + s dB has the variance a^2 s^2 h^2/12 int exp(2 a (1 - u)) du to leading order. For
    // normal errors, 2 % is 4.5 standard deviations sqrt(1/(2 n)) of an rms of n = 25,000.
    [Fact]
    public void Heun_has_the_error_of_the_best_method_that_sees_only_increments()
    {
        const double a = -2, s = 0.8, h = 1.0 / 64;
        const int n = 25_000, parts = 32;
        var motion = new BrownianPaths(Stream, n, h);
        var exact = new double[n];
        var part = new double[n];
        for (var k = 0; k < 64 * parts; k++)
        {
            motion.Increments(k * h / parts, (k + 1) * h / parts, part);
            var weight = s * Math.Exp(a * (1 - (k + 0.5) * h / parts));
            for (var i = 0; i < n; i++) exact[i] += weight * part[i];
        }
        var state = Run("stochastic-heun", Linear(a, 0, s).Particles(new double[n]), motion, h, 1, new double[n]);
        var theory = Math.Abs(a) * s * h * Math.Sqrt((Math.Exp(2 * a) - 1) / (2 * a) / 12);
        Assert.InRange(Rms(exact, state) / theory, 0.98 - h, 1.02 + h);
    }

    [Fact]
    public void Heun_without_noise_has_order_two()
    {
        double[] errors = [.. Enumerable.Range(6, 4).Select(k => Waves.Error(Run("stochastic-heun",
            new Noiseless(new Waves()), new JoinedMotion(), Math.Pow(2, -k), 3, Waves.Initial), 3))];
        Assert.InRange(Math.Log2(errors[^2] / errors[^1]), 1.9, 2.1);
    }

    // Weak error of E X^2 of dX = a X dt + s dB from X_0 = 1: Euler-Maruyama has the second moment of its own linear
    // recursion, m' = (1 + a h)^2 m + s^2 h, and Heun m' = g^2 m + (1 + a h/2)^2 s^2 h, g = 1 + a h + a^2 h^2/2.
    [Theory]
    [InlineData("euler-maruyama")]
    [InlineData("milstein")]
    [InlineData("stochastic-heun")]
    public void Second_moments_are_those_of_the_recursion(string method)
    {
        const double a = -1, s = 0.7, h = 0.125;
        const int n = 200_000;
        var moment = 1.0;
        for (var k = 0; k < 8; k++)
            moment = method == "stochastic-heun"
                ? Math.Pow(1 + a * h + a * a * h * h / 2, 2) * moment + Math.Pow(1 + a * h / 2, 2) * s * s * h
                : Math.Pow(1 + a * h, 2) * moment + s * s * h;
        var ones = Enumerable.Repeat(1.0, n).ToArray();
        var state = Run(method, Linear(a, 0, s).Particles(ones), new BrownianPaths(Stream, n, h), h, 1, ones);
        var mean = Math.Pow(method == "stochastic-heun" ? 1 + a * h + a * a * h * h / 2 : 1 + a * h, 8);
        var variance = moment - mean * mean;
        // Var X^2 = 2 v^2 + 4 m^2 v of N(m, v)
        var bound = 4.5 * Math.Sqrt((2 * variance * variance + 4 * mean * mean * variance) / n);
        Assert.InRange(state.Average(x => x * x), moment - bound, moment + bound);
    }

    [Fact]
    public void Methods_that_do_not_fit_are_refused()
    {
        var common = new McKeanVlasov
        {
            Dimension = 1,
            Drift = (_, _, _, _) => { },
            CommonMotions = 1,
            CommonNoise = (_, _, _, s) => s[0] = 1,
        };
        var system = common.Particles([0.0, 1]);
        Assert.Contains("diagonal", Assert.Throws<ArgumentException>(
            () => new Milstein(system, new BrownianPaths(Stream, 1, 1))).Message);
        Assert.All(StochasticMethod.All, method => Assert.Contains("the noise needs 2 motions, got 3",
            Assert.Throws<ArgumentException>(() => method.Fixed(Linear(1, 1, 1).Particles([0.0, 1]),
                new BrownianPaths(Stream, 3, 1), 0.1)).Message));
        Assert.Contains("euler-maruyama, milstein", Assert.Throws<ArgumentException>(
            () => StochasticMethod.Find("heun")).Message);
    }

    // rho = 50, sigma = 6: 2/rho, (2 rho - sigma^2)/rho^2 and so on.
    [Theory]
    [InlineData("euler-maruyama", 0, 0.04)]
    [InlineData("euler-maruyama", 6, 0.0256)]
    [InlineData("milstein", 6, 64 / 3148.0)]
    [InlineData("stochastic-heun", 6, 0.04)]
    public void A_step_above_the_bound_of_stability_is_refused(string name, double s, double bound)
    {
        var ones = Enumerable.Repeat(1.0, 5).ToArray();
        var (system, motion) = (Logistic(-50, 0, s).Particles(ones), new BrownianPaths(Stream, 5, 0.01));
        Assert.Equal(bound, MeanSquareStep.Bound(system, 0, ones, StochasticMethod.Find(name)), 0.02 * bound);
        var refusal = Assert.Throws<ArgumentException>(() => Run(name, system, motion, 1.1 * bound, 1, ones));
        Assert.Contains("bound of mean-square stability", refusal.Message);
        Assert.True(Run(name, system, motion, 0.9 * bound, 1, ones).All(double.IsFinite));
    }

    // One step of the method itself on increments 0 and +-sqrt(3 h) of probabilities 2/3 and 1/6, which have the
    // moments of normal ones up to the fifth.
    [Theory, MemberData(nameof(Names))]
    public void Growth_of_the_mean_square_changes_sign_at_the_bound(string name)
    {
        var method = StochasticMethod.Find(name);
        foreach (var (rho, sigma) in ((double, double)[])[(4, 0), (4, 1), (4, 2), (1, 1.3)])
        {
            var system = Logistic(-rho, 0, sigma).Particles([1.0]);
            double Factor(double h) => new[] { (2 / 3.0, 0), (1 / 6.0, 1), (1 / 6.0, -1) }.Sum(node =>
            {
                var next = new double[1];
                method.Fixed(system, new Increment(node.Item2 * Math.Sqrt(3 * h)), h).Stepper
                    .Step(new(0, h), [1.0], next, []);
                return node.Item1 * next[0] * next[0];
            });
            var bound = MeanSquareStep.Bound(system, 0, [1.0], method);
            Assert.True(Factor(0.97 * bound) < 1 && Factor(1.03 * bound) > 1, $"{rho} {sigma} {bound}");
        }
        Assert.Equal(double.PositiveInfinity,
            MeanSquareStep.Bound(Logistic(-4, 0, 3).Particles([1.0]), 0, [1.0], method));
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        foreach (var method in StochasticMethod.All)
        {
            var system = Logistic(1, -1, 0.5).Particles(Normals(100));
            var (stepper, _) = method.Fixed(system, new BrownianPaths(Stream, 100, 1), 0.5);
            double[] state = [.. system.Initial], next = new double[100];
            for (var k = 0; k < 4; k++) stepper.Step(new(k * 0.5, (k + 1) * 0.5), state, next, []);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var k = 4; k < 20; k++) stepper.Step(new(k * 0.5, (k + 1) * 0.5), state, next, []);
            Assert.True(before == GC.GetAllocatedBytesForCurrentThread(), method.Name);
        }
    }

    private sealed class Increment(double value) : IBrownianMotion
    {
        public int Dimension => 1;

        public void Increments(double start, double end, Span<double> increments) => increments[0] = value;
    }

    private sealed class Noiseless(IVectorField drift) : IStochasticField
    {
        public int Dimension => drift.Dimension;

        public int NoiseDimension => 0;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) => drift.Evaluate(t, y, velocity);

        public void Diffuse(double t, ReadOnlySpan<double> y, ReadOnlySpan<double> increments, Span<double> noise) =>
            noise.Clear();
    }
}
