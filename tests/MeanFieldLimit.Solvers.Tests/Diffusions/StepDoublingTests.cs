using MeanFieldLimit.Solvers.Diffusions;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Tests.Diffusions;

/// <summary>dX = u(t) dt + dB / 2, X = X_0 + int u dt + B / 2: what steps h and h/2 both pass over.</summary>
public class StepDoublingTests
{
    private const double H = 1.0 / 8;
    private const int Particles = 50;

    private static StepDoubling Run(string method, Func<double, double> u, params double[] jumps)
    {
        var equation = new McKeanVlasov
        {
            Dimension = 1,
            Drift = (t, _, _, drift) => drift[0] = u(t),
            Diagonal = (_, _, _, deviation, _) => deviation[0] = 0.5,
            Jumps = jumps,
        };
        var system = new ParticleSystem(equation, DiscreteMeasure.Uniform(1, new double[Particles]));
        return StepDoubling.Run(StochasticMethod.Find(method), system,
            new BrownianPaths(new RandomStream(3, 1), Particles, H), new(0, 1), H, 1, [0.25], x => x[0]);
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

    [Theory, MemberData(nameof(Methods))]
    public void Of_smooth_coefficients_the_error_is_that_of_the_two_runs(string method)
    {
        var run = Run(method, t => Math.Exp(-t));
        Assert.Equal(run.Distance, run.StrongError);
        Assert.InRange(run.Watched, 1e-6, 1.625 * run.Distance);
    }
}
