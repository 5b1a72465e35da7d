namespace MeanFieldLimit.Solvers.Tests.Time;

/// <summary>
/// Right-hand sides that jump: with s = sign of a coordinate, the solution in Filippov's sense slides along s = 0 with
/// the mean of s that keeps it there.
/// </summary>
public class SlidingTests
{
    private static readonly RootMeanSquareNorm Norm = new();

    public static TheoryData<string> Methods => [.. TimeMethod.All.Where(m => m.EstimatesError).Select(m => m.Name)];

    /// <summary>y' = 0.3 - s, z' = 1 for s > 0, -2 for s &lt; 0: on y = 0 the mean of s is 0.3, z' = -0.05.</summary>
    private static (Field Field, double[] Initial, Func<double, double[]> Exact) Line()
    {
        const double hit = 1 / 0.7;
        return (new(2, (t, y) => [0.3 - Math.Sign(y[0]), y[0] > 0 ? 1 : -2]), [1, 0],
            t => t < hit ? [1 - 0.7 * t, t] : [0, hit - 0.05 * (t - hit)]);
    }

    /// <summary>y' = t - 1 - s, z' = s: slides until t = 2, with the mean t - 1 of s, and leaves upwards.</summary>
    private static (Field Field, double[] Initial, Func<double, double[]> Exact) Leaving()
    {
        var hit = 2 - Math.Sqrt(3.8);
        double Slid(double t) => hit + ((t - 1) * (t - 1) - (hit - 1) * (hit - 1)) / 2;
        return (new(2, (t, y) => [t - 1 - Math.Sign(y[0]), Math.Sign(y[0])]), [0.1, 0],
            t => t < hit ? [0.1 - 2 * t + t * t / 2, t]
                : t < 2 ? [0, Slid(t)]
                : [(t - 2) * (t - 2) / 2, Slid(2) + t - 2]);
    }

    /// <summary>
    /// y_1' = 0.2 - s_1 + 0.3 s_2, y_2' = -0.1 - s_2 - 0.4 s_1, z' = 2 s_1 + s_2: slides along y_2 = 0 from t = 0.4
    /// with s_2 = -1/2, then along both with the means that make both velocities 0.
    /// </summary>
    private static (Field Field, double[] Initial, Func<double, double[]> Exact) Corner()
    {
        const double first = 0.4, second = first + 0.8 / 0.95, s1 = 0.17 / 1.12, s2 = -0.1 - 0.4 * s1;
        return (new(3, (t, y) =>
            {
                double a = Math.Sign(y[0]), b = Math.Sign(y[1]);
                return [0.2 - a + 0.3 * b, -0.1 - b - 0.4 * a, 2 * a + b];
            }), [1, 0.6, 0],
            t => t < first ? [1 - 0.5 * t, 0.6 - 1.5 * t, 3 * t]
                : t < second ? [0.8 - 0.95 * (t - first), 0, 1.2 + 1.5 * (t - first)]
                : [0, 0, 1.2 + 1.5 * (second - first) + (2 * s1 + s2) * (t - second)]);
    }

    private static (Field Field, double[] Initial, Func<double, double[]> Exact) Problem(string name) => name switch
    {
        "line" => Line(),
        "leaving" => Leaving(),
        _ => Corner(),
    };

    public static TheoryData<string, string, double> All
    {
        get
        {
            var data = new TheoryData<string, string, double>();
            foreach (var method in TimeMethod.All.Where(m => m.EstimatesError))
                foreach (var problem in new[] { "line", "leaving", "corner" })
                    foreach (var tolerance in new[] { 1e-5, 1e-8 }) data.Add(method.Name, problem, tolerance);
            return data;
        }
    }

    private static (IStepper, IStepControl) Adaptive(string method, IVectorField field, double tolerance) =>
        TimeMethod.Find(method).Adaptive(field, new(tolerance, tolerance), Norm);

    [Theory, MemberData(nameof(All))]
    public void Every_method_slides_with_an_error_of_the_order_of_its_steps(string method, string problem,
        double tolerance)
    {
        var (field, initial, exact) = Problem(problem);
        var keeper = new Keeper();
        var (stepper, control) = Adaptive(method, field, tolerance);
        var run = new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = [.. Enumerable.Range(0, 301).Select(k => k * 0.01)],
            Recorder = keeper,
        }.Run(initial, new(0, 3)).OrThrow();

        Assert.True(run.Slid is { Steps: > 0, From: >= 0 and < 3 });
        Assert.Contains("slid along kinks from t = ", run.InWords);
        Assert.InRange(run.Slid.Step, 0.05 * Math.Sqrt(tolerance), 3 * Math.Sqrt(tolerance));
        // Steps of h leave y within h times the jump of the surface, which is at most 3 here, and z as far off.
        Assert.Equal(301, keeper.Saved.Count);
        Assert.All(keeper.Saved, saved => Assert.All(exact(saved.Time).Zip(saved.State),
            v => Assert.InRange(Math.Abs(v.First - v.Second), 0, 6 * run.Slid.Step)));
        Assert.InRange(run.Steps + run.Refused, 0, 20 / Math.Sqrt(tolerance) + 2000);
    }

    [Theory, MemberData(nameof(Methods))]
    public void Sliding_beside_something_stiff_stays_stable(string method)
    {
        // 5000 times the first sliding step would be 15.
        var field = new Field(2, (t, y) => [0.3 - Math.Sign(y[0]), -5000 * (y[1] - Math.Cos(t) - 0.1 * y[0])]);
        var (stepper, control) = Adaptive(method, field, 1e-6);
        var run = new TimeLoop { Stepper = stepper, Control = control }.Run([1, 0], new(0, 3)).OrThrow();
        // y_0 = 1 - 0.7 t reaches the kink at t = 1 / 0.7.
        Assert.True(run.Slid is { Steps: > 0 });
        Assert.Equal(1 / 0.7, run.Slid.From, 0.05);
        Assert.Equal(0, run.State[0], 2 * run.Slid.Step);
        // Behind cos t by its slope times 1/5000, and by what is left of the chatter.
        Assert.Equal(Math.Cos(3), run.State[1], 1 / 5000.0 + 4 * run.Slid.Step);
    }

    [Fact]
    public void A_second_run_slides_with_the_same_bits()
    {
        var (field, initial, _) = Corner();
        foreach (var method in TimeMethod.All.Where(m => m.EstimatesError))
        {
            var (stepper, control) = Adaptive(method.Name, field, 1e-5);
            var loop = new TimeLoop { Stepper = stepper, Control = control };
            var (first, second) = (loop.Run(initial, new(0, 3)), loop.Run(initial, new(0, 3)));
            Assert.Equal(first.State, second.State);
            Assert.Equal(first.Slid, second.Slid);
        }
    }

    public static TheoryData<string, string> BlowUps
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var method in TimeMethod.All.Where(m => m.EstimatesError))
                foreach (var problem in new[] { "square", "exponential", "root", "pair" })
                    data.Add(method.Name, problem);
            return data;
        }
    }

    [Theory, MemberData(nameof(BlowUps))]
    public void A_solution_that_ceases_to_exist_ends_the_run_soon(string method, string problem)
    {
        // 1/(1 - t), -log(1 - t), sqrt(1 - t), and (1 - t)^(-1/2) in two coordinates.
        var (field, initial) = problem switch
        {
            "square" => (new Field(1, (t, y) => [y[0] * y[0]]), new[] { 1.0 }),
            "exponential" => (new Field(1, (t, y) => [Math.Exp(y[0])]), [0]),
            "root" => (new Field(1, (t, y) => [-0.5 / y[0]]), [1]),
            _ => (new Field(2, (t, y) => [y[1] * y[0] * y[0] / 2, y[0] * y[1] * y[1] / 2]), [1, 1]),
        };
        var (stepper, control) = Adaptive(method, field, 1e-6);
        var run = new TimeLoop { Stepper = stepper, Control = control }.Run(initial, new(0, 2));
        // The right-hand side of the root points to its pole from both sides: steps go back and forth, as at a jump.
        var ends = problem == "root" ? RunStatus.TooSlow : RunStatus.NonFinite;
        Assert.Contains(run.Status, new[] { RunStatus.StepUnderflow, RunStatus.NonFinite, ends });
        Assert.InRange(run.Time, 0.99, 1.01);
        Assert.InRange(run.Steps + run.Refused, 0, problem == "root" ? 100_000 : 5000);
        Assert.All(run.State, v => Assert.True(double.IsFinite(v)));
        if (problem != "root") Assert.Null(run.Slid);
    }

    [Fact]
    public void A_run_that_would_take_a_thousand_times_the_steps_allowed_ends_as_too_slow()
    {
        var field = new Field(1, (t, y) => [-1e12 * (y[0] - Math.Cos(t))]);
        var (stepper, control) = Adaptive("dormand-prince", field, 1e-6);
        var run = new TimeLoop { Stepper = stepper, Control = control }.Run([1], new(0, 3));
        Assert.Equal(RunStatus.TooSlow, run.Status);
        Assert.InRange(run.Steps + run.Refused, 0, 100_000);
        Assert.Contains("out of reach", Assert.Throws<RunFailedException>(() => run.OrThrow()).Message);
        // A method for stiff systems is not slow there.
        var (bdf, its) = Adaptive("bdf", new Field(1, (t, y) => [-1e6 * (y[0] - Math.Cos(t))]), 1e-6);
        var end = new TimeLoop { Stepper = bdf, Control = its }.Run([1], new(0, 3)).OrThrow();
        Assert.Equal(Math.Cos(3), end.State[0], 1e-5);
    }

    public static TheoryData<string, string> Ordinary
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var method in TimeMethod.All.Where(m => m.EstimatesError))
                foreach (var problem in new[] { "waves", "robertson", "vanderpol", "crossing", "switched", "kinks" })
                    data.Add(method.Name, problem);
            return data;
        }
    }

    [Theory, MemberData(nameof(Ordinary))]
    public void What_does_not_slide_keeps_its_steps_bit_for_bit(string method, string problem)
    {
        var (field, initial, end) = problem switch
        {
            "waves" => ((IVectorField)new Waves(), Waves.Initial, 6.0),
            // Stiff, with steps of the explicit methods a hundredth of a sliding step.
            "robertson" => (new Field(3, (t, y) =>
                [
                    -0.04 * y[0] + 1e4 * y[1] * y[2], 0.04 * y[0] - 1e4 * y[1] * y[2] - 3e7 * y[1] * y[1],
                    3e7 * y[1] * y[1],
                ]), [1, 0, 0], 10),
            "vanderpol" => (new Field(2, (t, y) => [y[1], 1000 * (1 - y[0] * y[0]) * y[1] - y[0]]), [2, 0], 30),
            // Jumps that are crossed: of f in y and in t, and of its derivative in many places.
            "crossing" => (new Field(1, (t, y) => [y[0] > 0.5 ? 3 : 1]), [0], 1),
            "switched" => (new Field(1, (t, y) => [(t < 0.4321 ? -1 : -5) * y[0]]), [1], 1),
            _ => (new Field(2, (t, y) => [Math.Abs(Math.Sin(30 * y[1])), 1]), [0, 0], 2),
        };
        foreach (var value in new[] { 1e-5, 1e-8 })
        {
            var tolerance = new Tolerance(value, value);
            var (bare, its) = Bare(method, field, tolerance);
            var (stepper, control) = TimeMethod.Find(method).Adaptive(field, tolerance, Norm);
            var expected = new TimeLoop { Stepper = bare, Control = its }.Run(initial, new(0, end));
            var run = new TimeLoop { Stepper = stepper, Control = control }.Run(initial, new(0, end));
            Assert.Equal(expected.State, run.State);
            Assert.Equal((expected.Status, expected.Time, expected.Steps, expected.Refused, expected.InWords),
                (run.Status, run.Time, run.Steps, run.Refused, run.InWords));
            Assert.Null(run.Slid);
        }
    }

    private static (IStepper, IStepControl) Bare(string method, IVectorField field, Tolerance tolerance)
    {
        var control = new PiControl(tolerance, Norm);
        return method switch
        {
            "auto" => Both(new AutomaticMethod(field, tolerance, Norm)),
            "bdf" => Both(new BackwardDifferences(field, tolerance, Norm)),
            "chebyshev" => (new ChebyshevStepper(field, tolerance, Norm), control),
            _ => (new RungeKuttaStepper(RungeKutta.Find(method), field, (tolerance, Norm)), control),
        };
    }

    private static (IStepper, IStepControl) Both<T>(T method) where T : IStepper, IStepControl => (method, method);
}
