using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Interacting particles of the linear McKean-Vlasov equation, and the orders of its methods.</summary>
internal sealed class McKeanVlasovEquation : ITheoryCheck
{
    // Two-sided probability 6e-5 under a normal law.
    private const double Z = 4;

    // What the claims of orders and of the exponent of W2 allow.
    private const double OrderTolerance = 0.1, ExponentTolerance = 0.07;

    private const double Step = 1.0 / 16;
    private static readonly LinearParticles Linear = new(-0.5, 1, 0.5);
    private static readonly LogisticParticles Logistic = new(1, -1, 0.5);

    public string Name => "mckean-vlasov";

    public string Claim => "dX = (a X + b E[X]) dt + s dB from X_0 = N(0, 1) has at T the law N(0, v), v = exp(2aT) " +
        "+ s^2 (exp(2aT) - 1)/(2a), and N particles are O(1/sqrt N) from it in W_2; Euler-Maruyama has strong order " +
        "1 for additive and 1/2 for multiplicative noise and weak order 1, Milstein's method and stochastic Heun have " +
        "strong order 1 for diagonal and for additive noise.";

    public string Source => "Sznitman, Topics in propagation of chaos (1991); Kloeden and Platen (1992); W_2 of a " +
        "sample to its Gaussian law is O(sqrt(log log N / N)): Bobkov and Ledoux, Memoirs AMS 261 (2019)";

    /// <summary>What multiplies the noise of the particles, of which the closed form does not know.</summary>
    internal double NoiseFactor { get; init; } = 1;

    /// <summary>What multiplies the derivative that Milstein's method is given.</summary>
    internal double SlopeFactor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        setting.Cancellation.ThrowIfCancellationRequested();
        int[] counts = [100, 316, 1000, 3162, 10_000];
        var seeds = setting.Small ? 96 : 400;
        var clouds = setting.Networks(counts, seeds, (n, replicate) => Cloud(n, Seed(setting, replicate), setting));
        var w2 = Decay.Of("W_2 of N particles to the law", counts, clouds, c => c.Distance);
        var sample = Decay.Of("W_2 of N draws to their law", counts, clouds, c => c.OfSample);
        double[] spreads = [.. clouds.Skip((counts.Length - 1) * seeds).Select(c => c.Mean * c.Mean * counts[^1])];

        var additive = Orders(Linear, ["euler-maruyama", "stochastic-heun"], setting);
        var multiplicative = Orders(Logistic, ["euler-maruyama", "milstein"], setting);
        var weak = WeakErrors(setting);
        static Series Against(string label, Decay decay) =>
            new(label, [.. decay.Widths.Select(n => (double)n)], decay.Means) { Theory = -0.5 };
        static Measurement Order(string quantity, Series errors, double theory) => new(quantity, Exponent(errors),
            $"{theory}", theory - OrderTolerance, theory + OrderTolerance, "the tolerance of the claim");

        return new(
        [
            .. Moments(setting),
            new("exponent in N of W_2 of N particles to the law", w2.Exponent, "-0.5, slowed by sqrt(log log N)",
                -0.5 - ExponentTolerance, -0.5 + ExponentTolerance, $"the tolerance of the claim; half the 99.9 % " +
                $"interval over seeds is {w2.HalfWidth:0.000}, and independent draws have {sample.Exponent:0.000}"),
            new($"N Var of the mean of N = {counts[^1]} particles", spreads.Average(), $"{Linear.MeanSpread:0.000}",
                Linear.MeanSpread * (1 - Z * Math.Sqrt(2.0 / seeds)),
                Linear.MeanSpread * (1 + Z * Math.Sqrt(2.0 / seeds)),
                $"z = {Z} standard deviations of a mean of {seeds} squares; independent copies would have v = " +
                $"{Linear.Variance:0.000}"),
            Order("strong order of euler-maruyama, additive noise", additive[0], 1),
            Order("strong order of stochastic-heun, additive noise", additive[1], 1),
            Order("strong order of euler-maruyama, multiplicative noise", multiplicative[0], 0.5),
            Order("strong order of milstein, multiplicative noise", multiplicative[1], 1),
            Order("weak order of euler-maruyama, E X^2", weak, 1),
        ],
        [
            SeriesFigure.Draw(Name, "W_2 between N particles of the linear McKean-Vlasov equation at T = 1 and the " +
                "law of the equation, and between N independent draws and their law; geometric means over seeds, " +
                "dashed: N^(-1/2). Draws lag behind by sqrt(log log N); the mean of the particles, which the " +
                "interaction spreads, does not.", Scale.Widths(counts) with { Label = "particles N" }, new("W_2", true),
                [Against("particles", w2), Against("independent draws", sample)]),
            SeriesFigure.Draw("mckean-vlasov-orders", "Root mean square error at T = 1 of interacting particles " +
                "against their exact solution on the same Brownian paths, and the error of their E X^2 (weak), " +
                "against the step; dashed: the orders of the theory.", new("step h", true), new("error", true),
                [.. additive, .. multiplicative, weak]),
        ], []);
    }

    private static ulong Seed(CheckSetting setting, int replicate) => Streams.Replicate(setting.Seed, replicate);

    private static double Exponent(Series errors) =>
        MathNet.Numerics.Fit.Line([.. errors.Xs.Select(x => Math.Log(x))], [.. errors.Ys.Select(y => Math.Log(y))]).B;

    /// <summary>Mean and variance of many particles, to their statistical error and that of the step.</summary>
    private IEnumerable<Measurement> Moments(CheckSetting setting)
    {
        var n = setting.Small ? 50_000 : 1_000_000;
        var start = Linear.Start(n, Seed(setting, 0));
        var run = new StepDoubling(System(Linear, start), Paths(n, Seed(setting, 0), 2 * Step))
        {
            Method = StochasticMethod.Find("stochastic-heun"),
            Step = 2 * Step,
            Order = 1,
            Observables = [x => x[0], x => x[0] * x[0]],
            Cancellation = setting.Cancellation,
        }.Run(new(0, 1));
        var (mean, square) = (run.Expectations[0], run.Expectations[1]);
        double deviation = Math.Sqrt(Linear.MeanSpread / n), v = Linear.Variance;
        yield return new($"mean of {n} particles", mean.Value, "0", -Z * deviation - mean.Error,
            Z * deviation + mean.Error, $"z = {Z} standard deviations {deviation:G2}, and {mean.Error:G2} by step " +
            "doubling");
        var bound = Z * v * Math.Sqrt(2.0 / n) + square.Error;
        yield return new($"variance of {n} particles", square.Value - mean.Value * mean.Value, $"{v:0.00000}",
            v - bound, v + bound, $"z = {Z} standard deviations v sqrt(2/N), and {square.Error:G2} by step doubling");
    }

    /// <summary>W_2 to the law, the mean, and W_2 of as many draws to theirs.</summary>
    private sealed record Measured(double Distance, double Mean, double OfSample);

    private Measured Cloud(int n, ulong seed, CheckSetting setting)
    {
        var start = Linear.Start(n, seed);
        var end = End("stochastic-heun", System(Linear, start), Paths(n, seed, Step), Step, setting);
        return new(ToNormal(end, Linear.Variance), end.Average(), ToNormal(start, 1));
    }

    /// <summary>
    /// W_2 between N points and N(0, v): the integral over u of (x(u) - sqrt(v) q(u))^2, x(u) the sorted points and q
    /// the normal quantile, int q du = phi(q(a)) - phi(q(b)) from a to b.
    /// </summary>
    private static double ToNormal(double[] points, double v)
    {
        var sorted = points.Order().ToArray();
        double sum = v, before = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var q = NormalDistribution.Quantile((i + 1.0) / sorted.Length);
            var density = Math.Exp(-q * q / 2) / Math.Sqrt(2 * Math.PI);
            sum += sorted[i] * (sorted[i] / sorted.Length - 2 * Math.Sqrt(v) * (before - density));
            before = density;
        }
        return Math.Sqrt(sum);
    }

    /// <summary>rms errors of methods on the same paths, steps 2^-5 to 2^-9.</summary>
    private Series[] Orders(IExactParticles particles, string[] methods, CheckSetting setting)
    {
        const int first = 5, last = 9, reference = 13;
        var n = setting.Small ? 1000 : 10_000;
        var start = particles.Start(n, Seed(setting, 1));
        var paths = Paths(n, Seed(setting, 1), Math.Pow(2, -first));
        var exact = particles.Exact(start, paths, 1 << reference);
        double[] steps = [.. Enumerable.Range(first, last - first + 1).Select(k => Math.Pow(2, -k))];
        return [.. methods.Select(method => new Series($"{method}, {particles.Noise} noise", steps,
            [.. steps.Select(h => Math.Sqrt(MathNet.Numerics.Distance.MSE(exact,
                End(method, System(particles, start), paths, h, setting))))])
        {
            Theory = method == "euler-maruyama" && particles == (object)Logistic ? 0.5 : 1,
        })];
    }

    /// <summary>Errors of E X^2 of the linear equation, the sampling error removed by the exact solution.</summary>
    private Series WeakErrors(CheckSetting setting)
    {
        const int first = 2, last = 6, reference = 10;
        var n = setting.Small ? 20_000 : 200_000;
        var start = Linear.Start(n, Seed(setting, 2));
        var paths = Paths(n, Seed(setting, 2), Math.Pow(2, -first));
        var exact = Linear.Exact(start, paths, 1 << reference).Average(x => x * x);
        double[] steps = [.. Enumerable.Range(first, last - first + 1).Select(k => Math.Pow(2, -k))];
        return new("euler-maruyama, weak", steps, [.. steps.Select(h => Math.Abs(exact -
            End("euler-maruyama", System(Linear, start), paths, h, setting).Average(x => x * x)))])
        {
            Theory = 1,
        };
    }

    private ParticleSystem System(IExactParticles particles, double[] start) =>
        new(particles.Equation(NoiseFactor, SlopeFactor), DiscreteMeasure.Uniform(1, start));

    private static BrownianPaths Paths(int n, ulong seed, double step) => new(new RandomStream(seed, 1), n, step);

    private static double[] End(string method, ParticleSystem system, IBrownianMotion paths, double step,
        CheckSetting setting)
    {
        var (stepper, control) = StochasticMethod.Find(method).Fixed(system, paths, step);
        var run = new TimeLoop { Stepper = stepper, Control = control, Cancellation = setting.Cancellation }
            .Run(system.Initial, new(0, 1));
        setting.Cancellation.ThrowIfCancellationRequested();
        return run.OrThrow().State;
    }
}
