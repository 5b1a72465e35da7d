namespace MeanFieldLimit.Solvers.Tests.Time;

public class DenseOutputTests
{
    private static readonly RootMeanSquareNorm Norm = new();

    public static TheoryData<string, double, int> Interpolants => new()
    {
        { "bogacki-shampine", 0.02, 3 }, { "dormand-prince", 0.02, 4 }, { "dormand-prince-8", 0.16, 7 },
        { "chebyshev", 0.02, 2 },
    };

    [Theory, MemberData(nameof(Interpolants))]
    public void The_error_inside_one_step_has_the_order_of_the_interpolant(string name, double h, int order)
    {
        // Over one step the end is off by O(h^(p + 1)) too, which is no larger than what is seen inside.
        double Largest(double h)
        {
            var stepper = TimeMethod.Find(name).Adaptive(new Waves(), new(1e-6, 1e-6), Norm).Stepper;
            double[] next = new double[2], inside = new double[2], error = new double[2];
            stepper.Step(new(0, h), Waves.Initial, next, error);
            return Enumerable.Range(1, 9).Max(k =>
            {
                stepper.Interpolate(h * k / 10, Waves.Initial, next, inside);
                return Waves.Error(inside, h * k / 10);
            });
        }
        Assert.InRange(Math.Log2(Largest(h) / Largest(h / 2)), order + 0.8, order + 1.2);
    }

    [Fact]
    public void An_interpolant_of_order_q_is_exact_for_quadratures_of_degree_below_q()
    {
        // y' = t^(q - 1): the order conditions of a pure quadrature, at every point of the step.
        foreach (var table in RungeKutta.All)
        {
            if (table.Interpolant is not { } interpolant) continue;
            var power = interpolant.Order - 1;
            var stepper = new RungeKuttaStepper(table, new Field(1, (t, y) => [Math.Pow(t, power)]));
            double[] next = new double[1], inside = new double[1];
            stepper.Step(new(0.5, 1.5), [0], next, []);
            foreach (var t in new[] { 0.6, 0.9, 1.3 })
            {
                stepper.Interpolate(t, [0], next, inside);
                var exact = (Math.Pow(t, power + 1) - Math.Pow(0.5, power + 1)) / (power + 1);
                Assert.Equal(exact, inside[0], 1e-12);
            }
        }
    }

    [Theory]
    [InlineData("bogacki-shampine"), InlineData("dormand-prince"), InlineData("dormand-prince-8")]
    [InlineData("chebyshev"), InlineData("bdf"), InlineData("auto")]
    public void Save_times_change_no_step_and_are_met_to_the_tolerance(string name)
    {
        double[] saves = [0, 0.001, 0.5, 1.0 / 3 + 0.5, 1.7, 1.7000001, 3];
        RunResult Run(Keeper? keeper)
        {
            var (stepper, control) = TimeMethod.Find(name).Adaptive(new Waves(), new(1e-7, 1e-7), Norm);
            return new TimeLoop
            {
                Stepper = stepper,
                Control = control,
                SaveTimes = keeper is null ? [] : saves,
                Recorder = keeper,
            }.Run(Waves.Initial, new(0, 3)).OrThrow();
        }
        var keeper = new Keeper();
        var (with, without) = (Run(keeper), Run(null));
        Assert.Equal(without.State, with.State);
        Assert.Equal(without.Steps, with.Steps);
        Assert.Equal(saves, keeper.Saved.Select(s => s.Time));
        Assert.All(keeper.Saved, s => Assert.InRange(Waves.Error(s.State, s.Time), 0, 2e-5));
        Assert.Equal(with.State, keeper.Saved[^1].State);
    }

    [Theory, InlineData("dormand-prince"), InlineData("dormand-prince-8")]
    public void At_the_limit_of_stability_save_times_are_as_accurate_as_the_ends_of_steps(string name)
    {
        // Steps are held to h rho of 3 to 6, where polynomials of high order amplify what is left of the fast
        // component.
        var field = new Field(2, (t, y) => [-400 * (y[0] - Math.Cos(t)) - Math.Sin(t), -Math.Sin(t)]);
        var keeper = new Keeper();
        var (stepper, control) = TimeMethod.Find(name).Adaptive(field, new(1e-4, 1e-4), Norm);
        new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = [.. Enumerable.Range(1, 300).Select(k => k * 0.01)],
            Recorder = keeper,
        }.Run([1.5, 1], new(0, 3)).OrThrow();
        Assert.All(keeper.Saved, s => Assert.InRange(
            Math.Abs(s.State[0] - Math.Cos(s.Time) - 0.5 * Math.Exp(-400 * s.Time)), 0, 1e-3));
    }

    [Fact]
    public void A_run_in_progress_shows_the_state_at_the_save_time()
    {
        var (stepper, control) = TimeMethod.Find("dormand-prince").Adaptive(new Waves(), new(1e-8, 1e-8), Norm);
        var run = new TimeLoop { Stepper = stepper, Control = control, SaveTimes = [0.1, 0.11, 0.9] }
            .Begin(Waves.Initial, new(0, 1));
        foreach (var t in new[] { 0.1, 0.11, 0.9 })
        {
            Assert.True(run.AdvanceToNextSave());
            Assert.Equal(t, run.Time);
            Assert.InRange(Waves.Error(run.State.ToArray(), t), 0, 1e-6);
        }
        Assert.False(run.AdvanceToNextSave());
        Assert.Equal((1.0, RunStatus.Completed), (run.Time, run.Result.Status));
        Assert.Equal(run.Result.State, run.State.ToArray());
    }
}
