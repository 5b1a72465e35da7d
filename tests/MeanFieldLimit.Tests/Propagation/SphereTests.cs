using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>Incoming weights of layer 1 on the unit sphere, in ensembles of any masses, under every method.</summary>
public class SphereTests
{
    private const int Depth = 3;
    private static readonly HalfSquared Loss = new();
    private static readonly Dataset Points = Sampled.Data(6);

    public static TheoryData<string> Methods => [.. TimeMethod.All.Select(m => m.Name)];

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4)]
    public void The_velocity_is_tangent_and_the_steepest_descent_on_the_sphere(int depth)
    {
        var ensemble = Held(depth);
        var velocity = Sampled.Velocity(ensemble, ensemble.State, Points, Loss);
        Assert.All(Enumerable.Range(0, ensemble.Size(1)), c =>
            Assert.InRange(Dot(ensemble, ensemble.State, velocity, c), -1e-15, 1e-15));
        // d risk / dt = -|velocity|^2 in the mass norm: of all tangent directions none descends faster.
        const double h = 1e-5;
        double Risk(double t)
        {
            double[] state = [.. ensemble.State.Zip(velocity, (y, v) => y + t * v)];
            new UnitSphere(ensemble).Normalise(state);
            return Sampled.Risk(ensemble, state, Points, Loss);
        }
        var squared = ensemble.SquaredMassNorm(velocity);
        Assert.InRange((Risk(h) - Risk(-h)) / (2 * h) / -squared, 1 - 1e-7, 1 + 1e-7);
        // What is not tangent is all that differs from the free velocity.
        var free = Sampled.Ensemble(Shape(depth, WeightConstraint.None));
        ensemble.State.CopyTo(free.State, 0);
        var other = Sampled.Velocity(free, free.State, Points, Loss);
        Assert.All(other.Zip(velocity).Skip(3 * ensemble.Size(1)), v =>
            Assert.InRange(v.First - v.Second, -1e-14, 1e-14));
        for (var c = 0; c < ensemble.Size(1); c++)
        {
            var radial = Dot(ensemble, ensemble.State, other, c);
            for (var i = 0; i < 3; i++)
            {
                var k = i * ensemble.Size(1) + c;
                Assert.InRange(velocity[k] + radial * ensemble.State[k] - other[k], -1e-14, 1e-14);
            }
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void Neurons_of_a_linear_network_turn_as_the_closed_form_has_it(string name)
    {
        // f(x) = E <w, x>, y = <v, x>, E x x^T = I: one neuron turns towards v by theta' = -sin(theta).
        var ensemble = Ensemble.Uniform(new(2, 1, [new Identity(), new Identity()], BiasMode.None)
        { Constraint = WeightConstraint.Sphere }, [1]);
        double[] target = [Math.Cos(0.3), Math.Sin(0.3)];
        const double start = 2.5, time = 2;
        (ensemble.Weights(1).Row(0)[0], ensemble.Weights(1).Row(1)[0]) = (Math.Cos(0.3 + start), Math.Sin(0.3 + start));
        ensemble.Weights(2).Data[0] = 1;
        var root = Math.Sqrt(2);
        var data = new Dataset(2, 1, [root, 0, 0, root], [root * target[0], root * target[1]], LabelKind.Real);
        var method = TimeMethod.Find(name);
        var flow = new GradientFlow(name, 1e-9, method.EstimatesError ? null : 1e-3);
        var objective = Sampled.Objective(Loss, data, [new ConstantSchedule(1), new ConstantSchedule(0)]);
        var seen = new List<double>();
        var state = Run(flow.Bind(ensemble, objective, default, Sampled.Engine), ensemble, time, [0.3, 1, 1.7], seen);
        var expected = 0.3 + 2 * Math.Atan(Math.Tan(start / 2) * Math.Exp(-time));
        Assert.All(seen, length => Assert.InRange(length - 1, -4e-16, 4e-16));
        Assert.InRange(Math.Atan2(state[1], state[0]) - expected, -(method.Order == 1 ? 1e-3 : 1e-6),
            method.Order == 1 ? 1e-3 : 1e-6);
    }

    [Fact]
    public void Steps_of_SGD_end_on_the_sphere()
    {
        var ensemble = Held(Depth);
        var seen = new List<double>();
        Run(new StochasticGradientDescent(0.25, 2).Bind(ensemble, Sampled.Objective(Loss, Points), default,
            Sampled.Engine), ensemble, 5, [1, 2, 3], seen);
        Assert.All(seen, length => Assert.InRange(length - 1, -4e-16, 4e-16));
    }

    [Fact]
    public void Tracers_leave_the_host_as_it_is_and_one_on_a_neuron_stays_there()
    {
        var limit = Held(Depth);
        var architecture = limit.Architecture;
        var network = Ensemble.Uniform(architecture, [2, 2]);
        new RandomStream(8, 0).FillNormal(0, network.State);
        limit.Biases(Depth).CopyTo(network.Biases(Depth));
        // The first tracer of layer 1 starts on the first neuron.
        network.Biases(1)[0] = limit.Biases(1)[0];
        for (var i = 0; i < 3; i++) network.Weights(1).Row(i)[0] = limit.Weights(1).Row(i)[0];
        UnitSphere.Start(network);
        var both = Sampled.Embedding(architecture).WithTracers(limit, network);
        var (size, host) = (limit.Size(1), limit.Size(2));
        for (var c = 0; c < host; c++) both.Weights(2).Row(size)[c] = limit.Weights(2).Row(0)[c];

        var flow = new GradientFlow("dormand-prince", 1e-6);
        double[] End(Ensemble of) => Run(flow.Bind(of, Sampled.Objective(Loss, Points), default, Sampled.Engine), of,
            1, [], []);
        double[] alone = End(limit), together = End(both);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(limit.Weights(alone, 1).Row(i).ToArray(), both.Weights(together, 1).Row(i)[..size].ToArray());
            Assert.Equal(both.Weights(together, 1).Row(i)[0], both.Weights(together, 1).Row(i)[size], 1e-12);
        }
        Assert.Equal(limit.Weights(alone, 3).Data.ToArray(), both.Weights(together, 3).Data[..(2 * host)].ToArray());
    }

    [Fact]
    public void Weight_decay_does_not_turn_neurons()
    {
        var ensemble = Held(Depth);
        double[] Incoming(double decay)
        {
            var velocity = new double[ensemble.State.Length];
            Sampled.Objective(Loss, Points, decay: decay).Velocity(ensemble, Sampled.Engine)
                .Evaluate(0, ensemble.State, velocity);
            return velocity[..(3 * ensemble.Size(1))];
        }
        Assert.All(Incoming(0).Zip(Incoming(0.7)), v => Assert.InRange(v.First - v.Second, -1e-15, 1e-15));
    }

    [Theory]
    [InlineData(WeightConstraint.Sphere), InlineData(WeightConstraint.StartsOnSphere)]
    public void Networks_and_limits_start_at_draws_over_their_lengths(WeightConstraint constraint)
    {
        Embedding free = Sampled.Embedding(Shape(Depth, WeightConstraint.None)),
            held = Sampled.Embedding(Shape(Depth, constraint));
        foreach (var (of, on) in new[] { (free.Sample([5, 4], 3), held.Sample([5, 4], 3)),
            (free.Discretise(Rules), held.Discretise(Rules)) })
        {
            for (var c = 0; c < of.Size(1); c++)
            {
                double[] w = Column(of, c), u = Column(on, c);
                var length = Math.Sqrt(w.Sum(v => v * v));
                Assert.All(w.Zip(u), v => Assert.InRange(v.First / length - v.Second, -2e-16, 2e-16));
            }
            Assert.Equal(of.Weights(2).Data.ToArray(), on.Weights(2).Data.ToArray());
        }
    }

    [Fact]
    public void Directions_of_centred_normal_weights_are_uniform()
    {
        // On the sphere E u_1^2k = 1 / (2 k + 1) and E u_1^2 u_2^2 = 1/15; bounds are 4 sigma / sqrt(n).
        const int n = 40_000;
        var network = Sampled.Embedding(Shape(2, WeightConstraint.Sphere)).Sample([n], 2);
        void Check(Func<double[], double> of, double mean, double square)
        {
            var bound = 4 * Math.Sqrt((square - mean * mean) / n);
            Assert.InRange(Enumerable.Range(0, n).Average(c => of(Column(network, c))) - mean, -bound, bound);
        }
        Check(u => u[0] * u[0], 1.0 / 3, 1.0 / 5);
        Check(u => Math.Pow(u[0], 4), 1.0 / 5, 1.0 / 9);
        Check(u => u[0] * u[1], 0, 1.0 / 15);
    }

    [Fact]
    public void Weights_without_a_direction_are_refused()
    {
        var network = Ensemble.Uniform(Shape(2, WeightConstraint.Sphere), [2]);
        network.Weights(1).Row(0)[0] = 1;
        Assert.Contains("those of neuron 1 of layer 1 have the length 0", Assert.Throws<ArgumentException>(() =>
            UnitSphere.Start(network)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<IQuadratureRule> Rules => [new Sobol(16, new(1, 1)), new Sobol(8, new(1, 2))];

    private static Architecture Shape(int depth, WeightConstraint constraint) =>
        new(3, 2, [.. Enumerable.Repeat(new Tanh(), depth - 1), new Identity()], BiasMode.Trained)
        { Constraint = constraint };

    private static Ensemble Held(int depth) =>
        UnitSphere.Start(Sampled.Ensemble(Shape(depth, WeightConstraint.Sphere)));

    private static double[] Run(Stepping stepping, Ensemble of, double time, double[] saves, List<double> lengths) =>
        new TimeLoop
        {
            Stepper = stepping.Stepper,
            Control = stepping.Control,
            SaveTimes = saves,
            Recorder = new Lengths(of, lengths),
        }.Run(of.State, new(0, time)).OrThrow().State;

    private static double[] Column(Ensemble of, int c) => Column(of, of.State, c);

    private static double[] Column(Ensemble of, ReadOnlySpan<double> state, int c)
    {
        var w = of.Weights(state, 1);
        var column = new double[w.Rows];
        for (var i = 0; i < column.Length; i++) column[i] = w.Row(i)[c];
        return column;
    }

    private static double Dot(Ensemble of, double[] state, double[] velocity, int c) =>
        Column(of, state, c).Zip(Column(of, velocity, c), (w, v) => w * v).Sum();

    private sealed class Lengths(Ensemble of, List<double> seen) : IRecorder
    {
        public void Record(double t, ReadOnlySpan<double> state)
        {
            for (var c = 0; c < of.Size(1); c++) seen.Add(Math.Sqrt(Column(of, state, c).Sum(v => v * v)));
        }

        public void Carry(Snapshot snapshot)
        {
        }
    }
}
