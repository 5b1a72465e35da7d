namespace MeanFieldLimit.Solvers.Tests.Proximal;

/// <summary>
/// Closed forms: for V = |x|^2 / 2 the scheme is x' = x / (1 + tau), for W = |x|^2 / 2 the same about the mean, of
/// mass; the flow is e^(-t).
/// </summary>
public class ProximalParticlesTests
{
    private static readonly double[] Points = [1, -2, 0.3, 4, -1.5, 0.25], Masses = [0.5, 0.2, 0.3];

    private static double[] Run(Waved functional, double[] points, double[] masses, double tau, double end) =>
        new TimeLoop { Stepper = new ProximalParticles(functional, masses), Control = new FixedStep(tau) }
            .Run(points, new(0, end)).OrThrow().State;

    [Theory, InlineData(0.01), InlineData(0.25), InlineData(10)]
    public void Quadratic_potentials_contract_by_one_plus_tau(double tau)
    {
        var end = Run(new(2, new(1), new(0)), Points, Masses, tau, 3 * tau);
        for (var k = 0; k < end.Length; k++) Assert.Equal(Points[k] * Math.Pow(1 + tau, -3), end[k], 1e-9);
    }

    [Theory, InlineData(0.25), InlineData(10)]
    public void Quadratic_attraction_contracts_to_the_mean(double tau)
    {
        var end = Run(new(2, new(0), new(1)), Points, Masses, tau, 2 * tau);
        for (var k = 0; k < end.Length; k++)
        {
            var mean = Enumerable.Range(0, 3).Sum(i => Masses[i] * Points[2 * i + k % 2]);
            Assert.Equal(mean + (Points[k] - mean) * Math.Pow(1 + tau, -2), end[k], 1e-9);
        }
    }

    /// <summary>The scheme has no unit of length: lengths times L are the same steps.</summary>
    [Theory, InlineData(1e-12), InlineData(1e8)]
    public void Lengths_of_any_size(double length)
    {
        var end = Run(new(2, new(1), new(0)), [.. Points.Select(x => length * x)], Masses, 0.1, 0.5);
        for (var k = 0; k < end.Length; k++) Assert.Equal(1, end[k] / (length * Points[k] * Math.Pow(1.1, -5)), 1e-9);
    }

    /// <summary>
    /// V = h (x^2 / 2 + cos(3 x) / 2) of second derivatives up to 5.5 h: for tau h of 100 and more gradients are
    /// rounded far above tau^-1 of x, and at rest, where V' = 0, nothing is left to be gained.
    /// </summary>
    [Theory, InlineData(1e3), InlineData(1e5)]
    public void Stiff_potentials_come_to_rest(double height)
    {
        double[] points = [.. Enumerable.Range(0, 81).Select(i => -2 + 0.05 * i)];
        double[] masses = [.. points.Select(_ => 1.0 / points.Length)];
        var end = Run(new(1, new(height, 0.5 * height, 3), new(0)), points, masses, 0.1, 3);
        Assert.All(end, x => Assert.InRange(x - 1.5 * Math.Sin(3 * x), -1e-9, 1e-9));
    }

    [Fact]
    public void Order_one_in_tau()
    {
        double Error(double tau) =>
            Run(new(2, new(1), new(0)), Points, Masses, tau, 1)
                .Select((x, k) => Math.Abs(x - Points[k] / Math.E)).Max();
        Assert.InRange(Error(0.02) / Error(0.01), 1.9, 2.1);
    }

    /// <summary>
    /// The state at the end of a step is where the implicit Euler step of the flow is: (x' - x) / tau is minus the
    /// gradient there, taken by differences of the value; and the energy went down by W^2 / (2 tau) at least.
    /// </summary>
    [Fact]
    public void Random_problems_dissipate_and_solve_the_implicit_step()
    {
        for (var seed = 0UL; seed < 150; seed++)
        {
            var random = new RandomStream(seed, 1);
            var (d, n) = (1 + random.Below(0, 3), 2 + random.Below(1, 12));
            var functional = Waved.Random(d, new(seed, 2));
            var points = new double[n * d];
            new RandomStream(seed, 3).FillNormal(0, points);
            double[] masses = [.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -6 * random.Uniform(10 + (ulong)i)))];
            masses = [.. masses.Select(m => m / masses.Sum())];
            var tau = Math.Pow(10, 4 * random.Uniform(2) - 3);
            var scheme = new ProximalParticles(functional, masses);
            var next = new double[n * d];
            for (var step = 0; step < 3; step++)
            {
                scheme.Step(new(step * tau, (step + 1) * tau), points, next, []);
                Assert.InRange(scheme.Steps[^1].Slack, -1e-12 * Math.Max(1, Math.Abs(scheme.Steps[^1].Energy)),
                    double.PositiveInfinity);
                var heaviest = Array.IndexOf(masses, masses.Max()) * d;
                var implicitly = (points[heaviest] - next[heaviest]) / tau;
                Assert.Equal(implicitly, Difference(functional, next, masses, heaviest) / masses[heaviest / d],
                    1e-5 * Math.Max(1, 1 / tau));
                (points, next) = (next, points);
            }
        }
    }

    private static double Difference(Waved functional, double[] points, double[] masses, int k)
    {
        const double h = 1e-5;
        double[] up = [.. points], down = [.. points];
        (up[k], down[k]) = (up[k] + h, down[k] - h);
        return (functional.Value(up, masses) - functional.Value(down, masses)) / (2 * h);
    }

    /// <summary>
    /// V = a x^2 / 2 + b cos(k x) has a second derivative above -1/tau for tau (b k^2 - a) below 1: then that each
    /// particle goes to its own place is optimal, and the dual certificate says so.
    /// </summary>
    [Fact]
    public void The_coupling_is_optimal_for_short_steps()
    {
        double[] line = [.. Enumerable.Range(0, 41).Select(i => -2 + 0.1 * i)];
        double[] masses = [.. line.Select(_ => 1.0 / line.Length)];
        double[] plane = [.. line.SelectMany(x => new[] { x, 1.5 * Math.Sin(7 * x) })];
        foreach (var (dimension, points) in new[] { (1, line), (2, plane) })
        {
            var scheme = new ProximalParticles(new Waved(dimension, new(1, 1, 3), new(0)), masses, certify: true);
            scheme.Step(new(0, 0.12), points, new double[points.Length], []);
            Assert.InRange(scheme.Steps[0].SquaredDistance, 0.01, 1);
            Assert.InRange(Math.Abs(scheme.Steps[0].Excess), 0, 1e-9 * scheme.Steps[0].SquaredDistance);
        }
    }

    /// <summary>On the line what keeps the order is optimal: the excess is the cost over that of sorted
    /// points.</summary>
    [Fact]
    public void The_excess_of_a_coupling_that_overtakes()
    {
        double[] points = [.. Enumerable.Range(0, 41).Select(i => -2 + 0.1 * i)];
        double[] masses = [.. points.Select(_ => 1.0 / points.Length)], next = new double[points.Length];
        var scheme = new ProximalParticles(new Waved(1, new(0.1, 1, 6), new(0)), masses, certify: true);
        scheme.Step(new(0, 5), points, next, []);
        var sorted = points.Zip(next.Order(), (x, y) => (x - y) * (x - y)).Average();
        Assert.InRange(scheme.Steps[0].Excess, 1e-3, 10);
        Assert.Equal(scheme.Steps[0].SquaredDistance - sorted, scheme.Steps[0].Excess, 1e-9);
    }

    [Fact]
    public void Refuses_masses_that_cannot_move()
    {
        var flat = new Waved(1, new(1), new(0));
        Assert.Contains("mass 1 is 0", Assert.Throws<ArgumentException>(() =>
            new ProximalParticles(flat, [1, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("sum to 0.75", Assert.Throws<ArgumentException>(() =>
            new ProximalParticles(flat, [0.5, 0.25])).Message, StringComparison.Ordinal);
    }

    /// <summary>V = -x^2 has no minimiser beyond tau = 1/2: the step says so.</summary>
    [Fact]
    public void Refuses_steps_without_a_minimiser()
    {
        var scheme = new ProximalParticles(new Waved(1, new(-2), new(0)), [1]);
        var next = new double[1];
        scheme.Step(new(0, 0.25), [1], next, []);
        Assert.Equal(2, next[0], 1e-9);
        Assert.Contains("take shorter steps", Assert.Throws<InvalidOperationException>(() =>
            scheme.Step(new(0, 1), [1], next, [])).Message, StringComparison.Ordinal);
    }
}
