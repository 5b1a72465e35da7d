namespace MeanFieldLimit.Solvers.Tests.Proximal;

/// <summary>
/// Gaussians under V = a x^2 / 2 or W = a x^2 / 2 with entropy stay Gaussian, in the scheme as in the flow. A step
/// takes the mean to m / (1 + a tau) (with W it stays) and s to the positive root of a s - D/s + (s - s_k) / tau = 0;
/// the flow has s(t)^2 = D/a + (s_0^2 - D/a) e^(-2 a t).
/// </summary>
public class ProximalQuantilesTests
{
    private const double A = 1.3, D = 0.4, Mean = 0.7, Deviation = 0.5;

    /// <summary>A Gaussian on an even grid: points and masses, out to <paramref name="deviations"/> from the
    /// mean.</summary>
    private static (double[] Points, double[] Masses) Gaussian(int n, double deviations)
    {
        double[] at = [.. Enumerable.Range(0, n).Select(i => deviations * (2.0 * i / (n - 1) - 1))];
        var sum = at.Sum(z => Math.Exp(-z * z / 2));
        return ([.. at.Select(z => Mean + Deviation * z)], [.. at.Select(z => Math.Exp(-z * z / 2) / sum)]);
    }

    /// <summary>The distance W from a run's points to those of the Gaussian that the points started as.</summary>
    private static double Distance(double[] x, (double[] Points, double[] Masses) start, double mean, double deviation)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += start.Masses[i] * Math.Pow(x[i] - mean - (start.Points[i] - Mean) / Deviation * deviation, 2);
        return Math.Sqrt(sum);
    }

    private static (double Mean, double Deviation) Moments(double[] x, double[] masses)
    {
        var mean = x.Zip(masses, (a, m) => a * m).Sum();
        return (mean, Math.Sqrt(x.Zip(masses, (a, m) => m * (a - mean) * (a - mean)).Sum()));
    }

    private static double[] Run(Waved functional, (double[] Points, double[] Masses) start, double tau, double end)
    {
        var scheme = new ProximalQuantiles(functional, start.Masses, D);
        var run = new TimeLoop { Stepper = scheme, Control = new FixedStep(tau) }.Run(start.Points, new(0, end));
        Assert.All(scheme.Steps, s => Assert.True(s.Slack > 0));
        return run.OrThrow().State;
    }

    private static double StepDeviation(double s, double tau) =>
        (s + Math.Sqrt(s * s + 4 * tau * D * (1 + A * tau))) / (2 * (1 + A * tau));

    [Theory, InlineData(0.1, 0), InlineData(1, 0), InlineData(0.2, 1), InlineData(1, 1)]
    public void Steps_of_gaussians_to_second_order_in_space(double tau, double attraction)
    {
        var deviation = StepDeviation(StepDeviation(Deviation, tau), tau);
        var mean = Mean / Math.Pow(1 + A * (1 - attraction) * tau, 2);
        double Error(int n)
        {
            var start = Gaussian(n, 5.5);
            var x = Run(new(1, new(A * (1 - attraction)), new(A * attraction)), start, tau, 2 * tau);
            Assert.Equal(mean, Moments(x, start.Masses).Mean, 1e-9);
            return Distance(x, start, mean, deviation);
        }
        Assert.InRange(Math.Log2(Error(51) / Error(101)), 1.9, 2.1);
        Assert.InRange(Error(201), 0, 1e-3);
    }

    [Fact]
    public void Order_one_in_tau_against_Ornstein_Uhlenbeck()
    {
        var (mean, deviation) = (Mean * Math.Exp(-A * 0.8),
            Math.Sqrt(D / A + (Deviation * Deviation - D / A) * Math.Exp(-2 * A * 0.8)));
        var start = Gaussian(401, 5.5);
        double Error(double tau) =>
            Distance(Run(new(1, new(A), new(0)), start, tau, 0.8), start, mean, deviation);
        Assert.InRange(Math.Log2(Error(0.1) / Error(0.05)), 0.9, 1.1);
        Assert.InRange(Math.Log2(Error(0.05) / Error(0.025)), 0.9, 1.1);
    }

    /// <summary>The scheme has no unit of length: lengths times L, and D times L^2, are the same steps.</summary>
    [Theory, InlineData(1e-12), InlineData(1e8)]
    public void Lengths_of_any_size(double length)
    {
        double[] Steps(double scale)
        {
            var (x, masses) = Gaussian(101, 5.5);
            var scheme = new ProximalQuantiles(new Waved(1, new(A), new(0)), masses, D * scale * scale);
            return [.. new TimeLoop { Stepper = scheme, Control = new FixedStep(0.1) }
                .Run([.. x.Select(at => scale * at)], new(0, 0.5)).OrThrow().State.Select(at => at / scale)];
        }
        Assert.All(Steps(length).Zip(Steps(1)), pair => Assert.Equal(pair.Second, pair.First, 1e-8));
    }

    [Fact]
    public void Random_problems_dissipate_and_keep_the_order()
    {
        for (var seed = 0UL; seed < 150; seed++)
        {
            var random = new RandomStream(seed, 1);
            var n = 3 + random.Below(0, 60);
            var (points, masses) = Gaussian(n, 1 + 4 * random.Uniform(1));
            var tau = Math.Pow(10, 4 * random.Uniform(2) - 3);
            var scheme = new ProximalQuantiles(Waved.Random(1, new(seed, 2)), masses,
                Math.Pow(10, 3 * random.Uniform(3) - 2));
            var next = new double[n];
            for (var step = 0; step < 3; step++)
            {
                scheme.Step(new(step * tau, (step + 1) * tau), points, next, []);
                var made = scheme.Steps[^1];
                Assert.InRange(made.Slack, -1e-12 * Math.Max(1, Math.Abs(made.Energy)), double.PositiveInfinity);
                Assert.Equal(scheme.Energy(next), made.Energy);
                for (var i = 1; i < n; i++) Assert.True(next[i] > next[i - 1]);
                (points, next) = (next, points);
            }
        }
    }

    [Fact]
    public void Refuses_what_is_not_a_quantile_function()
    {
        Assert.Contains("on the line", Assert.Throws<ArgumentException>(() =>
            new ProximalQuantiles(new Waved(2, new(1), new(0)), [1], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("got -1", Assert.Throws<ArgumentException>(() =>
            new ProximalQuantiles(new Waved(1, new(1), new(0)), [1], -1)).Message, StringComparison.Ordinal);
        Assert.Contains("must increase", Assert.Throws<ArgumentException>(() =>
            new ProximalQuantiles(new Waved(1, new(1), new(0)), [0.5, 0.5], 1)
                .Step(new(0, 1), [1, 1], new double[2], [])).Message, StringComparison.Ordinal);
    }
}
