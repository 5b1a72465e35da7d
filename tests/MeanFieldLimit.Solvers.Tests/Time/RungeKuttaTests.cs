using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Tests.Time;

public class RungeKuttaTests
{
    public static TheoryData<string> Tables => [.. RungeKutta.All.Select(t => t.Name)];

    [Theory, MemberData(nameof(Tables))]
    public void Order_on_a_nonautonomous_nonlinear_problem(string name)
    {
        var table = RungeKutta.Find(name);
        var errors = Enumerable.Range(0, 3).Select(k => ErrorWith(table, 0.5 / (16 << k))).ToArray();
        var observed = Math.Log2(errors[1] / errors[2]);
        Assert.InRange(observed, table.Order - 0.1, table.Order + 0.1);

        // The largest error on the way: the error at one time may pass through zero.
        static double ErrorWith(ButcherTable table, double h)
        {
            var keeper = new Keeper();
            new TimeLoop
            {
                Stepper = new RungeKuttaStepper(table, new Waves()),
                Control = new FixedStep(h),
                SaveTimes = [0.5, 1, 1.5, 2, 2.5, 3],
                Recorder = keeper,
            }.Run(Waves.Initial, new(0, 3)).OrThrow();
            return keeper.Saved.Max(s => Waves.Error(s.State, s.Time));
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void Error_estimate_has_the_order_it_claims(string name)
    {
        var table = RungeKutta.Find(name);
        if (!table.EstimatesError) return;
        var stepper = new RungeKuttaStepper(table, new Waves());
        double[] next = new double[2], error = new double[2];
        double Size(double h)
        {
            stepper.Reset();
            stepper.Step(new(0.2, 0.2 + h), Waves.Initial, next, error);
            return Math.Abs(error[0]);
        }
        Assert.InRange(Math.Log2(Size(0.01) / Size(0.005)), stepper.ErrorOrder - 0.1, stepper.ErrorOrder + 0.1);
    }

    [Fact]
    public void A_last_slope_is_not_evaluated_again()
    {
        var waves = new Waves();
        var run = new TimeLoop
        {
            Stepper = new RungeKuttaStepper(RungeKutta.DormandPrince, waves),
            Control = new PiControl(new(1e-6, 1e-6), new RootMeanSquareNorm()),
        }.Run(Waves.Initial, new(0, 2));
        Assert.Equal(1 + 6 * (run.Steps + run.Refused), waves.Evaluations);
    }

    [Fact]
    public void A_retry_or_a_new_run_never_uses_a_slope_of_another_state()
    {
        var stepper = new RungeKuttaStepper(RungeKutta.DormandPrince, new Waves());
        double[] fresh = new double[2], reused = new double[2], error = new double[2];
        stepper.Step(new(0, 0.5), Waves.Initial, reused, error);
        stepper.Step(new(0, 0.1), Waves.Initial, reused, error);        // a shorter retry
        new RungeKuttaStepper(RungeKutta.DormandPrince, new Waves()).Step(new(0, 0.1), Waves.Initial, fresh, error);
        Assert.Equal(fresh, reused);

        double[] elsewhere = [0.1, 0.7];
        stepper.Reset();
        stepper.Step(new(0.1, 0.2), elsewhere, reused, error);
        new RungeKuttaStepper(RungeKutta.DormandPrince, new Waves()).Step(new(0.1, 0.2), elsewhere, fresh, error);
        Assert.Equal(fresh, reused);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        var stepper = new RungeKuttaStepper(RungeKutta.DormandPrince, new Waves());
        double[] state = [.. Waves.Initial], next = new double[2], error = new double[2];
        stepper.Step(new(0, 0.01), state, next, error);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var k = 1; k < 100; k++) stepper.Step(new(k * 0.01, (k + 1) * 0.01), state, next, error);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Inconsistent_tables_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ButcherTable("row", 2, [0, 0.5], [[], [0.4]], [0, 1]));
        Assert.Throws<ArgumentException>(() => new ButcherTable("weights", 2, [0, 0.5], [[], [0.5]], [0.1, 1]));
        Assert.Throws<ArgumentException>(() => new ButcherTable("implicit", 1, [0], [[1]], [1]));
        Assert.Throws<ArgumentException>(
            () => new ButcherTable("embedded", 2, [0, 0.5], [[], [0.5]], [0, 1], [0.5, 0.4], 1));
        Assert.Contains("dormand-prince", Assert.Throws<ArgumentException>(() => RungeKutta.Find("heun")).Message);
    }
}
