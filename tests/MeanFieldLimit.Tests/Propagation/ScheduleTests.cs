using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

public class ScheduleTests
{
    private static readonly Architecture Shape = Sampled.Architecture(3, new Tanh(), BiasMode.Trained);
    private static readonly Dataset Points = Sampled.Data(6);

    private static double[] Flow(double time, ISchedule schedule, IExpectation? expectation = null)
    {
        var ensemble = Sampled.Ensemble(Shape);
        var velocity = new MeanFieldVelocity(ensemble, new HalfSquared(), expectation ?? new FullExpectation(Points),
            Sampled.Engine,
            [schedule, schedule, schedule]);
        var flow = expectation is null;
        return new TimeLoop
        {
            Stepper = new RungeKuttaStepper(flow ? RungeKutta.DormandPrince : RungeKutta.Euler, velocity),
            Control = flow ? new PiControl(new(1e-10, 1e-10), new MassNorm(ensemble)) : new FixedStep(0.1),
        }.Run(ensemble.State, new(0, time)).OrThrow().State;
    }

    [Fact]
    public void A_common_schedule_is_a_change_of_time()
    {
        // xi(t) = (1 + t)^(-1/2) for all layers: the path of xi = 1 at time int_0^t xi = 2 (sqrt(1 + t) - 1), so t = 3
        // is 2.
        var annealed = Flow(3, new PowerSchedule(0.5, 1));
        Assert.All(annealed.Zip(Flow(2, new ConstantSchedule(1))), p => Assert.Equal(p.First, p.Second, 1e-8));
        // A rate of 2 until t = 1/2 and of 1/2 from there to t = 5/2 covers 1 + 1.
        var stepped = Flow(2.5, new PiecewiseSchedule([0.5], [2, 0.5]));
        Assert.All(stepped.Zip(Flow(2, new ConstantSchedule(1))), p => Assert.Equal(p.First, p.Second, 1e-7));
    }

    [Fact]
    public void Rates_act_on_their_layer_alone()
    {
        var ensemble = Sampled.Ensemble(Shape);
        double[] plain = Sampled.Velocity(ensemble, ensemble.State, Points, new HalfSquared()),
            scaled = new double[plain.Length];
        new MeanFieldVelocity(ensemble, new HalfSquared(), new FullExpectation(Points), Sampled.Engine,
            [new ConstantSchedule(1), new ConstantSchedule(0.25), new ConstantSchedule(0)])
                .Evaluate(0, ensemble.State, scaled);
        for (var j = 0; j < plain.Length; j++)
            Assert.Equal(plain[j] * ensemble.LayerOf(j) switch { 1 => 1, 2 => 0.25, _ => 0 }, scaled[j]);
    }

    [Fact]
    public void Iteration_k_of_sgd_has_the_rate_of_iteration_k()
    {
        // eps k^(-0.1), k = 1, 2, ...: by hand, from velocities at rate 1.
        var batches = new BatchExpectation(new EmpiricalSource(Points), Streams.Batches(1), 0.1, 2, Points);
        var trained = Flow(0.4, new PowerSchedule(0.1, 0.1), batches);
        var ensemble = Sampled.Ensemble(Shape);
        double[] state = [.. ensemble.State], velocity = new double[state.Length];
        var plain = new MeanFieldVelocity(ensemble, new HalfSquared(), batches, Sampled.Engine);
        for (var k = 1; k <= 4; k++)
        {
            plain.Evaluate((k - 1) * 0.1, state, velocity);
            for (var j = 0; j < state.Length; j++) state[j] += 0.1 * Math.Pow(k, -0.1) * velocity[j];
        }
        Assert.All(state.Zip(trained), p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Fact]
    public void Sgd_saved_after_any_step_goes_on_with_the_same_batches()
    {
        List<byte[]> saved = [];
        var whole = Begin(run =>
        {
            using var stream = new MemoryStream();
            Snapshot.Write(stream, run);
            saved.Add(stream.ToArray());
        }).AdvanceToEnd();
        Assert.Equal(10, saved.Count);
        foreach (var bytes in saved)
        {
            var run = Begin(null);
            Snapshot.Read(new MemoryStream(bytes), run);
            Assert.Equal(whole.State, run.AdvanceToEnd().State);
            Assert.Equal(whole.Evaluations, run.Result.Evaluations);
        }

        static RunInProgress Begin(Action<RunInProgress>? afterStep)
        {
            var ensemble = Sampled.Ensemble(Shape);
            var batches = new BatchExpectation(new EmpiricalSource(Points), Streams.Batches(1), 0.1, 2, Points);
            return new TimeLoop
            {
                Stepper = new RungeKuttaStepper(RungeKutta.Euler,
                    new MeanFieldVelocity(ensemble, new HalfSquared(), batches, Sampled.Engine)),
                Control = new FixedStep(0.1),
                AfterStep = afterStep,
            }.Begin(ensemble.State, new(0, 1));
        }
    }
}
