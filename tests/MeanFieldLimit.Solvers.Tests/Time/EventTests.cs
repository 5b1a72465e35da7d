namespace MeanFieldLimit.Solvers.Tests.Time;

public class EventTests
{
    public static TheoryData<string> All => [.. TimeMethod.All.Select(m => m.Name)];

    public static TheoryData<string> OfOneOrder =>
        [.. TimeMethod.All.Where(m => m.Name != "bdf").Select(m => m.Name)];

    private static (IStepper Stepper, IStepControl Control) Method(string name, IVectorField field, double step,
        double tolerance = 1e-8)
    {
        var method = TimeMethod.Find(name);
        return method.EstimatesError
            ? method.Adaptive(field, new(tolerance, tolerance), new RootMeanSquareNorm())
            : method.Fixed(field, step);
    }

    private static RunResult Run((IStepper Stepper, IStepControl Control) method, double[] initial, Interval interval,
        TimeEvent[] events, double[]? saves = null, IRecorder? recorder = null, bool atSaves = false) => new TimeLoop
        {
            Stepper = method.Stepper,
            Control = method.Control,
            Events = events,
            EventsAtSaves = atSaves,
            SaveTimes = saves ?? [],
            Recorder = recorder,
        }.Run(initial, interval).OrThrow();

    [Theory, MemberData(nameof(All))]
    public void A_decay_crosses_a_half_at_the_logarithm_of_two(string name)
    {
        var keeper = new Keeper();
        var run = Run(Method(name, new Field(1, (t, y) => [-y[0]]), 1e-4), [1], new(0, 3),
            [new((t, y) => y[0] - 0.5)], [0, 0.5, 1, 2], keeper);
        Assert.Equal(RunStatus.Stopped, run.Status);
        var met = Assert.Single(run.Events);
        Assert.Equal((0, run.Time), (met.Event, met.Time));
        // Euler is off by h t / 2; the others by tolerances that add up over their steps, chebyshev by most.
        Assert.Equal(Math.Log(2), run.Time, name == "euler" ? 4e-5 : 5e-6);
        Assert.InRange(0.5 - run.State[0], 0, 1e-15);               // on the far side, within roundings
        Assert.Equal(-0.5, met.Slope, 0.01);
        Assert.Equal([0, 0.5, run.Time], keeper.Saved.Select(s => s.Time));
        Assert.Equal(run.State, keeper.Saved[^1].State);
    }

    [Theory, MemberData(nameof(OfOneOrder))]
    public void The_time_of_an_event_has_the_order_of_the_method(string name)
    {
        // Steps whose lengths do not meet the crossing, on a field that is nonlinear and not autonomous. The root of
        // the exact solution by bisection.
        double low = 0, high = 0.3;
        for (var k = 0; k < 60; k++)
        {
            var middle = (low + high) / 2;
            (low, high) = Waves.Exact(middle)[0] < 0.37 ? (middle, high) : (low, middle);
        }
        double Error(int steps)
        {
            // A tolerance that holds nothing down: all steps are the longest.
            var (stepper, control) = Method(name, new Waves(), 0.5 / steps, tolerance: 1);
            var run = new TimeLoop
            {
                Stepper = stepper,
                Control = control,
                FirstStep = 0.5 / steps,
                LongestStep = 0.5 / steps,
                Events = [new((t, y) => y[0] - 0.37)],
            }.Run(Waves.Initial, new(0, 0.5)).OrThrow();
            return Math.Abs(run.Time - low);
        }
        // Where the crossing lies in its step moves the error of a single pair of runs; the slope through several does
        // not see it.
        var order = name == "auto" ? RungeKutta.DormandPrince.Order : TimeMethod.Find(name).Order;
        int[] counts = order > 5 ? [2, 3, 4, 5, 6, 7, 8] : [20, 27, 35, 46, 60, 78, 101];
        double[] x = [.. counts.Select(n => Math.Log(n))], e = [.. counts.Select(n => -Math.Log(Error(n)))];
        var slope = MathNet.Numerics.Fit.Line(x, e).B;
        Assert.InRange(slope, order - 0.4, order + 0.7);
    }

    [Theory, MemberData(nameof(All))]
    public void A_condition_on_time_and_state_is_met_to_the_tolerance(string name)
    {
        // y = 1/(1 + e^-C(t)) crosses 0.3 + 0.02 t; every crossing in [0, 5] by bisection on a fine grid.
        double G(double t) => Waves.Exact(t)[0] - 0.3 - 0.02 * t;
        var exact = new List<(double Time, bool Rising)>();
        for (var k = 0; k < 5000; k++)
        {
            double a = k * 1e-3, b = a + 1e-3;
            if (G(a) < 0 == G(b) < 0) continue;
            var rising = G(a) < 0;
            for (var i = 0; i < 50; i++)
            {
                var middle = (a + b) / 2;
                (a, b) = G(middle) < 0 == rising ? (middle, b) : (a, middle);
            }
            exact.Add((a, rising));
        }
        Assert.True(exact.Count >= 4);
        EventFunction g = (t, y) => y[0] - 0.3 - 0.02 * t;
        var run = Run(Method(name, new Waves(), 1e-4), Waves.Initial, new(0, 5),
        [
            new(g, EventDirection.Either, Stops: false), new(g, EventDirection.Rising, Stops: false),
            new(g, EventDirection.Falling, Stops: false),
        ]);
        Assert.Equal((RunStatus.Completed, 5), (run.Status, run.Time));
        var tolerance = name == "euler" ? 1e-3 : 1e-5;
        void Met(int number, IEnumerable<double> times)
        {
            double[] met = [.. run.Events.Where(e => e.Event == number).Select(e => e.Time)];
            Assert.All(times.Zip(met), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            Assert.Equal(times.Count(), met.Length);
        }
        Met(0, exact.Select(e => e.Time));
        Met(1, exact.Where(e => e.Rising).Select(e => e.Time));
        Met(2, exact.Where(e => !e.Rising).Select(e => e.Time));
        Assert.Equal(run.Events.OrderBy(e => e.Time), run.Events);
    }

    [Theory, MemberData(nameof(All))]
    public void Events_that_do_not_stop_change_no_bit(string name)
    {
        RunResult With(params TimeEvent[] events) =>
            Run(Method(name, new Waves(), 0.01), Waves.Initial, new(0, 3), events);
        var (with, without) = (With(new TimeEvent((t, y) => y[0] - 0.4, Stops: false)), With());
        Assert.NotEmpty(with.Events);
        Assert.Equal(without.State, with.State);
        Assert.Equal(without.Steps, with.Steps);
    }

    [Theory, MemberData(nameof(All))]
    public void Two_events_in_one_step_come_in_order_and_the_first_that_stops_does(string name)
    {
        var method = Method(name, new Field(1, (t, y) => [1]), 1);
        TimeEvent At(double time, bool stops) => new((t, y) => y[0] - time, Stops: stops);
        var run = Run(method, [0], new(0, 1000),
            [At(900.75, true), At(900.5, true), At(900.25, false), At(900.5, true)]);
        Assert.Equal([2, 1], run.Events.Select(e => e.Event));
        Assert.Equal(900.5, run.Time, 1e-9);
        Assert.Equal(900.25, run.Events[0].Time, 1e-9);
    }

    [Fact]
    public void Two_changes_within_a_step_are_missed_unless_steps_are_shorter()
    {
        // (t - 5)^2 < 0.01 for a fifth of a unit.
        var events = new[] { new TimeEvent((t, y) => (t - 5) * (t - 5) - 0.01) };
        var (stepper, control) = Method("dormand-prince", new Field(1, (t, y) => [1]), 1);
        RunResult Longest(double length) => new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            Events = events,
            LongestStep = length,
        }.Run([0], new(0, 20));
        Assert.Equal(RunStatus.Completed, Longest(7).Status);
        Assert.Equal(4.9, Longest(0.15).Time, 1e-12);
    }

    [Theory, MemberData(nameof(All))]
    public void The_state_at_an_event_starts_the_next_run_without_meeting_it_again(string name)
    {
        // A ball that keeps 0.8 of its speed: bounces after 1, then 1.6, 1.28, 1.024 more.
        var field = new Field(2, (t, y) => [y[1], -2]);
        var ground = new TimeEvent((t, y) => y[0], EventDirection.Falling);
        var (t, state) = (0.0, new double[] { 1, 0 });
        var expected = new[] { 1, 2.6, 3.88, 4.904 };
        foreach (var bounce in expected)
        {
            var run = Run(Method(name, field, 1e-3), state, new(t, 10), [ground]);
            Assert.Equal(bounce, run.Time, name == "euler" ? 0.01 : 1e-6);
            (t, state) = (run.Time, [run.State[0], -0.8 * run.State[1]]);
        }
    }

    [Fact]
    public void An_event_at_the_end_of_a_step_or_the_start_of_a_run_is_one_event_or_none()
    {
        // Euler on y' = 1 from -1 meets 0 at the end of a step exactly.
        var field = new Field(1, (t, y) => [1]);
        var run = Run(Method("euler", field, 0.25), [-1], new(0, 2), [new((t, y) => y[0], Stops: false)]);
        Assert.Equal([1], run.Events.Select(e => e.Time));
        Assert.Empty(Run(Method("euler", field, 0.25), [0], new(0, 2), [new((t, y) => y[0], Stops: false)]).Events);
    }

    [Fact]
    public void An_event_at_a_save_time_is_recorded_once()
    {
        var keeper = new Keeper();
        var run = Run(Method("euler", new Field(1, (t, y) => [1]), 0.25), [-1], new(0, 2),
            [new((t, y) => y[0])], [0.5, 1, 1.5], keeper);
        Assert.Equal((RunStatus.Stopped, 1.0), (run.Status, run.Time));
        Assert.Equal([0.5, 1], keeper.Saved.Select(s => s.Time));
    }

    [Theory, MemberData(nameof(All))]
    public void Events_at_save_times_stop_at_the_first_save_time_after_them(string name)
    {
        var keeper = new Keeper();
        double[] saves = [0, 0.3, 0.6, 0.9, 1.2];
        var run = Run(Method(name, new Field(1, (t, y) => [-y[0]]), 1e-3), [1], new(0, 1.2),
            [new((t, y) => y[0] - 0.5)], saves, keeper, atSaves: true);
        Assert.Equal((RunStatus.Stopped, 0.9), (run.Status, run.Time));
        Assert.Equal(saves[..4], keeper.Saved.Select(s => s.Time));
        Assert.Equal(keeper.Saved[^1].State, run.State);
        Assert.Equal(Math.Exp(-0.9), run.State[0], 2e-4);
        Assert.Equal((Math.Exp(-0.9) - Math.Exp(-0.6)) / 0.3, run.Events[0].Slope, 1e-3);
    }

    [Fact]
    public void Runs_side_by_side_show_the_event_as_their_last_save_time()
    {
        RunInProgress Begin(double threshold)
        {
            var (stepper, control) = Method("dormand-prince", new Field(1, (t, y) => [-y[0]]), 1);
            return new TimeLoop
            {
                Stepper = stepper,
                Control = control,
                SaveTimes = [0.1, 0.2, 3],
                Events = [new((t, y) => y[0] - threshold)],
            }.Begin([1], new(0, 3));
        }
        var (first, second) = (Begin(0.5), Begin(0.87));
        List<double> times = [];
        while (second.AdvanceToNextSave() && first.AdvanceToNextSave()) times.Add(second.Time);
        Assert.Equal([0.1, -Math.Log(0.87)], times, (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal(0.87, second.State[0], 1e-12);
        Assert.Equal(RunStatus.Stopped, second.Result.Status);
        Assert.Equal(0.2, first.Time);
    }

    [Fact]
    public void An_event_near_a_jump_is_found_on_its_side()
    {
        // y = t to 1, then down again: 0.999 is crossed on both sides.
        var (stepper, control) = Method("dormand-prince-8", new Field(1, (t, y) => [t < 1 ? 1 : -1]), 1);
        var run = new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            Jumps = [1],
            Events = [new((t, y) => y[0] - 0.999, Stops: false)],
        }.Run([0], new(0, 2));
        Assert.Equal([0.999, 1.001], run.Events.Select(e => e.Time), (a, b) => Math.Abs(a - b) < 1e-13);
    }

    [Fact]
    public void A_condition_without_scale_is_found_to_rounding()
    {
        var run = Run(Method("dormand-prince", new Field(1, (t, y) => [1]), 1), [-1], new(0, 2),
            [new((t, y) => 1e-200 * y[0] * y[0] * y[0])]);
        Assert.Equal(1, run.Time, 1e-14);
    }
}
