using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Dynamics;

/// <summary>The noise of SGD against all steps that SGD may take, one by one.</summary>
public class SgdDiffusionTests
{
    private const double Step = 0.3;
    private static readonly HalfSquared Loss = new();
    private static readonly Dataset Points = Weighted(Sampled.Data(5));

    private static readonly IReadOnlyList<ISchedule> Rates =
        [new ConstantSchedule(0.5), new PowerSchedule(1, 2), new ConstantSchedule(2)];

    private static Dataset Weighted(Dataset data) =>
        new(data.Inputs, data.Outputs, data.X, data.Y, data.Labels, [0.3, 0.1, 0.05, 0.35, 0.2]);

    /// <summary>The columns of S, by unit increments.</summary>
    private static double[][] Columns(SgdDiffusion diffusion, double t, double[] state)
    {
        return [.. Enumerable.Range(0, diffusion.NoiseDimension).Select(k =>
        {
            var (unit, column) = (new double[diffusion.NoiseDimension], new double[state.Length]);
            unit[k] = 1;
            diffusion.Diffuse(t, state, unit, column);
            return column;
        })];
    }

    private static double[,] Covariance(double[][] columns)
    {
        var d = columns[0].Length;
        var covariance = new double[d, d];
        foreach (var s in columns)
            for (var i = 0; i < d; i++)
                for (var j = 0; j < d; j++) covariance[i, j] += s[i] * s[j];
        return covariance;
    }

    /// <summary>
    /// The covariance of the step of SGD, over its length, from every batch that it may draw: B points with
    /// replacement.
    /// </summary>
    private static double[,] Enumerated(Ensemble ensemble, double t, int batch, IReadOnlyList<ISchedule> rates)
    {
        var steps = Enumerable.Range(0, Points.Count).Select(n =>
        {
            var velocity = new double[ensemble.State.Length];
            new MeanFieldVelocity(ensemble, Loss, new FullExpectation(Points.Select([n])), Sampled.Engine, rates)
                .Evaluate(t, ensemble.State, velocity);
            return velocity.Select(v => Step * v).ToArray();
        }).ToArray();
        IEnumerable<(double Mass, double[] Step)> batches = [(1, new double[ensemble.State.Length])];
        for (var b = 0; b < batch; b++)
            batches = batches.SelectMany(sum => steps.Select((s, n) => (sum.Mass * Points.Masses[n],
                sum.Step.Zip(s, (x, y) => x + y / batch).ToArray())));
        var all = batches.ToArray();
        var mean = Enumerable.Range(0, ensemble.State.Length).Select(i => all.Sum(b => b.Mass * b.Step[i])).ToArray();
        return Covariance([.. all.Select(b =>
            b.Step.Select((x, i) => Math.Sqrt(b.Mass / Step) * (x - mean[i])).ToArray())]);
    }

    private static IReadOnlyList<ISchedule> For(int depth) => [.. Rates.Take(depth)];

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(3, 3)]
    public void Shared_noise_has_the_covariance_of_a_step_of_SGD(int depth, int batch)
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(depth, new Tanh(), BiasMode.Trained));
        var diffusion = new SgdDiffusion(ensemble, Sampled.Objective(Loss, Points, For(depth)), Sampled.Engine, SgdNoise.Shared, Step, batch);
        Equal(Enumerated(ensemble, 0.7, batch, For(depth)), Covariance(Columns(diffusion, 0.7, ensemble.State)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Noise_per_particle_has_that_covariance_within_each_neuron_and_none_between(int batch)
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(2, new Tanh(), BiasMode.Frozen));
        var diffusion = new SgdDiffusion(ensemble, Sampled.Objective(Loss, Points, For(2)), Sampled.Engine, SgdNoise.PerParticle, Step, batch);
        var expected = Enumerated(ensemble, 0.7, batch, For(2));
        var neuron = Neurons(ensemble);
        for (var i = 0; i < neuron.Length; i++)
            for (var j = 0; j < neuron.Length; j++)
                if (neuron[i] != neuron[j]) expected[i, j] = 0;
        Equal(expected, Covariance(Columns(diffusion, 0.7, ensemble.State)));
    }

    /// <summary>The neuron of layer 1 that each component of the state belongs to.</summary>
    private static int[] Neurons(Ensemble ensemble)
    {
        var owner = new double[ensemble.State.Length];
        var (incoming, outgoing) = (ensemble.Weights(owner.AsSpan(), 1).Data.Length, ensemble.Size(2));
        for (var i = 0; i < incoming; i++) owner[i] = i % ensemble.Size(1);
        var biases = ensemble.HasBiases ? ensemble.Size(1) : 0;
        for (var i = 0; i < biases; i++) owner[incoming + i] = i;
        for (var i = 0; i < ensemble.Size(1) * outgoing; i++) owner[incoming + biases + i] = i / outgoing;
        return Array.ConvertAll(owner, v => (int)v);
    }

    private static void Equal(double[,] expected, double[,] actual)
    {
        var scale = expected.Cast<double>().Max(Math.Abs);
        for (var i = 0; i < expected.GetLength(0); i++)
            for (var j = 0; j < expected.GetLength(1); j++)
                Assert.InRange(actual[i, j] - expected[i, j], -1e-13 * scale, 1e-13 * scale);
    }

    [Theory]
    [InlineData(SgdNoise.PerParticle)]
    [InlineData(SgdNoise.Shared)]
    public void Tracers_see_the_noise_of_the_neurons_they_copy_and_leave_the_host_alone(SgdNoise noise)
    {
        var shape = Sampled.Architecture(2, new Tanh(), BiasMode.Frozen);
        Ensemble host = Sampled.Ensemble(shape), both = new(shape, [[.. host.Masses(1), 0, 0]]);
        var hosts = host.Size(1);
        for (var i = 1; i <= 2; i++)
        {
            host.Weights(i).CopyTo(both.Weights(i).Block(0, 0, host.Size(i - 1), host.Size(i)));
            host.Biases(i).CopyTo(both.Biases(i));
        }
        // Tracers 0 and 1 are neurons 2 and 0 of the host.
        int[] source = [2, 0];
        for (var k = 0; k < source.Length; k++)
        {
            for (var i = 0; i < both.Size(0); i++)
                both.Weights(1).Row(i)[hosts + k] = both.Weights(1).Row(i)[source[k]];
            both.Biases(1)[hosts + k] = both.Biases(1)[source[k]];
            both.Weights(2).Row(source[k]).CopyTo(both.Weights(2).Row(hosts + k));
        }
        double[] alone = Noise(host), together = Noise(both);
        foreach (var i in new[] { 1, 2 })
        {
            MatrixView a = host.Weights(alone.AsSpan(), i), b = both.Weights(together.AsSpan(), i);
            for (var r = 0; r < a.Rows; r++) Assert.Equal(a.Row(r).ToArray(), b.Row(r)[..a.Columns].ToArray());
            for (var k = 0; k < source.Length; k++)
                if (i == 2)
                    Close(b.Row(source[k]), b.Row(hosts + k));
                else
                    for (var r = 0; r < b.Rows; r++)
                        Close(b.Row(r).Slice(source[k], 1), b.Row(r).Slice(hosts + k, 1));
        }

        double[] Noise(Ensemble ensemble)
        {
            var diffusion = new SgdDiffusion(ensemble, Sampled.Objective(Loss, Points), Sampled.Engine, noise, Step);
            var (increments, result) = (new double[diffusion.NoiseDimension], new double[diffusion.Dimension]);
            new RandomStream(3, 0).FillNormal(0, increments);
            if (noise == SgdNoise.PerParticle)
                for (var k = 0; k < ensemble.Size(1) - hosts; k++)
                    increments.AsSpan(source[k] * Points.Count, Points.Count)
                        .CopyTo(increments.AsSpan((hosts + k) * Points.Count));
            diffusion.Diffuse(0, ensemble.State, increments, result);
            return result;
        }

        static void Close(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            for (var i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1e-14);
        }
    }

    [Theory]
    [InlineData(SgdNoise.PerParticle)]
    [InlineData(SgdNoise.Shared)]
    public void Drift_is_the_velocity_and_a_step_of_zero_has_no_noise(SgdNoise noise)
    {
        var ensemble = Sampled.Ensemble(Sampled.Architecture(2, new Tanh(), BiasMode.None));
        var diffusion = new SgdDiffusion(ensemble, Sampled.Objective(Loss, Points), Sampled.Engine, noise, 0);
        var (drift, none) = (new double[diffusion.Dimension], new double[diffusion.Dimension]);
        diffusion.Evaluate(0, ensemble.State, drift);
        Assert.Equal(Sampled.Velocity(ensemble, ensemble.State, Points, Loss), drift);
        diffusion.Diffuse(0, ensemble.State, [.. Enumerable.Repeat(1.0, diffusion.NoiseDimension)], none);
        Assert.All(none, v => Assert.Equal(0, v));
    }

    [Fact]
    public void Blocks_of_points_and_threads_do_not_matter()
    {
        // 1100 points make three blocks.
        var ensemble = Ensemble.Uniform(Sampled.Architecture(2, new Tanh(), BiasMode.None), [70]);
        new RandomStream(2, 0).FillNormal(0, ensemble.State);
        var data = Sampled.Data(1100);
        var increments = new double[70 * data.Count];
        new RandomStream(2, 1).FillNormal(0, increments);
        double[] one = Noise(new ManagedEngine(1)), three = Noise(new ManagedEngine(3));
        Assert.Equal(one, three);

        // Against the sum over points one by one.
        var expected = new double[one.Length];
        var mean = new double[70];
        for (var c = 0; c < 70; c++)
            mean[c] = increments.AsSpan(c * data.Count, data.Count).ToArray().Sum() / Math.Sqrt(data.Count);
        for (var n = 0; n < data.Count; n++)
        {
            var velocity = Sampled.Velocity(ensemble, ensemble.State, data.Select([n]), Loss);
            var owner = Neurons(ensemble);
            for (var i = 0; i < expected.Length; i++)
                expected[i] += Math.Sqrt(Step) * velocity[i] * (increments[owner[i] * data.Count + n]
                    / Math.Sqrt(data.Count) - mean[owner[i]] / data.Count);
        }
        Assert.All(expected.Zip(one), p => Assert.Equal(p.First, p.Second, 1e-12));

        double[] Noise(IMatrixEngine engine)
        {
            var noise = new double[ensemble.State.Length];
            new SgdDiffusion(ensemble, Sampled.Objective(Loss, data), engine, SgdNoise.PerParticle, Step)
                .Diffuse(0, ensemble.State, increments, noise);
            return noise;
        }
    }

    [Fact]
    public void What_has_no_particles_is_refused()
    {
        Refused(Sampled.Architecture(3, new Tanh(), BiasMode.None), "two layers, got 3");
        Refused(Sampled.Architecture(2, new Tanh(), BiasMode.Trained), "trained biases");
        Refused(Sampled.Architecture(2, new Tanh(), BiasMode.None, interaction: new Residual()), "got residual");
        var ensemble = Sampled.Ensemble(Sampled.Architecture(2, new Tanh(), BiasMode.None));
        Assert.Throws<ArgumentException>(() =>
            new SgdDiffusion(ensemble, Sampled.Objective(Loss, Points), Sampled.Engine, SgdNoise.Shared, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new SgdDiffusion(ensemble, Sampled.Objective(Loss, Points), Sampled.Engine, SgdNoise.Shared, 1, batch: 0));

        static void Refused(Architecture architecture, string fragment) => Assert.Contains(fragment,
            Assert.Throws<ArgumentException>(() => new SgdDiffusion(Sampled.Ensemble(architecture), Sampled.Objective(Loss, Points), Sampled.Engine, SgdNoise.PerParticle, Step)).Message, StringComparison.Ordinal);
    }
}
