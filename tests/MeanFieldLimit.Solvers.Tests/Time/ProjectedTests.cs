namespace MeanFieldLimit.Solvers.Tests.Time;

/// <summary>Every method on the circle: theta' = cos(t) sin(theta), tan(theta / 2) is const e^(sin t).</summary>
public class ProjectedTests
{
    private const double Start = 0.4, End = 2;
    private static readonly double Angle = 2 * Math.Atan(Math.Tan(Start / 2) * Math.Exp(Math.Sin(End)));

    public static TheoryData<string> Fixed => [.. RungeKutta.All.Where(table => table.Order < 8).Select(t => t.Name)];

    public static TheoryData<string> Adaptive => [.. TimeMethod.All.Where(m => m.EstimatesError).Select(m => m.Name)];

    [Theory, MemberData(nameof(Fixed))]
    public void The_order_of_a_method_stays_and_so_does_the_circle(string name)
    {
        var method = TimeMethod.Find(name);
        double Error(int steps)
        {
            var kept = new Lengths();
            var state = Run(method.Fixed(Field(), End / steps), kept, [0.5, 1.3, 1.7]);
            Assert.All(kept.Seen, length => Assert.InRange(length - 1, -4e-16, 4e-16));
            return Math.Abs(Math.Atan2(state[1], state[0]) - Angle);
        }
        var first = method.Order < 5 ? 64 : 16;
        Assert.InRange(Math.Log2(Error(first) / Error(2 * first)), method.Order - 0.25, method.Order + 0.45);
    }

    [Theory, MemberData(nameof(Adaptive))]
    public void States_between_steps_are_on_the_circle_and_where_they_should_be(string name)
    {
        var kept = new Lengths();
        var state = Run(TimeMethod.Find(name).Adaptive(Field(), new(1e-8, 1e-8), new RootMeanSquareNorm()), kept,
            [.. Enumerable.Range(1, 40).Select(k => 0.049 * k)]);
        Assert.Equal(40, kept.Seen.Count);
        Assert.All(kept.Seen, length => Assert.InRange(length - 1, -4e-16, 4e-16));
        var (stepper, control) = TimeMethod.Find(name).Adaptive(Field(), new(1e-8, 1e-8), new RootMeanSquareNorm());
        var free = new TimeLoop { Stepper = stepper, Control = control }.Run([Math.Cos(Start), Math.Sin(Start)],
            new(0, End)).OrThrow().State;
        // Errors are those of the method itself, on a field that does not see how far from the centre a state is.
        var error = Math.Abs(Math.Atan2(free[1], free[0]) - Angle);
        Assert.InRange(Math.Abs(Math.Atan2(state[1], state[0]) - Angle), 0, 2 * error + 1e-8);
    }

    [Fact]
    public void Without_projection_the_circle_is_left()
    {
        var (stepper, control) = TimeMethod.Find("euler").Fixed(Field(), 0.1);
        var state = new TimeLoop { Stepper = stepper, Control = control }.Run([Math.Cos(Start), Math.Sin(Start)],
            new(0, End)).OrThrow().State;
        Assert.InRange(Norm(state), 1.001, 2);
    }

    /// <summary>The motion on the circle; states off it move as their projections do.</summary>
    internal static Field Field() => new(2, (t, y) =>
    {
        var (x, z, speed) = (y[0] / Norm(y), y[1] / Norm(y), Math.Cos(t));
        return [-speed * z * z, speed * z * x];
    });

    internal static (IStepper, IStepControl) Held((IStepper Stepper, IStepControl Control) method)
    {
        var held = new ProjectedMethod(method.Stepper, method.Control, state =>
        {
            var length = Norm(state);
            for (var i = 0; i < state.Length; i++) state[i] /= length;
        });
        return (held, held);
    }

    private static double[] Run((IStepper, IStepControl) method, IRecorder recorder, double[] saves)
    {
        var (stepper, control) = Held(method);
        return new TimeLoop { Stepper = stepper, Control = control, Recorder = recorder, SaveTimes = saves }
            .Run([Math.Cos(Start), Math.Sin(Start)], new(0, End)).OrThrow().State;
    }

    private static double Norm(ReadOnlySpan<double> y) => Math.Sqrt(y[0] * y[0] + y[1] * y[1]);

    private sealed class Lengths : IRecorder
    {
        internal List<double> Seen { get; } = [];

        public void Record(double t, ReadOnlySpan<double> state) => Seen.Add(Norm(state));

        public void Carry(Snapshot snapshot)
        {
        }
    }
}
