namespace MeanFieldLimit.Solvers.Tests.Time;

public class RungeKuttaTests
{
    public static TheoryData<string> Tables => [.. RungeKutta.All.Select(t => t.Name)];

    [Theory, MemberData(nameof(Tables))]
    public void Order_on_a_nonautonomous_nonlinear_problem(string name)
    {
        var table = RungeKutta.Find(name);
        // Order 8 reaches rounding at the steps that show the others' order.
        var first = table.Order < 8 ? 16 : 4;
        var errors = Enumerable.Range(0, 3).Select(k => ErrorWith(table, 0.5 / (first << k))).ToArray();
        var observed = Math.Log2(errors[1] / errors[2]);
        var within = table.Order < 8 ? 0.1 : 0.3;      // the last error is a few roundings only
        Assert.InRange(observed, table.Order - within, table.Order + within);

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
    public void Threads_change_no_bit(string name)
    {
        Assert.Equal(After(1), After(3));

        double[] After(int threads)
        {
            var stepper = new RungeKuttaStepper(RungeKutta.Find(name), new Many(threads));
            double[] state = [.. Enumerable.Range(0, Many.Count).Select(j => Math.Sin(j))];
            double[] next = new double[Many.Count], error = RungeKutta.Find(name).EstimatesError ? new double[Many.Count] : [];
            stepper.Step(new(0, 0.3), state, next, error);
            return [.. next, .. error];
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
        // A quotient of two estimates comes to its order slowly.
        var (h, below) = table.Order < 8 ? (0.01, 0.1) : (0.02, 0.6);
        Assert.InRange(Math.Log2(Size(h) / Size(h / 2)), stepper.ErrorOrder - below, stepper.ErrorOrder + 0.1);
    }

    [Theory, MemberData(nameof(Tables))]
    public void Weights_and_rows_satisfy_the_order_conditions_of_bushy_and_of_stemmed_trees(string name)
    {
        // sum_i b_i c_i^(q-1) = 1/q and sum_ij b_i a_ij c_j^(q-2) = 1/(q(q-1)), q up to the order.
        var table = RungeKutta.Find(name);
        for (var q = 1; q <= table.Order; q++)
        {
            Assert.Equal(1.0 / q, table.B.Zip(table.C, (b, c) => b * Math.Pow(c, q - 1)).Sum(), 1e-13);
            if (q == 1) continue;
            Assert.Equal(1.0 / (q * (q - 1)), table.B.Zip(table.A, (b, row) =>
                b * row.Zip(table.C, (a, c) => a * Math.Pow(c, q - 2)).Sum()).Sum(), 1e-13);
        }
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

    // More numbers than two ranges that threads share, the last one not whole.
    private sealed class Many(int threads) : IVectorField
    {
        public const int Count = 40_000;

        public int Dimension => Count;

        public int Threads => threads;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
        {
            for (var j = 0; j < Count; j++) velocity[j] = t - y[j] * y[j];
        }
    }
}
