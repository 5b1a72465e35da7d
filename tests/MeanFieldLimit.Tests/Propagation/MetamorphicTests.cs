using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>What must not change when neurons are permuted, split, merged or followed by tracers.</summary>
public class MetamorphicTests
{
    private const int Depth = 4;
    private static readonly Architecture Shape = Sampled.Architecture(Depth, new Tanh(), BiasMode.Trained);

    private static Architecture With(string interaction) => Sampled.Architecture(Depth, new Tanh(), BiasMode.Trained,
        interaction: Catalogue.Find<IInteraction>(interaction));

    private static readonly HalfSquared Loss = new();
    private static readonly Dataset Points = Sampled.Data(6);

    /// <summary>
    /// Flows <paramref name="ensemble"/> to t = 1. Steps are adaptive on purpose: the error norm must not see a
    /// permutation, a split or a tracer either.
    /// </summary>
    private static RunResult Flow(Ensemble ensemble, IMatrixEngine? engine = null, string method = "dormand-prince")
    {
        var (stepper, control) = TimeMethod.Find(method).Adaptive(
            new MeanFieldVelocity(ensemble, Loss, new FullExpectation(Points), engine ?? Sampled.Engine),
                new(1e-6, 1e-6),
            new MassNorm(ensemble), mostImplicit: 0);
        return new TimeLoop { Stepper = stepper, Control = control }.Run(ensemble.State, new(0, 1)).OrThrow();
    }

    private static double[] Predictions(Ensemble ensemble, double[] state)
    {
        var predictor = new Predictor(ensemble, Points, Sampled.Engine);
        predictor.Predict(state);
        return predictor.Predictions;
    }

    /// <summary>
    /// The ensemble whose hidden layer i has the neurons choice[i](0), choice[i](1), ... of the original with the
    /// given masses: a permutation, a split or a set of tracers, depending on the choice.
    /// </summary>
    private static Ensemble Rebuild(Ensemble original, int[][] choice, double[][] masses)
    {
        var rebuilt = new Ensemble(original.Architecture, masses);
        for (var i = 1; i <= original.Depth; i++)
        {
            int[] rows = i == 1 ? [0, 1, 2] : choice[i - 2], columns = i == original.Depth ? [0, 1] : choice[i - 1];
            ReadOnlyMatrixView from = original.Weights(i);
            var to = rebuilt.Weights(i);
            for (var r = 0; r < rows.Length; r++)
                for (var c = 0; c < columns.Length; c++)
                    to.Data[r * to.Stride + c] = from.Data[rows[r] * from.Stride + columns[c]];
            for (var c = 0; c < columns.Length && original.HasBiases; c++)
                rebuilt.Biases(i)[c] = original.Biases(i)[columns[c]];
        }
        return rebuilt;
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance) =>
        Assert.All(expected.Zip(actual), p => Assert.InRange(p.First - p.Second, -tolerance, tolerance));

    [Theory, MemberData(nameof(Sampled.Interactions), MemberType = typeof(Sampled))]
    public void Permuted_neurons_predict_the_same(string interaction)
    {
        var original = Sampled.Ensemble(With(interaction));
        int[][] choice = [[3, 0, 4, 1, 2], [2, 3, 1, 0], [5, 4, 3, 2, 1, 0]];
        var permuted = Rebuild(original, choice,
            [.. choice.Select((c, i) => c.Select(j => original.Masses(i + 1)[j]).ToArray())]);
        var (a, b) = (Flow(original), Flow(permuted));
        Assert.Equal(a.Steps, b.Steps);
        AssertClose(Predictions(original, a.State), Predictions(permuted, b.State), 1e-12);
    }

    /// <summary>Every interaction under one method, and every method under one interaction.</summary>
    public static TheoryData<string, string> Variants
    {
        get
        {
            var variants = new TheoryData<string, string>();
            foreach (var interaction in Catalogue.All<IInteraction>()) variants.Add(interaction.Name, "dormand-prince");
            foreach (var method in (string[])["dormand-prince-8", "chebyshev", "auto"])
                variants.Add("weighted-sum", method);
            return variants;
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void A_split_mass_changes_nothing_and_equal_neurons_merge(string interaction, string method)
    {
        var original = Sampled.Ensemble(With(interaction));
        int[][] choice = [[0, 0, 1, 2, 3, 4], [0, 1, 1, 1, 2, 3], [0, 1, 2, 3, 4, 5, 5]];
        double[][] share = [[0.25, 0.75, 1, 1, 1, 1], [1, 0.2, 0.5, 0.3, 1, 1], [1, 1, 1, 1, 1, 0.5, 0.5]];
        var split = Rebuild(original, choice,
            [.. choice.Select((c, i) => c.Select((j, k) => share[i][k] * original.Masses(i + 1)[j]).ToArray())]);
        var (a, b) = (Flow(original, method: method), Flow(split, method: method));
        Assert.Equal(a.Steps, b.Steps);
        AssertClose(Predictions(original, a.State), Predictions(split, b.State), 1e-12);
        // The halves of a neuron have stayed equal: the ensemble merges back.
        var w = split.Weights(b.State.AsSpan(), 1);
        for (var r = 0; r < w.Rows; r++) Assert.Equal(w.Data[r * w.Stride], w.Data[r * w.Stride + 1]);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Tracers_leave_the_host_bitwise_unchanged_and_stay_on_the_neuron_they_start_on(string interaction,
        string method)
    {
        var original = Sampled.Ensemble(With(interaction));
        int[][] choice = [[0, 1, 2, 3, 4, 2], [0, 1, 2, 3, 0, 0, 3], [0, 1, 2, 3, 4, 5, 1]];
        var hosts = new[] { 5, 4, 6 };
        var traced = Rebuild(original, choice,
            [.. choice.Select((c, i) => c.Select((j, k) => k < hosts[i] ? original.Masses(i + 1)[j] : 0).ToArray())]);
        var (a, b) = (Flow(original, method: method), Flow(traced, method: method));
        Assert.Equal(a.Steps, b.Steps);
        for (var i = 1; i <= Depth; i++)
        {
            int[] rows = i == 1 ? [0, 1, 2] : choice[i - 2], columns = i == Depth ? [0, 1] : choice[i - 1];
            var host = original.Weights(a.State.AsSpan(), i);
            var with = traced.Weights(b.State.AsSpan(), i);
            for (var r = 0; r < rows.Length; r++)
                for (var c = 0; c < columns.Length; c++)
                {
                    var (expected, actual) = (host.Data[rows[r] * host.Stride + columns[c]],
                        with.Data[r * with.Stride + c]);
                    var isHost = rows[r] == r && columns[c] == c;
                    if (isHost) Assert.Equal(expected, actual);
                    else Assert.InRange(expected - actual, -1e-12, 1e-12);
                }
        }
    }

    [Theory, MemberData(nameof(Sampled.Interactions), MemberType = typeof(Sampled))]
    public void A_tracer_beside_a_single_neuron_on_a_single_point_leaves_its_bits(string interaction)
    {
        var architecture = Sampled.Architecture(3, new Tanh(), BiasMode.None, inputs: 1, outputs: 1,
            Catalogue.Find<IInteraction>(interaction));
        for (ulong seed = 0; seed < 20; seed++)
        {
            var host = Sampled.Embedding(architecture).Sample([1, 1], seed);
            var traced = new Ensemble(architecture, [[1, 0], [1, 0]]);
            for (var i = 1; i <= 3; i++)
                for (var c = 0; c < traced.Size(i - 1); c++)
                    for (var d = 0; d < traced.Size(i); d++)
                        traced.Weights(i).Data[c * traced.Size(i) + d] = host.Weights(i).Data[0] + c + d;
            var data = Sampled.Data(1, inputs: 1, outputs: 1);
            double[] alone = Sampled.Velocity(host, host.State, data, Loss),
                with = Sampled.Velocity(traced, traced.State, data, Loss);
            for (var i = 1; i <= 3; i++)
                Assert.Equal(host.Weights(alone.AsSpan(), i).Data[0], traced.Weights(with.AsSpan(), i).Data[0]);
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var ensemble = Sampled.Embedding(Shape).Sample([150, 140, 130], 3);
        Assert.Equal(Flow(ensemble, new ManagedEngine(1)).State, Flow(ensemble, new ManagedEngine(3)).State);
    }

    [Fact]
    public void Blocks_of_data_points_add_up_to_all_of_them()
    {
        // 1,100 points pass in three blocks; in another order the blocks hold other points.
        var data = Sampled.Data(1100);
        var reversed = data.Select([.. Enumerable.Range(0, 1100).Reverse()]);
        var ensemble = Sampled.Ensemble(Shape);
        AssertClose(Sampled.Velocity(ensemble, ensemble.State, data, Loss),
            Sampled.Velocity(ensemble, ensemble.State, reversed, Loss), 1e-13);
    }

    [Theory, MemberData(nameof(Sampled.Interactions), MemberType = typeof(Sampled))]
    public void Any_number_of_threads_gives_the_same_velocity(string interaction)
    {
        var ensemble = Sampled.Embedding(With(interaction)).Sample([40, 30, 50], 3);
        double[] Velocity(int threads)
        {
            var velocity = new double[ensemble.State.Length];
            new MeanFieldVelocity(ensemble, Loss, new FullExpectation(Points), new ManagedEngine(threads))
                .Evaluate(0, ensemble.State, velocity);
            return velocity;
        }
        Assert.Equal(Velocity(1), Velocity(3));
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public void Risk_falls_at_the_squared_mass_norm_of_the_velocity(int depth)
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(depth, new Erf(), BiasMode.Trained));
        var velocity = Sampled.Velocity(ensemble, ensemble.State, Points, Loss);
        const double h = 1e-5;
        double Moved(double t) =>
            Sampled.Risk(ensemble, [.. ensemble.State.Zip(velocity, (y, v) => y + t * v)], Points, Loss);
        var squared = ensemble.SquaredMassNorm(velocity);
        Assert.InRange((Moved(h) - Moved(-h)) / (2 * h) / -squared, 1 - 1e-6, 1 + 1e-6);
    }

    [Fact]
    public void Relu_layers_conserve_the_balance_of_every_neuron()
    {
        // d/dt of sum_c p(c) W_i(c, j)^2 and of sum_k p(k) W_{i+1}(j, k)^2 agree for each neuron j, since
        // H s'(H) = s(H): a conservation law that only right masses keep.
        var shape = Sampled.Architecture(Depth, new Relu(), BiasMode.None);
        var ensemble = Sampled.Ensemble(shape);
        var velocity = Sampled.Velocity(ensemble, ensemble.State, Points, Loss);
        for (var i = 1; i < Depth; i++)
        {
            MatrixView inW = ensemble.Weights(i), inV = ensemble.Weights(velocity.AsSpan(), i);
            MatrixView outW = ensemble.Weights(i + 1), outV = ensemble.Weights(velocity.AsSpan(), i + 1);
            for (var j = 0; j < inW.Columns; j++)
            {
                double incoming = 0, outgoing = 0;
                for (var c = 0; c < inW.Rows; c++)
                    incoming += ensemble.Masses(i - 1)[c] * inW.Data[c * inW.Stride + j] * inV.Data[c * inV.Stride + j];
                for (var k = 0; k < outW.Columns; k++)
                    outgoing += ensemble.Masses(i + 1)[k] * outW.Data[j * outW.Stride + k]
                        * outV.Data[j * outV.Stride + k];
                Assert.InRange(incoming - outgoing, -1e-13, 1e-13);
            }
        }
    }
}
