using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>The risk of a two-layer ensemble under N(0, I_d) and its velocity, beside quadrature and differences.</summary>
public class PopulationVelocityTests
{
    private const int Angles = 1 << 14;

    private static readonly ISchedule[] Rates = [new ConstantSchedule(0.7), new ConstantSchedule(1.3)];

    private static Ensemble Network(string activation, int inputs) => Sampled.Ensemble(
        Sampled.Architecture(2, Catalogue.Find<IActivation>(activation), BiasMode.None, inputs, outputs: 1));

    private static NeuronSum Teacher(string activation, int inputs)
    {
        var incoming = new double[3 * inputs];
        new RandomStream(8, 0).FillNormal(0, incoming);
        return new((IClosedPairs)Catalogue.Find<IActivation>(activation), [0.4, -0.3, 0.8], incoming);
    }

    /// <summary>
    /// What is homogeneous of degree 2 in x has under N(0, I_2) the mean of its values at angles, x = sqrt(2) e.
    /// </summary>
    private static Dataset Circle(NeuronSum teacher)
    {
        double[] x = new double[2 * Angles], y = new double[Angles];
        for (var n = 0; n < Angles; n++)
        {
            var (sin, cos) = Math.SinCos(Math.Tau * (n + 0.5) / Angles);
            (x[2 * n], x[2 * n + 1]) = (Math.Sqrt(2) * cos, Math.Sqrt(2) * sin);
            var h = new double[teacher.Outgoing.Length];
            for (var j = 0; j < h.Length; j++)
                h[j] = teacher.Incoming[2 * j] * x[2 * n] + teacher.Incoming[2 * j + 1] * x[2 * n + 1];
            teacher.Activation.Apply(h, h);
            y[n] = h.Zip(teacher.Outgoing, (s, q) => s * q).Sum();
        }
        return new(2, 1, x, y, LabelKind.Real);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("leaky-relu")]
    public void Its_risk_and_velocity_are_those_of_the_program_on_a_quadrature_in_the_plane(string activation)
    {
        var (network, teacher) = (Network(activation, 2), Teacher(activation, 2));
        var data = Circle(teacher);
        var predictor = new Predictor(network, data, Sampled.Engine);
        predictor.Predict(network.State);
        // Midpoints at kinks: O(1 / points^2) in means of functions with kinks, in those with jumps O(1 / points).
        Assert.Equal(predictor.Measure(new Squared()).Risk,
            NeuronSum.Of(network, network.State).Minus(teacher).SquaredNorm(), 1e-6);
        double[] expected = new double[network.State.Length], velocity = new double[network.State.Length];
        new MeanFieldVelocity(network, new Squared(), new FullExpectation(data), Sampled.Engine, Rates)
            .Evaluate(0, network.State, expected);
        new PopulationVelocity(network, teacher, Rates, Sampled.Engine).Evaluate(0, network.State, velocity);
        for (var i = 0; i < velocity.Length; i++) Assert.Equal(expected[i], velocity[i], 2e-3);
        Assert.InRange(velocity.Max(Math.Abs), 0.1, 100);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("leaky-relu")]
    public void Its_velocity_is_minus_the_gradient_of_the_risk_over_the_masses(string activation)
    {
        const double h = 1e-5;
        var (network, teacher) = (Network(activation, 4), Teacher(activation, 4));
        var velocity = new double[network.State.Length];
        new PopulationVelocity(network, teacher, Rates, Sampled.Engine).Evaluate(0, network.State, velocity);
        var (width, masses) = (network.Size(1), network.Masses(1).ToArray());
        for (var i = 0; i < velocity.Length; i++)
        {
            double At(double by)
            {
                double[] state = [.. network.State];
                state[i] += by;
                return NeuronSum.Of(network, state).Minus(teacher).SquaredNorm();
            }
            var rate = i < 4 * width ? 0.7 : 1.3;
            Assert.Equal(-rate * (At(h) - At(-h)) / (2 * h) / masses[i % width], velocity[i], 1e-7);
        }
    }

    /// <summary>A teacher is a fixed point of its own, and neurons of no weight stay.</summary>
    [Fact]
    public void The_teacher_itself_and_dead_neurons_stay()
    {
        var network = Network("relu", 3);
        var w = network.Weights(1);
        for (var i = 0; i < 3; i++) w.Row(i)[2] = 0;
        network.Weights(2).Data[2] = 0;
        var velocity = new double[network.State.Length];
        new PopulationVelocity(network, NeuronSum.Of(network, network.State), Rates, Sampled.Engine)
            .Evaluate(0, network.State, velocity);
        Assert.All(velocity, v => Assert.Equal(0, v, 1e-14));
    }

    /// <summary>Random features are the program's own training with a rate of 0 in layer 1.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Random_features_in_closed_form_are_steps_of_the_outgoing_weights_alone(bool onPoints)
    {
        const int steps = 40;
        const double length = 0.6;
        var (network, teacher) = (Network("relu", 2), Teacher("relu", 2));
        network.Weights(2).Data.Clear();
        var data = Circle(teacher).Select([.. Enumerable.Range(0, 9).Select(n => n * n * 150)]);
        ISchedule[] rates = [new ConstantSchedule(0), new ConstantSchedule(1)];
        IVectorField field = onPoints
            ? new MeanFieldVelocity(network, new Squared(), new FullExpectation(data), Sampled.Engine, rates)
            : new PopulationVelocity(network, teacher, rates, Sampled.Engine);
        var (stepper, control) = TimeMethod.Find("euler").Fixed(field, length);
        var end = new TimeLoop { Stepper = stepper, Control = control }.Run(network.State, new(0, steps * length)).State;
        var closed = onPoints ? FeatureDescent.On(network, data) : FeatureDescent.Of(network, teacher);
        var expected = NeuronSum.Of(network, end);
        Assert.Equal(0, expected.Outgoing.Zip(closed.After(steps, length).Outgoing, (a, b) => Math.Abs(a - b)).Max(), 1e-12);
        Assert.True(expected.Outgoing.Max(Math.Abs) > 0.01);
        Assert.Throws<ArgumentException>(() => FeatureDescent.On(Network("relu", 2), data));
    }

    [Fact]
    public void Other_ensembles_are_refused()
    {
        Assert.Contains("whose pairs have a closed form",
            Assert.Throws<ArgumentException>(() => Network("tanh", 2) is var n ? NeuronSum.Of(n, n.State) : null).Message,
            StringComparison.Ordinal);
        Assert.Contains("piecewise linear, got erf", Assert.Throws<ArgumentException>(() =>
            new PopulationVelocity(Network("erf", 2), Teacher("erf", 2), Rates, Sampled.Engine)).Message,
            StringComparison.Ordinal);
        Assert.Contains("must have 2 weights each", Assert.Throws<ArgumentException>(() =>
            new PopulationVelocity(Network("relu", 2), Teacher("relu", 3), Rates, Sampled.Engine)).Message,
            StringComparison.Ordinal);
    }
}
