namespace MeanFieldLimit.Solvers.Tests.Time;

public class ChebyshevTests
{
    private static readonly Tolerance Loose = new(1e-4, 1e-4);
    private static readonly RootMeanSquareNorm Norm = new();

    /// <summary>
    /// y_j' = -rate_j (y_j - cos t) - sin t: y_j = cos t + (y_j(0) - 1) e^(-rate_j t), of any stiffness.
    /// </summary>
    private static Field Decay(params double[] rates) => new(rates.Length,
        (t, y) => [.. rates.Zip(y, (rate, v) => -rate * (v - Math.Cos(t)) - Math.Sin(t))]);

    [Theory, InlineData(2), InlineData(5), InlineData(10), InlineData(50), InlineData(200)]
    public void The_stability_interval_is_as_long_as_published(int stages)
    {
        // |R(z)| <= 1 on [-beta, 0], beta = 2/3 (s^2 - 1)(1 - 2/15 eps) with eps = 2/13, and not beyond. R by the
        // recurrence of the stages on y' = z y.
        var p = new ChebyshevPolynomials(stages);
        double R(double z)
        {
            double before = 1, current = 1 + p.First * z;
            for (var j = 2; j <= stages; j++)
            {
                var (mu, nu) = (p.Mu(j), p.Nu(j));
                (before, current) = (current,
                    1 - mu - nu + mu * current + nu * before + p.MuSlope(j) * z * current + p.Gamma(j) * z);
            }
            return current;
        }
        var beta = 2.0 / 3 * ((double)stages * stages - 1) * (1 - 2.0 / 15 * (2.0 / 13));
        Assert.All(Enumerable.Range(1, 2000), k => Assert.InRange(Math.Abs(R(-beta * k / 2000)), 0, 1 + 1e-9));
        Assert.True(Math.Abs(R(-1.1 * beta)) > 1);
        // The stages that a step takes suffice for it.
        Assert.True(((double)stages * stages - 1) / 1.54 <= beta);
        Assert.Equal(1, p.Node(stages), 1e-12);
    }

    [Fact]
    public void The_order_is_2_on_a_nonautonomous_nonlinear_problem()
    {
        double ErrorWith(double h)
        {
            var keeper = new Keeper();
            new TimeLoop
            {
                Stepper = new ChebyshevStepper(new Waves(), Loose, Norm),
                Control = new FixedStep(h),
                SaveTimes = [0.5, 1, 1.5, 2, 2.5, 3],
                Recorder = keeper,
            }.Run(Waves.Initial, new(0, 3)).OrThrow();
            return keeper.Saved.Max(s => Waves.Error(s.State, s.Time));
        }
        Assert.InRange(Math.Log2(ErrorWith(1.0 / 128) / ErrorWith(1.0 / 256)), 1.9, 2.1);
    }

    [Theory, InlineData(1e2), InlineData(1e4), InlineData(1e6)]
    public void Stiff_decays_stay_stable_and_accurate_with_few_evaluations(double rate)
    {
        var field = Decay(1, rate / 30, rate);
        var run = new TimeLoop
        {
            Stepper = new ChebyshevStepper(field, Loose, Norm),
            Control = new PiControl(Loose, Norm),
        }.Run([2, 1.5, 0.5], new(0, 5)).OrThrow();
        Assert.InRange(run.State[0], Math.Cos(5) + Math.Exp(-5) - 1e-3, Math.Cos(5) + Math.Exp(-5) + 1e-3);
        Assert.All(run.State[1..], v => Assert.InRange(v, Math.Cos(5) - 1e-3, Math.Cos(5) + 1e-3));
        // n steps of s stages reach T with n s = O(sqrt(n rho T)); an explicit method of fixed stages needs rho T.
        Assert.InRange(run.Evaluations, 1, 20 * Math.Sqrt(100 * rate));
    }

    [Fact]
    public void The_spectral_radius_of_a_symmetric_matrix_is_found_from_below_its_safety()
    {
        // Eigenvalues of the second difference matrix: -4 sin^2(k pi / (2 (n + 1))), the largest close to -4.
        const int n = 20;
        var field = new Field(n, (t, y) => [.. Enumerable.Range(0, n).Select(j =>
            (j > 0 ? y[j - 1] : 0) - 2 * y[j] + (j < n - 1 ? y[j + 1] : 0))]);
        double[] state = [.. Enumerable.Range(0, n).Select(j => Math.Sin(1 + j * j))], slope = new double[n];
        field.Evaluate(0, state, slope);
        var rho = new SpectralRadius(field, Loose, Norm).Estimate(0, state, slope);
        Assert.InRange(rho, 4 * 0.95, 4 * 1.25);
    }

    [Fact]
    public void Steps_allocate_nothing_once_their_stages_are_known()
    {
        var stepper = new ChebyshevStepper(new Line(), Loose, Norm);
        double[] state = [1, 1], next = new double[2], error = new double[2];
        void Steps(int from, int to)
        {
            for (var k = from; k < to; k++)
            {
                stepper.Step(new(k * 0.01, (k + 1) * 0.01), state, next, error);
                (state, next) = (next, state);
            }
        }
        Steps(0, 60);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Steps(60, 100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private sealed class Line : IVectorField
    {
        public int Dimension => 2;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) =>
            (velocity[0], velocity[1]) = (-2000 * y[0], -y[1]);
    }
}
