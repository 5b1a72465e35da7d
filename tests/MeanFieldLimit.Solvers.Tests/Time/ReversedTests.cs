namespace MeanFieldLimit.Solvers.Tests.Time;

public class ReversedTests
{
    public static TheoryData<string> All => [.. TimeMethod.All.Select(m => m.Name)];

    private static RunResult Back(string name, IVectorField field, double[] state, Interval interval,
        double[]? times = null, double[]? jumps = null, IRecorder? recorder = null)
    {
        var method = TimeMethod.Find(name);
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(field, new(1e-8, 1e-8), new RootMeanSquareNorm())
            : method.Fixed(field, 1e-4);
        return new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = times is null ? [] : Reversed.Times(times),
            Jumps = jumps is null ? [] : Reversed.Jumps(jumps),
            Recorder = recorder is null ? null : Reversed.Recorder(recorder),
        }.Run(state, interval).OrThrow();
    }

    [Theory, MemberData(nameof(All))]
    public void A_solution_is_run_back_along_itself(string name)
    {
        var keeper = new Keeper();
        double[] times = [2, 1.3, 0.7, 0];
        Back(name, Reversed.Of(new Waves()), Waves.Exact(2), Reversed.Over(2, 0), times, recorder: keeper);
        Assert.Equal(times, keeper.Saved.Select(s => s.Time));
        Assert.All(keeper.Saved,
            s => Assert.InRange(Waves.Error(s.State, s.Time), 0, name == "euler" ? 1e-2 : 2e-5));
    }

    [Theory, MemberData(nameof(All))]
    public void Jumps_are_met_to_rounding_backwards(string name)
    {
        // y' = 1 before the jump, -1 from it on.
        foreach (var jump in new[] { 0, 0.25, 1 - 1e-16, -1e-20 })
        {
            var field = Reversed.Of(new Field(1, (t, y) => [t < jump ? 1 : -1]));
            var run = Back(name, field, [0], Reversed.Over(2, -1), jumps: [jump]);
            Assert.Equal(2 - jump - (jump + 1), run.State[0], 1e-11);
            Assert.InRange(run.Steps, 2, 30_002);
        }
    }

    [Fact]
    public void A_reversed_field_keeps_its_Jacobian()
    {
        var field = Reversed.Of(new Linear());
        var jacobian = new double[1];
        ((IDifferentiableField)field).Jacobian(-2, [3], jacobian);
        Assert.Equal(-2, jacobian[0]);
        Assert.False(Reversed.Of(new Waves()) is IDifferentiableField);
        // y = e^(t^2/2), from 1 back to 0.
        Assert.Equal(1, Back("bdf", field, [Math.Exp(0.5)], Reversed.Over(1, 0)).State[0], 1e-7);
    }

    [Fact]
    public void A_run_back_goes_back() => Assert.Throws<ArgumentOutOfRangeException>(() => Reversed.Over(0, 1));

    /// <summary>y' = t y.</summary>
    private sealed class Linear : IDifferentiableField
    {
        public int Dimension => 1;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) => velocity[0] = t * y[0];

        public void Jacobian(double t, ReadOnlySpan<double> y, Span<double> jacobian) => jacobian[0] = t;
    }
}
