using static MeanFieldLimit.Solvers.Tests.Time.ResumeCase;

namespace MeanFieldLimit.Solvers.Tests.Time;

public class ResumeTests
{
    // Stops of a run: each of its first steps, then as many evenly, and where its right-hand side jumps.
    private const int Stops = 24;

    public static TheoryData<string> Names => [.. ResumeCases.All.Keys];

    public static TheoryData<Type> Parts => [.. typeof(TimeLoop).Assembly.GetTypes().Where(type => type.IsClass
        && (type.IsAssignableTo(typeof(IStepper)) || type.IsAssignableTo(typeof(IStepControl))))];

    private static byte[] Saved(IResumable what)
    {
        using var stream = new MemoryStream();
        Snapshot.Write(stream, what);
        return stream.ToArray();
    }

    private static string GoOn(ResumeCase of, byte[] saved)
    {
        var (run, kept) = of.Begin();
        Snapshot.Read(new MemoryStream(saved), run);
        return Outcome(run, kept);
    }

    private static bool IsStop(long k, long all) => k < Stops || k % Math.Max(1, all / Stops) == 0;

    [Theory, MemberData(nameof(Parts))]
    public void Every_stepper_and_control_has_a_case(Type part) =>
        Assert.Contains(ResumeCases.All.Values, resumed => resumed.Parts.Contains(part));

    [Theory, MemberData(nameof(Names))]
    public void A_run_saved_after_any_step_goes_on_with_the_same_bits(string name)
    {
        var of = ResumeCases.All[name];
        var (whole, kept) = of.Begin();
        var expected = Outcome(whole, kept);
        Assert.Equal(expected, GoOn(of, Saved(whole)));
        List<byte[]> saved = [];
        var k = 0;
        var (run, keeps) = of.Begin(afterStep: run =>
        {
            if (IsStop(++k, whole.Result.Steps) || of.Jumps.Contains(run.Time)) saved.Add(Saved(run));
        });
        saved.Add(Saved(run));
        Assert.Equal(expected, Outcome(run, keeps));
        Assert.Equal(whole.Result.Steps, k);
        Assert.All(saved, bytes => Assert.Equal(expected, GoOn(of, bytes)));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_run_saved_and_read_at_every_save_time_goes_on_with_the_same_bits(string name)
    {
        var of = ResumeCases.All[name];
        var (whole, kept) = of.Begin();
        var (run, keeps) = of.Begin();
        for (var more = true; more; more = whole.AdvanceToNextSave())
        {
            var saved = Saved(run);
            (run, keeps) = of.Begin();
            Snapshot.Read(new MemoryStream(saved), run);
            Assert.Equal(whole.Time, run.Time);
            Assert.Equal(whole.State, run.State);
            run.AdvanceToNextSave();
        }
        Assert.Equal(Outcome(whole, kept), Outcome(run, keeps));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_run_cancelled_at_any_step_accepted_or_not_goes_on_with_the_same_bits(string name)
    {
        var of = ResumeCases.All[name];
        var (whole, kept) = of.Begin();
        var expected = Outcome(whole, kept);
        var all = whole.Result.Steps + whole.Result.Refused;
        for (var stop = 1; stop < all; stop++)
        {
            if (!IsStop(stop, all)) continue;
            using var source = new CancellationTokenSource();
            var k = 0;
            var (run, _) = of.Begin(() =>
            {
                if (++k == stop) source.Cancel();
            }, cancellation: source.Token);
            if (run.AdvanceToEnd().Status != RunStatus.Cancelled) continue;     // by an event, at that step
            Assert.Equal(expected, GoOn(of, Saved(run)));
        }
    }

    [Fact]
    public void What_was_evaluated_before_a_run_is_not_counted_after_it_was_saved_either()
    {
        var stepper = new RungeKuttaStepper(RungeKutta.Euler, new Waves());
        var loop = new TimeLoop { Stepper = stepper, Control = new FixedStep(0.1) };
        loop.Run(Waves.Initial, new(0, 1));
        var saved = Saved(loop.Begin(Waves.Initial, new(0, 2)));
        var run = new TimeLoop
        {
            Stepper = new RungeKuttaStepper(RungeKutta.Euler, new Waves()),
            Control = new FixedStep(0.1),
        }.Begin(Waves.Initial, new(0, 2));
        Snapshot.Read(new MemoryStream(saved), run);
        Assert.Equal(20, run.AdvanceToEnd().Evaluations);
    }

    [Fact]
    public void A_recorder_of_a_run_backwards_is_carried()
    {
        var kept = new SavedStates();
        var mirror = Reversed.Recorder(kept);
        mirror.Record(-2, [1, 2]);
        var (again, copy) = (new SavedStates(), Reversed.Recorder(new SavedStates()));
        Snapshot.Read(new MemoryStream(Saved(mirror)), copy);
        Snapshot.Read(new MemoryStream(Saved(copy)), again);
        Assert.Equal([2.0], again.Times);
        Assert.Equal([[1.0, 2.0]], again.States);
    }
}
