namespace MeanFieldLimit.Solvers.Tests.Time;

public class TimeLoopTests
{
    private static TimeLoop Loop(IVectorField field, ButcherTable table, IStepControl control,
        params double[] saves) => new()
        {
            Stepper = new RungeKuttaStepper(table, field),
            Control = control,
            SaveTimes = saves,
            Recorder = new Keeper(),
        };

    private static PiControl Pi(double tolerance) => new(new(tolerance, tolerance), new RootMeanSquareNorm());

    [Theory, InlineData(1e-4), InlineData(1e-6), InlineData(1e-9)]
    public void Control_keeps_the_error_near_the_tolerance(double tolerance)
    {
        var run = Loop(new Waves(), RungeKutta.DormandPrince, Pi(tolerance)).Run(Waves.Initial, new(0, 6)).OrThrow();
        // Errors of steps add up over a time of order 1 on a problem whose errors do not grow beyond a factor ~10.
        Assert.InRange(Waves.Error(run.State, 6), 0, 50 * tolerance);
    }

    [Fact]
    public void Save_times_are_met_exactly_and_the_path_through_them_is_the_solution()
    {
        double[] saves = [0, 0.1, 1.0 / 3, 1.7, 1.7000001, 2];
        var loop = Loop(new Waves(), RungeKutta.DormandPrince, Pi(1e-9), saves);
        loop.Run(Waves.Initial, new(0, 2)).OrThrow();
        var saved = ((Keeper)loop.Recorder!).Saved;
        Assert.Equal(saves, saved.Select(s => s.Time));
        Assert.All(saved, s => Assert.InRange(Waves.Error(s.State, s.Time), 0, 1e-7));
    }

    [Fact]
    public void Fixed_steps_meet_multiples_without_slivers()
    {
        var loop = Loop(new Waves(), RungeKutta.Euler, new FixedStep(0.01), 0, 0.3, 0.7, 1);
        Assert.Equal(100, loop.Run(Waves.Initial, new(0, 1)).OrThrow().Steps);
    }

    [Fact]
    public void A_save_time_does_not_shorten_the_steps_after_it()
    {
        var through = Loop(new Waves(), RungeKutta.DormandPrince, Pi(1e-6)).Run(Waves.Initial, new(0, 6)).Steps;
        var stopping = Loop(new Waves(), RungeKutta.DormandPrince, Pi(1e-6), 2, 2.0001, 4)
            .Run(Waves.Initial, new(0, 6)).Steps;
        Assert.Equal(through, stopping);
    }

    [Fact]
    public void The_same_run_has_the_same_bits()
    {
        var loop = Loop(new Waves(), RungeKutta.BogackiShampine, Pi(1e-7));
        Assert.Equal(loop.Run(Waves.Initial, new(0, 5)).State, loop.Run(Waves.Initial, new(0, 5)).State);
    }

    [Fact]
    public void A_pole_ends_the_run_with_the_last_good_state()
    {
        // y' = y^2 from 1 has its pole at t = 1.
        var run = Loop(new Field(1, (t, y) => [y[0] * y[0]]), RungeKutta.DormandPrince, Pi(1e-6)).Run([1], new(0, 2));
        Assert.Contains(run.Status, new[] { RunStatus.StepUnderflow, RunStatus.NonFinite });
        Assert.InRange(run.Time, 0.99, 1.0001);
        Assert.True(double.IsFinite(run.State[0]) && run.State[0] > 100, $"last state {run.State[0]}");
        Assert.Throws<RunFailedException>(() => run.OrThrow());
    }

    [Fact]
    public void A_NaN_is_retried_with_shorter_steps_and_then_named()
    {
        var run = Loop(new Field(2, (t, y) => [1, t > 0.5 ? double.NaN : 1]), RungeKutta.DormandPrince, Pi(1e-6))
            .Run([0, 0], new(0, 1));
        Assert.Equal(RunStatus.NonFinite, run.Status);
        Assert.Equal(1, run.NonFiniteIndex);
        Assert.InRange(run.Time, 0.5 - 1e-9, 0.5 + 1e-9);

        var unchecked_ = Loop(new Field(2, (t, y) => [1, t > 0.5 ? double.NaN : 1]), RungeKutta.Euler,
            new FixedStep(0.1)).Run([0, 0], new(0, 1));
        Assert.Equal(RunStatus.NonFinite, unchecked_.Status);
        Assert.True(unchecked_.State.All(double.IsFinite));
    }

    [Fact]
    public void An_infinite_state_is_never_accepted()
    {
        // y' = 1e308 overflows at t = 1.8 with an error estimate of 0 relative to infinity.
        foreach (var table in RungeKutta.All)
        {
            var control = table.EstimatesError ? (IStepControl)Pi(1e-6) : new FixedStep(0.5);
            var run = Loop(new Field(2, (t, y) => [1e308, 1]), table, control).Run([0, 0], new(0, 10));
            Assert.Equal((RunStatus.NonFinite, 0), (run.Status, run.NonFiniteIndex));
            Assert.All(run.State, v => Assert.True(double.IsFinite(v)));
        }
    }

    [Fact]
    public void A_million_equal_steps_are_a_million_steps()
    {
        double[] saves = [.. Enumerable.Range(0, 13).Select(k => k * 250.0 / 3)];
        Assert.Equal(1_000_000, Loop(new Field(1, (t, y) => [0]), RungeKutta.Euler, new FixedStep(0.001), saves)
            .Run([0], new(0, 1000)).Steps, 13.0);
    }

    [Fact]
    public void Step_counts_and_cancellation_end_a_run()
    {
        var loop = Loop(new Waves(), RungeKutta.Euler, new FixedStep(1e-3));
        var limited = new TimeLoop { Stepper = loop.Stepper, Control = loop.Control, MostSteps = 10 };
        Assert.Equal((RunStatus.TooManySteps, 10L),
            (limited.Run(Waves.Initial, new(0, 1)).Status, limited.Run(Waves.Initial, new(0, 1)).Steps));

        using var stop = new CancellationTokenSource();
        var cancelled = new TimeLoop
        {
            Stepper = loop.Stepper,
            Control = loop.Control,
            Cancellation = stop.Token,
            Progress = new Now(t => { if (t > 0.5) stop.Cancel(); }),
        }.Run(Waves.Initial, new(0, 1));
        Assert.Equal(RunStatus.Cancelled, cancelled.Status);
        Assert.InRange(cancelled.Time, 0.5, 0.502);
    }

    [Fact]
    public void Legal_but_wrong_set_ups_are_refused()
    {
        Assert.Throws<ArgumentException>(
            () => Loop(new Waves(), RungeKutta.Euler, Pi(1e-6)).Run(Waves.Initial, new(0, 1)));
        Assert.Throws<ArgumentException>(
            () => Loop(new Waves(), RungeKutta.Euler, new FixedStep(1), 0.5, 0.2).Run(Waves.Initial, new(0, 1)));
        Assert.Throws<ArgumentException>(
            () => Loop(new Waves(), RungeKutta.Euler, new FixedStep(1), 1.5).Run(Waves.Initial, new(0, 1)));
        Assert.Throws<ArgumentException>(
            () => Loop(new Waves(), RungeKutta.Euler, new FixedStep(1)).Run([1, double.NaN], new(0, 1)));
        Assert.Throws<ArgumentException>(
            () => Loop(new Waves(), RungeKutta.Euler, new FixedStep(1)).Run([1], new(0, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedStep(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Tolerance(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Interval(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Interval(0, double.NaN));
    }

    private sealed class Now(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
