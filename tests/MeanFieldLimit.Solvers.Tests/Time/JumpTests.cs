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

    public static TheoryData<string> All => [.. TimeMethod.All.Select(m => m.Name)];

    [Theory, MemberData(nameof(All))]
    public void A_jump_is_met_to_rounding_wherever_it_lies(string name)
    {
        foreach (var (start, jump, end) in new[]
        {
            (-1.0, 0.0, 1.0), (0, 1, 2), (-1, 1e-20, 1), (-1e6, -0.5, 1e6), (1e6, 1e6 + 1, 1e6 + 2),
        })
        {
            // y' = 1 before the jump, -1 from it on: every method is exact on both sides.
            var field = new Field(1, (t, y) => [t < jump ? 1 : -1]);
            var method = TimeMethod.Find(name);
            var (stepper, control) = method.EstimatesError
                ? method.Adaptive(field, new(1e-6, 1e-6), new RootMeanSquareNorm())
                : method.Fixed(field, (end - start) / 30);
            var run = new TimeLoop { Stepper = stepper, Control = control, Jumps = [jump] }
                .Run([0], new(start, end)).OrThrow();
            var rounding = 1e-14 * Math.Max(Math.Abs(start), Math.Abs(end));
            Assert.Equal(jump - start - (end - jump), run.State[0], rounding);
            Assert.InRange(run.Steps, 2, 60);
        }
    }

    [Theory, InlineData("euler"), InlineData("dormand-prince"), InlineData("bdf")]
    public void A_jump_that_no_step_leads_to_is_passed(string name)
    {
        // The run starts one rounding before the jump: its first slope must be that from the jump on.
        var field = new Field(1, (t, y) => [t < 1 ? 1e8 : 1]);
        var method = TimeMethod.Find(name);
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(field, new(1e-6, 1e-6), new RootMeanSquareNorm())
            : method.Fixed(field, 0.1);
        var keeper = new Keeper();
        var run = new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            Jumps = [1],
            SaveTimes = [Math.BitDecrement(1), 1, 2],
            Recorder = keeper,
        }.Run([0], new(Math.BitDecrement(1), 2)).OrThrow();
        Assert.Equal(1, run.State[0], 1e-12);
        Assert.Equal([0, 0, 1], keeper.Saved.Select(s => Math.Round(s.State[0], 9)));
    }

    [Theory, InlineData(0.4321), InlineData(0.05 * 9)]
    public void Fixed_steps_keep_their_order(double jump)
    {
        double At(double h) => Largest(jump, TimeMethod.Find("runge-kutta-4").Fixed(Decay(jump), h));
        Assert.InRange(Math.Log2(At(0.025) / At(0.0125)), 3.5, 4.5);
    }
}
