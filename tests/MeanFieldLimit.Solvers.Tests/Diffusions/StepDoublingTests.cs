using MeanFieldLimit.Solvers.Tests.Time;

namespace MeanFieldLimit.Solvers.Tests.Diffusions;

/// <summary>dX = u(t) dt + dB / 2, X = X_0 + int u dt + B / 2: what steps h and h/2 both pass over.</summary>
public class StepDoublingTests
{
    private const double H = 1.0 / 8;
    private const int Particles = 50;

    private static DoubledRun Run(string method, Func<double, double> u, params double[] jumps) =>
        Doubling(method, u, jumps).Run(new(0, 1));

    private static StepDoubling Doubling(string method, Func<double, double> u, double[] jumps,
        IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        new(System(u, jumps), Paths())
        {
            Method = StochasticMethod.Find(method),
            Step = H,
            Order = 1,
            SaveTimes = [0.25],
            Observables = [x => x[0]],
            Progress = progress,
            Cancellation = cancellation,
        };

    private static BrownianPaths Paths() => new(new RandomStream(3, 1), Particles, H);

    private static ParticleSystem System(Func<double, double> u, double[] jumps)
    {
        var equation = new McKeanVlasov
        {
            Dimension = 1,
            Drift = (t, _, _, drift) => drift[0] = u(t),
            Diagonal = (_, _, _, deviation, _) => deviation[0] = 0.5,
            Jumps = jumps,
        };
        return new(equation, DiscreteMeasure.Uniform(1, new double[Particles]));
    }

    public static TheoryData<string> Methods => [.. StochasticMethod.All.Select(method => method.Name)];

    // No multiple of 1/16 lies in the pulse, 14 * 5/128 does.
    private static double Pulse(double t) => t is >= 0.52 and < 0.56 ? 4 : 0;

    [Theory, MemberData(nameof(Methods))]
    public void A_pulse_between_the_steps_is_in_the_error(string method)
    {
        var run = Run(method, Pulse);
        Assert.Equal(0, run.Distance, 1e-14);
        Assert.InRange(run.StrongError, 0.16, 2 * 0.16);
        Assert.InRange(run.Expectations[0].Error, 0.16, 2 * 0.16);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Where_jumps_are_named_it_is_seen(string method)
    {
        double[] none = Run(method, _ => 0).State, with = Run(method, Pulse, 0.52, 0.56).State;
        for (var i = 0; i < Particles; i++) Assert.Equal(none[i] + 0.16, with[i], 1e-13);
        Assert.InRange(Run(method, Pulse, 0.52, 0.56).StrongError, 0, 1e-13);
    }

    [Theory, MemberData(nameof(Methods))]
    public void A_period_of_half_a_step_is_in_the_error(string method)
    {
        // 1 - cos(32 pi t) vanishes at all multiples of 1/16; its integral is 1.
        var run = Run(method, t => 1 - Math.Cos(32 * Math.PI * t));
        Assert.InRange(run.StrongError, 1, 2);
        Assert.InRange(run.Expectations[0].Error, 1, 2);
    }

    [Fact]
    public void Its_runs_tell_how_far_they_are_together()
    {
        var told = new Told();
        Doubling("euler-maruyama", _ => 0, [], told).Run(new(0, 1));
        // 8, 16 and 7 + 20 steps, all of which wait at 1/4.
        Assert.Equal(51, told.Times.Count);
        Assert.Equal(told.Times.Order(), told.Times);
        Assert.Equal(0.25, told.Times[2 + 4 + 7 - 1], 1e-12);
        Assert.Equal(1, told.Times[^1], 1e-12);
    }

    [Fact]
    public void They_stop_where_they_are_asked_to()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var error = Assert.Throws<RunFailedException>(
            () => Doubling("milstein", _ => 0, [], cancellation: source.Token).Run(new(0, 1)));
        Assert.Equal(RunStatus.Cancelled, error.Result.Status);
    }

    [Fact]
    public void The_order_must_be_positive_and_is_the_lower_one_unless_it_is_told()
    {
        var doubling = Doubling("euler-maruyama", t => Math.Exp(-t), []);
        var lower = new StepDoubling(System(t => Math.Exp(-t), []), Paths())
        {
            Method = doubling.Method,
            Step = H,
            SaveTimes = [0.25],
        }.Run(new(0, 1));
        Assert.Equal(lower.Distance / (Math.Sqrt(2) - 1), lower.StrongError, 1e-15);
        Assert.Equal(doubling.Run(new(0, 1)).Distance, lower.Distance);
        var error = Assert.Throws<ArgumentException>(() => new StepDoubling(System(_ => 0, []), Paths())
        {
            Method = doubling.Method,
            Step = H,
            Order = 0,
        }.Run(new(0, 1)));
        Assert.Contains("must be positive, got 0", error.Message);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Of_smooth_coefficients_the_error_is_that_of_the_two_runs(string method)
    {
        var run = Run(method, t => Math.Exp(-t));
        Assert.Equal(run.Distance, run.StrongError);
        Assert.InRange(run.Watched, 1e-6, 1.625 * run.Distance);
    }
}
