using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Interacting particles of the linear McKean-Vlasov equation, and the orders of its methods.</summary>
internal sealed class McKeanVlasovEquation : ITheoryCheck
{
    // Two-sided probability 6e-5 under a normal law.
    private const double Z = 4;

    // What the claim of the exponent of W2 allows.
    private const double ExponentTolerance = 0.07;

    private const double Step = 1.0 / 16;
    private static readonly LinearParticles Linear = new(-0.5, 1, 0.5);
    private static readonly LogisticParticles Logistic = new(1, -1, 0.5);

    public string Name => "mckean-vlasov";

    public string Claim => "dX = (a X + b E[X]) dt + s dB from X_0 = N(0, 1) has at T the law N(0, v), v = exp(2aT) " +
        "+ s^2 (exp(2aT) - 1)/(2a), and N particles are O(1/sqrt N) from it in W_2; Euler-Maruyama has strong order " +
        "1 for additive and 1/2 for multiplicative noise and weak order 1, Milstein's method and stochastic Heun " +
        "have strong order 1 for diagonal and for additive noise.";

    public string Source => "Sznitman, Topics in propagation of chaos (1991); Kloeden and Platen (1992); W_2 of a " +
        "sample to its Gaussian law is O(sqrt(log log N / N)): Bobkov and Ledoux, Memoirs AMS 261 (2019)";

    /// <summary>What multiplies the noise of the particles, of which the closed form does not know.</summary>
    internal double NoiseFactor { get; init; } = 1;

    /// <summary>What multiplies the derivative that Milstein's method is given.</summary>
    internal double SlopeFactor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        var replicates = setting.Small ? 96 : 400;
        var clouds = setting.Each([100, 316, 1000, 3162, 10_000], replicates, (n, replicate) =>
        {
            var (start, paths) = Begin(Linear, n, replicate, Step, setting);
            var end = End("stochastic-heun", Linear, start, paths, Step, setting);
            return (ToLaw: ToNormal(end, Linear.Variance), Mean: end.Average(), OfSample: ToNormal(start, 1));
        });
        var w2 = clouds.Decay("W_2 of N particles to the law", -0.5, c => c.ToLaw);
        var sample = clouds.Decay("W_2 of N draws to their law", -0.5, c => c.OfSample);
        var most = clouds.Widths[^1];

        Series[] strong = [.. Errors(Linear, ["euler-maruyama", "stochastic-heun"], weak: false, setting),
            .. Errors(Logistic, ["euler-maruyama", "milstein"], weak: false, setting)];
        var weak = Errors(Linear, ["euler-maruyama"], weak: true, setting).Single();
        return new(
        [
            .. Moments(setting),
            Measurement.Near("exponent in N of W_2 of N particles to the law", w2.Exponent, -0.5, ExponentTolerance,
                $"the tolerance of the claim; half the 99.9 % interval over seeds is {w2.HalfWidth:0.000}, and " +
                $"independent draws have {sample.Exponent:0.000}", "-0.5, slowed by sqrt(log log N)"),
            new($"N Var of the mean of N = {most} particles", clouds.ByWidth[^1].Average(c => c.Mean * c.Mean * most),
                $"{Linear.MeanSpread:0.000}", Linear.MeanSpread * (1 - Z * Math.Sqrt(2.0 / replicates)),
                Linear.MeanSpread * (1 + Z * Math.Sqrt(2.0 / replicates)), $"z = {Z} standard deviations of a mean " +
                $"of {replicates} squares; independent copies would have v = {Linear.Variance:0.000}"),
            .. strong.Select(errors => Measurement.Power($"strong order of {errors.Label}", errors)),
            Measurement.Power("weak order of euler-maruyama, E X^2", weak),
        ],
        [
            SeriesFigure.Draw(Name, "W_2 between N particles of the linear McKean-Vlasov equation at T = 1 and the " +
                "law of the equation, and between N independent draws and their law; geometric means over seeds, " +
                "dashed: N^(-1/2). Draws lag behind by sqrt(log log N); the mean of the particles, which the " +
                "interaction spreads, does not.", Scale.Widths(clouds.Widths) with { Label = "particles N" },
                new("W_2", true), [w2.Series("particles"), sample.Series("independent draws")]),
            SeriesFigure.Draw("mckean-vlasov-orders", "Root mean square error at T = 1 of interacting particles " +
                "against their exact solution on the same Brownian paths, and the error of their E X^2 (weak), " +
                "against the step; dashed: the orders of the theory.", new("step h", true), new("error", true),
                [.. strong, weak]),
        ], []);
    }

    /// <summary>Mean and variance of many particles, to their statistical error and that of the step.</summary>
    private IEnumerable<Measurement> Moments(CheckSetting setting)
    {
        var n = setting.Small ? 50_000 : 1_000_000;
        var (start, paths) = Begin(Linear, n, 0, 2 * Step, setting);
        var run = new StepDoubling(System(Linear, start), paths)
        {
            Method = StochasticMethod.Find("stochastic-heun"),
            Step = 2 * Step,
            Order = 1,
            Observables = [x => x[0], x => x[0] * x[0]],
            Cancellation = setting.Machine.Cancellation,
        }.Run(new(0, 1));
        var (mean, square) = (run.Expectations[0], run.Expectations[1]);
        double deviation = Math.Sqrt(Linear.MeanSpread / n), v = Linear.Variance;
        yield return Measurement.Near($"mean of {n} particles", mean.Value, 0, Z * deviation + mean.Error,
            $"z = {Z} standard deviations {deviation:G2}, and {mean.Error:G2} by step doubling");
        yield return Measurement.Near($"variance of {n} particles", square.Value - mean.Value * mean.Value, v,
            Z * v * Math.Sqrt(2.0 / n) + square.Error,
            $"z = {Z} standard deviations v sqrt(2/N), and {square.Error:G2} by step doubling", $"{v:0.00000}");
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

    /// <summary>
    /// Errors of methods against the exact solution on the same paths, at five steps: rms of particles, or, weak, of
    /// E X^2, where the exact solution removes the sampling error.
    /// </summary>
    private Series[] Errors(IExactParticles particles, string[] methods, bool weak, CheckSetting setting)
    {
        var (first, reference) = weak ? (2, 10) : (5, 13);
        double[] steps = [.. Enumerable.Range(first, 5).Select(k => Math.Pow(2, -k))];
        var n = (weak ? 20_000 : 1000) * (setting.Small ? 1 : 10);
        var (start, paths) = Begin(particles, n, weak ? 2 : 1, steps[0], setting);
        var exact = particles.Exact(start, paths, 1 << reference);
        double Error(double[] end) => weak ? Math.Abs(exact.Average(x => x * x) - end.Average(x => x * x))
            : Math.Sqrt(MathNet.Numerics.Distance.MSE(exact, end));
        return [.. methods.Select(method => new Series(
            $"{method}, {(weak ? "weak" : particles.Noise + " noise")}", steps,
            [.. steps.Select(h => Error(End(method, particles, start, paths, h, setting)))])
        {
            Theory = (method, particles.Noise) == ("euler-maruyama", "multiplicative") ? 0.5 : 1,
        })];
    }

    private static (double[] Start, BrownianPaths Paths) Begin(IExactParticles particles, int n, int replicate,
        double step, CheckSetting setting)
    {
        var (seed, z) = (Streams.SeedOf(setting.Seed, replicate), new double[n]);
        new RandomStream(seed, 0).FillNormal(0, z);
        return (Array.ConvertAll(z, particles.Start), new(new RandomStream(seed, 1), n, step));
    }

    private double[] End(string method, IExactParticles particles, double[] start, IBrownianMotion paths, double step,
        CheckSetting setting)
    {
        var system = System(particles, start);
        var (stepper, control) = StochasticMethod.Find(method).Fixed(system, paths, step);
        return setting.End(stepper, control, [.. system.Initial], 1);
    }

    private ParticleSystem System(IExactParticles particles, double[] start) =>
        new(particles.Equation(NoiseFactor, SlopeFactor), DiscreteMeasure.Uniform(1, start));
}
