using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Dynamics;

public class LangevinDiffusionTests
{
    private const double X = 1.5, Y = 2, Temperature = 0.4, Decay = 0.8, Step = 0.05, Z = 4;
    private static readonly Architecture Linear = new(1, 1, [new Identity(), new Identity()], BiasMode.None);
    private static readonly Dataset Point = new(1, 1, [X], [Y], LabelKind.Real);

    // w_2 = 1 stands still.
    private static readonly IReadOnlyList<ISchedule> Rates = [new ConstantSchedule(1), new ConstantSchedule(0)];

    /// <summary>
    /// Linear neurons of outgoing weight 1: dw_k = -(mean(w) x - y) x dt - lambda w_k dt + sqrt(2 tau) dB_k. The mean
    /// reverts at rate x^2 + lambda to x y / (x^2 + lambda), all else at rate lambda to 0, each coordinate of an
    /// orthonormal basis an Ornstein-Uhlenbeck process, whose stationary variance under Euler's method at rate kappa
    /// and step h is tau / kappa / (1 - kappa h / 2).
    /// </summary>
    [Fact]
    public void Linear_neurons_have_their_stationary_law()
    {
        const int n = 20_000;
        var network = Ensemble.Uniform(Linear, [n]);
        network.Weights(2).Data.Fill(1);
        var field = new LangevinDiffusion(network,
            new MeanFieldVelocity(network, new HalfSquared(), new FullExpectation(Point), Sampled.Engine, Rates)
            {
                WeightDecay = Decay,
            }, Temperature, Rates);
        var final = new TimeLoop
        {
            Stepper = new EulerMaruyama(field, new BrownianPaths(new(5, 0), field.NoiseDimension, Step)),
            Control = new FixedStep(Step),
        }.Run(network.State, new(0, 20)).OrThrow().State;
        var w = network.Weights(final.AsSpan(), 1).Data.ToArray();
        Assert.All(network.Weights(final.AsSpan(), 2).Data.ToArray(), v => Assert.Equal(1, v));

        double Variance(double kappa) => Temperature / kappa / (1 - kappa * Step / 2);
        var mean = w.Average();
        Assert.InRange(mean - X * Y / (X * X + Decay), -Z * Math.Sqrt(Variance(X * X + Decay) / n),
            Z * Math.Sqrt(Variance(X * X + Decay) / n));
        var spread = w.Sum(v => (v - mean) * (v - mean)) / (n - 1);
        Assert.InRange(spread / Variance(Decay) - 1, -Z * Math.Sqrt(2.0 / (n - 1)), Z * Math.Sqrt(2.0 / (n - 1)));
    }

    [Fact]
    public void Noise_moves_a_neuron_by_its_own_increments()
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(2, new Tanh(), BiasMode.Frozen));
        var field = new LangevinDiffusion(ensemble,
            new MeanFieldVelocity(ensemble, new HalfSquared(), new FullExpectation(Sampled.Data(4)), Sampled.Engine)
            {
                WeightDecay = 0.25,
            }, 0.5);
        var (increments, noise) = (new double[field.NoiseDimension], new double[field.Dimension]);
        new RandomStream(1, 0).FillNormal(0, increments);
        field.Diffuse(0, ensemble.State, increments, noise);
        for (var c = 0; c < 5; c++)
        {
            // sqrt(2 tau) = 1; three inputs, two outputs.
            for (var i = 0; i < 3; i++)
                Assert.Equal(increments[5 * c + i], ensemble.Weights(noise.AsSpan(), 1).Row(i)[c]);
            for (var j = 0; j < 2; j++)
                Assert.Equal(increments[5 * c + 3 + j], ensemble.Weights(noise.AsSpan(), 2).Row(c)[j]);
        }
        Assert.All(ensemble.Biases(noise.AsSpan(), 1).ToArray(), b => Assert.Equal(0, b));
        var drift = new double[field.Dimension];
        field.Evaluate(0, ensemble.State, drift);
        var velocity = Sampled.Velocity(ensemble, ensemble.State, Sampled.Data(4), new HalfSquared());
        Assert.Equal(velocity[7] - 0.25 * ensemble.State[7], drift[7], 1e-15);
    }

    [Theory]
    [InlineData(-1, 0, 2, BiasMode.None)]
    [InlineData(1, double.NaN, 2, BiasMode.None)]
    [InlineData(1, 0, 3, BiasMode.None)]
    [InlineData(1, 0, 2, BiasMode.Trained)]
    public void What_it_is_not_defined_for_is_refused(double temperature, double decay, int depth, BiasMode biases)
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(depth, new Tanh(), biases));
        Assert.Throws<ArgumentException>(() => new LangevinDiffusion(ensemble,
            Sampled.Objective(new HalfSquared(), Sampled.Data(4), decay: decay).Velocity(ensemble, Sampled.Engine),
            temperature));
    }
}
