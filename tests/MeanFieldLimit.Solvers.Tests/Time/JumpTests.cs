using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Tests.Time;

/// <summary>y' = -xi(t) y and z' = -3 xi(t) z, xi = 1 before a jump, 1/10 from there on: exponentials of int xi.</summary>
public class JumpTests
{
    private static readonly double[] Initial = [2, 0.5];

    private static Field Decay(double jump) =>
        new(2, (t, y) => [-(t < jump ? 1 : 0.1) * y[0], -3 * (t < jump ? 1 : 0.1) * y[1]]);

    private static double Error(double jump, double t, double[] y)
    {
        var rates = t < jump ? t : jump + 0.1 * (t - jump);
        return Math.Max(Math.Abs(y[0] - 2 * Math.Exp(-rates)), Math.Abs(y[1] - 0.5 * Math.Exp(-3 * rates)));
    }

    /// <summary>The largest error over 41 save times of [0, 2], with the jump at one of them or between.</summary>
    private static double Largest(double jump, (IStepper Stepper, IStepControl Control) method)
    {
        var keeper = new Keeper();
        var run = new TimeLoop
        {
            Stepper = method.Stepper,
            Control = method.Control,
            Jumps = jump < 2 ? [-1, 0, jump, 2] : [],
            SaveTimes = [.. Enumerable.Range(0, 41).Select(k => 0.05 * k)],
            Recorder = keeper,
        }.Run(Initial, new(0, 2)).OrThrow();
        Assert.Equal(2, run.Time);
        Assert.Equal(41, keeper.Saved.Count);
        return keeper.Saved.Max(saved => Error(jump, saved.Time, saved.State));
    }

    [Theory, InlineData("bogacki-shampine"), InlineData("dormand-prince"), InlineData("dormand-prince-8")]
    [InlineData("chebyshev"), InlineData("bdf"), InlineData("auto")]
    public void A_jump_anywhere_adds_little_to_the_error_of_a_run_without_one(string name)
    {
        const double tolerance = 1e-6;
        double With(double jump) => Largest(jump,
            TimeMethod.Find(name).Adaptive(Decay(jump), new(tolerance, tolerance), new RootMeanSquareNorm()));
        var without = With(double.PositiveInfinity);
        foreach (var jump in Enumerable.Range(0, 20).Select(k => 0.37 + 0.021 * k).Append(0.05 * 9))
            Assert.InRange(With(jump), 0, 3 * without);
    }

    [Theory, InlineData(0.4321), InlineData(0.05 * 9)]
    public void Fixed_steps_keep_their_order(double jump)
    {
        double At(double h) => Largest(jump, TimeMethod.Find("runge-kutta-4").Fixed(Decay(jump), h));
        Assert.InRange(Math.Log2(At(0.025) / At(0.0125)), 3.5, 4.5);
    }
}
