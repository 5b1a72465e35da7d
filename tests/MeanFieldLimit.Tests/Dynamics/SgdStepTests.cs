using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Dynamics;

/// <summary>Steps that are added to the state in place.</summary>
public class SgdStepTests
{
    private const double Step = 0.125, Decay = 0.25;

    [Theory, InlineData(2), InlineData(4)]
    public void A_step_is_the_velocity_times_its_length(int depth)
    {
        var (network, velocity) = Of(depth);
        double[] before = [.. network.State], slope = new double[before.Length];
        velocity.Evaluate(0.5, before, slope);
        var after = before.ToArray();
        Assert.True(velocity.TryStep(0.5, Step, after));
        Assert.NotEqual(before, after);
        for (var j = 0; j < after.Length; j++) Assert.Equal(before[j] + Step * slope[j], after[j], 1e-14);
    }

    // 1 - step rate decay is 0 in layer 1.
    [Fact]
    public void A_step_that_forgets_all_weights_keeps_biases()
    {
        var network = Of(2).Item1;
        network.Biases(1).Fill(0.5);
        var velocity = new MeanFieldVelocity(network, Catalogue.Find<ILoss>("half-squared"), new FullExpectation(Data()), Sampled.Engine,
            [new ConstantSchedule(1 / (Step * Decay)), new ConstantSchedule(1)])
        { WeightDecay = Decay };
        double[] before = [.. network.State], slope = new double[before.Length];
        velocity.Evaluate(0, before, slope);
        var after = before.ToArray();
        Assert.True(velocity.TryStep(0, Step, after));
        for (var j = 0; j < after.Length; j++) Assert.Equal(before[j] + Step * slope[j], after[j], 1e-13);
    }

    [Fact]
    public void Where_a_signal_is_not_finite_the_state_stays_as_it_was()
    {
        var (network, velocity) = Of(3);
        network.Weights(2).Data[0] = 1e200;
        network.Weights(3).Data[0] = 1e200;
        double[] before = [.. network.State], state = [.. before];
        Assert.False(velocity.TryStep(0, Step, state));
        Assert.Equal(before, state);
    }

    [Fact]
    public void Single_precision_moves_weights_by_its_rounding_and_by_no_more()
    {
        var objective = Sampled.Objective(Catalogue.Find<ILoss>("half-squared"), Data());
        double[] End(Precision precision)
        {
            var network = Sampled.Ensemble(Sampled.Architecture(3, Catalogue.Find<IActivation>("tanh"), BiasMode.Trained));
            var stepping = new StochasticGradientDescent(Step, 8) { Precision = precision }.Bind(network, objective,
                default, Sampled.Engine);
            return new TimeLoop { Stepper = stepping.Stepper, Control = stepping.Control }
                .Run(network.State, new(0, 40 * Step)).OrThrow().State;
        }
        var apart = End(Precision.Single).Zip(End(Precision.Double), (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(apart, 1e-9, 1e-5);
    }

    private static (Ensemble, MeanFieldVelocity) Of(int depth)
    {
        var network = Sampled.Ensemble(Sampled.Architecture(depth, Catalogue.Find<IActivation>("tanh"), BiasMode.Trained));
        return (network, new(network, Catalogue.Find<ILoss>("half-squared"), new FullExpectation(Data()), Sampled.Engine,
            [.. Enumerable.Range(1, depth).Select(i => new ConstantSchedule(0.5 * i))])
        { WeightDecay = Decay });
    }

    private static Dataset Data()
    {
        double[] x = new double[3 * 20], y = new double[2 * 20];
        new RandomStream(5, 0).FillNormal(0, x);
        new RandomStream(5, 1).FillNormal(0, y);
        return new(3, 2, x, y, LabelKind.Real);
    }
}
