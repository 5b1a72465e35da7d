namespace MeanFieldLimit.Solvers.Tests.Time;

public class StepLengthTests
{
    public static TheoryData<string> All => [.. TimeMethod.All.Select(m => m.Name)];

    public static TheoryData<string> Adaptive =>
        [.. TimeMethod.All.Where(m => m.EstimatesError).Select(m => m.Name)];

    private static TimeLoop Loop(string name, IVectorField field, double step, double longest = double.PositiveInfinity,
        double? first = null)
    {
        var method = TimeMethod.Find(name);
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(field, new(1e-6, 1e-6), new RootMeanSquareNorm())
            : method.Fixed(field, step);
        return new() { Stepper = stepper, Control = control, LongestStep = longest, FirstStep = first };
    }

    [Theory, MemberData(nameof(All))]
    public void An_interval_that_time_can_cross_is_crossed(string name)
    {
        foreach (var (start, length) in new[]
        {
            (1e6, 5e-7), (-1e6, 5e-7), (1e9, 1e-6), (1e12, 1e-3), (0, 1e-300), (1, 2.3e-16),
        })
            foreach (var from in new[] { 0.0, 3 })
            {
                var run = new Interval(start, start + length);
                var step = Math.Max(run.Length / 10, 1e-15 * start);
                var result = Loop(name, new Field(1, (t, y) => [1]), step).Run([from], run).OrThrow();
                // The state rounds in every step.
                Assert.Equal(from + run.Length, result.State[0], 1e-12 * run.Length + 1e-15 * from * result.Steps);
                Assert.InRange(result.Steps, 1, 2000);
            }
    }

    [Theory, MemberData(nameof(Adaptive))]
    public void A_fast_start_of_a_long_run_is_resolved(string name)
    {
        // y' = -1e3 y over [0, 0.01] of a run that would take steps of 1e10 by its length: z' = 1e-12 follows.
        const double end = 1e12;
        var field = new Field(2, (t, y) => [t < 0.01 ? -1e3 * y[0] : 0, 1 / end]);
        var loop = Loop(name, field, 1);
        var run = new TimeLoop { Stepper = loop.Stepper, Control = loop.Control, Jumps = [0.01] }
            .Run([1, 0], new(0, end)).OrThrow();
        Assert.Equal(Math.Exp(-10), run.State[0], 1e-4);
        Assert.Equal(1, run.State[1], 1e-9);
    }

    [Theory, MemberData(nameof(Adaptive))]
    public void Steps_no_longer_than_a_late_pulse_see_it(string name)
    {
        // y' = 1 on (7, 7.2) alone. Steps that have grown by then pass over it; then y stays 0.
        // Errors at jumps that are not told are up to 400 times the tolerance.
        var field = new Field(1, (t, y) => [t is > 7 and < 7.2 ? 1 : 0]);
        Assert.Equal(0, Loop(name, field, 1).Run([0], new(0, 10)).OrThrow().State[0]);
        Assert.Equal(0.2, Loop(name, field, 1, longest: 0.1).Run([0], new(0, 10)).OrThrow().State[0], 4e-4);
    }

    [Theory, MemberData(nameof(All))]
    public void The_longest_and_the_first_step_are_kept(string name)
    {
        List<double> ends = [0];
        var loop = Loop(name, new Waves(), 0.05, longest: 0.013, first: 1e-6);
        var seen = new TimeLoop
        {
            Stepper = loop.Stepper,
            Control = loop.Control,
            LongestStep = loop.LongestStep,
            FirstStep = loop.FirstStep,
            Progress = new Now(ends.Add),
        };
        var run = seen.Run(Waves.Initial, new(0, 2)).OrThrow();
        Assert.Equal(1e-6, ends[1]);
        Assert.InRange(ends.Zip(ends.Skip(1), (a, b) => b - a).Max(), 0.001, 0.013 * (1 + 1e-12) * 1.001);
        Assert.InRange(run.Steps, 154, 10_000);
        if (name != "euler") Assert.InRange(Waves.Error(run.State, 2), 0, 1e-4);
    }

    [Theory, MemberData(nameof(Adaptive))]
    public void A_longest_step_above_those_taken_changes_no_bit(string name)
    {
        var free = Loop(name, new Waves(), 1).Run(Waves.Initial, new(0, 3)).OrThrow();
        var bounded = Loop(name, new Waves(), 1, longest: 3).Run(Waves.Initial, new(0, 3)).OrThrow();
        Assert.Equal(free.State, bounded.State);
    }

    [Fact]
    public void A_fixed_step_that_does_not_move_time_is_named()
    {
        var run = Loop("euler", new Field(1, (t, y) => [1]), 1e-12).Run([0], new(1e6, 1e6 + 1));
        Assert.Equal((RunStatus.StepUnderflow, 0), (run.Status, run.Steps));
        Assert.Contains("too short to move time", new RunFailedException(run).Message);
    }

    [Fact]
    public void Lengths_and_jumps_that_cannot_be_are_refused()
    {
        void Refused(double longest, double? first, params double[] jumps)
        {
            var loop = Loop("euler", new Waves(), 0.1, longest, first);
            Assert.Throws<ArgumentException>(() => new TimeLoop
            {
                Stepper = loop.Stepper,
                Control = loop.Control,
                LongestStep = loop.LongestStep,
                FirstStep = loop.FirstStep,
                Jumps = jumps,
            }.Run(Waves.Initial, new(0, 1)));
        }
        Refused(0, null);
        Refused(double.NaN, null);
        Refused(1, 0);
        Refused(1, double.PositiveInfinity);
        Refused(1, null, 0.5, 0.2);
        Refused(1, null, double.NaN);
    }

    private sealed class Now(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
