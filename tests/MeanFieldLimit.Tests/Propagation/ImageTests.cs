using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>Networks on images: the backward pass against differences, and shapes that are known as dense ones.</summary>
public class ImageTests
{
    private static readonly Extent One = new(1, 1), Two = new(2, 2), Three = new(3, 3);

    /// <summary>Extents of images, and their convolutions and poolings.</summary>
    public static TheoryData<string> Shapes => [.. Geometries.Keys];

    /// <summary>Those without maxima.</summary>
    public static TheoryData<string> SmoothShapes => [.. Geometries.Where(shape =>
        shape.Value.Layers.All(layer => layer.Pooling is not { HasKinks: true })).Select(shape => shape.Key)];

    /// <summary>The architecture of two channels with the layers of a shape.</summary>
    internal static Architecture Shaped(string name, BiasMode biases) =>
        Architecture(2, Geometries[name].Layers, biases);

    private static Dictionary<string, (Extent Image, LayerGeometry[] Layers)> Geometries { get; } = new()
    {
        ["plane"] = Stack(new(5, 4), over => Conv(over, new(Three, One)), Dense),
        ["padding"] = Stack(new(4, 5), over => Conv(over, new(Three, One, 1)), over => Conv(over, new(Two, One, 2)),
            Dense),
        ["strides"] = Stack(new(6, 7), over => Conv(over, new(Three, new(2, 3), 1)), Dense),
        ["circular"] = Stack(new(4, 4), over => Conv(over, new(Three, One, 1, Border.Circular)), Dense),
        ["line"] = Stack(new(1, 9), over => Conv(over, new(new(1, 3), new(1, 2), 1)), over =>
            Conv(over, new(new(1, 2), One)), Dense),
        ["max"] = Stack(new(6, 6), over => Conv(over, new(Three, One), Pool(PoolKind.Max, new(Two, Two))), over =>
            Conv(over, new(Two, One)), Dense),
        ["average"] = Stack(new(6, 6), over => Conv(over, new(Three, One, 1),
            Pool(PoolKind.Average, new(Three, Two))), over => Conv(over, new(Two, One)), Dense),
        ["global"] = Stack(new(5, 5), over => Conv(over, new(Three, One)), over =>
            Conv(over, new(Two, One), p => new(PoolKind.Average, new(p, p), p)), Dense),
        ["global of many"] = Stack(new(4, 5), over => Conv(over, new(Three, One)), over =>
            Conv(over, new(Two, One, 1), p => new(PoolKind.Average, new(p, p), p)), Dense),
        ["global below a dense layer"] = Stack(new(3, 4), over => Conv(over, new(Two, One),
            p => new(PoolKind.Average, new(p, p), p)), Dense, Dense),
        ["max to one"] = Stack(new(1, 7), over => Conv(over, new(new(1, 3), One),
            Pool(PoolKind.Max, new(new(1, 5), One))), over => Conv(over, new(One, One)), Dense),
        ["line, circular"] = Stack(new(1, 8), over => Conv(over, new(new(1, 3), new(1, 3), 2, Border.Circular)),
            over => Conv(over, new(new(1, 2), One, 1), Pool(PoolKind.Max, new(new(1, 2), new(1, 2)))), Dense),
        ["rows alone"] = Stack(new(6, 3), over => Conv(over, new(new(3, 1), new(2, 1), 1),
            Pool(PoolKind.Average, new(Two, One))), Dense),
        ["dense on top"] = Stack(new(4, 4), over => Conv(over, new(Three, One)), Dense, Dense),
    };

    [Theory, MemberData(nameof(Shapes))]
    public void The_velocity_is_minus_the_gradient_in_the_mass_norm(string name)
    {
        foreach (var mode in Enum.GetValues<BiasMode>())
        {
            var (image, layers) = Geometries[name];
            var architecture = Architecture(2, layers, mode);
            var ensemble = Sampled.Ensemble(architecture);
            CheckVelocity(ensemble, [.. ensemble.State.Select(v => 0.5 * v)],
                Sampled.Data(3, inputs: 2 * image.Positions), mode);
        }
    }

    internal static void CheckVelocity(Ensemble ensemble, double[] state, Dataset data, BiasMode mode)
    {
        var velocity = Sampled.Velocity(ensemble, state, data, new HalfSquared());
        var norm = ensemble.SquaredMassNorm(velocity);
        for (var j = 0; j < state.Length; j++)
        {
            // A probe in one component; its mass is what the mass norm gives to it.
            var unit = new double[state.Length];
            unit[j] = 1;
            const double h = 1e-5;
            var kept = state[j];
            state[j] = kept + h;
            var up = Sampled.Risk(ensemble, state, data, new HalfSquared());
            state[j] = kept - h;
            var down = Sampled.Risk(ensemble, state, data, new HalfSquared());
            state[j] = kept;
            if (mode == BiasMode.Frozen && velocity[j] == 0) continue;
            Assert.InRange((up - down) / (2 * h) + ensemble.SquaredMassNorm(unit) * velocity[j], -1e-6, 1e-6);
        }
        var slope = (RiskAt(1e-6) - RiskAt(-1e-6)) / 2e-6;
        Assert.InRange(slope + norm, -1e-6 * (1 + norm), 1e-6 * (1 + norm));

        double RiskAt(double t) =>
            Sampled.Risk(ensemble, [.. state.Zip(velocity, (s, v) => s + t * v)], data, new HalfSquared());
    }

    [Fact]
    public void A_window_as_large_as_the_image_is_a_dense_layer()
    {
        Extent image = new(3, 4);
        var window = Architecture(2, Stack(image, over => Conv(over, new(over, One)), Dense).Layers, BiasMode.Trained);
        var dense = Sampled.Architecture(2, new Tanh(), BiasMode.Trained, inputs: 2 * image.Positions);
        var data = Sampled.Data(6, inputs: 2 * image.Positions);
        Ensemble a = Sampled.Ensemble(window), b = Sampled.Ensemble(dense);
        a.State.CopyTo(b.State, 0);
        var v = Sampled.Velocity(a, a.State, data, new HalfSquared());
        Assert.Equal(Sampled.Velocity(b, b.State, data, new HalfSquared()), v, (x, y) => Math.Abs(x - y) < 1e-13);
    }

    [Fact]
    public void One_place_on_one_position_is_the_dense_network_to_the_bit()
    {
        var window = Architecture(3, Stack(One, over => Conv(over, new(One, One)), over => Conv(over, new(One, One)),
            Dense).Layers, BiasMode.Trained);
        var dense = Sampled.Architecture(3, new Tanh(), BiasMode.Trained);
        var data = Sampled.Data(40);
        Assert.Equal(Sampled.Predictions(Sampled.Ensemble(dense), data, 1, 1e-8),
            Sampled.Predictions(Sampled.Ensemble(window), data, 1, 1e-8));
    }

    [Fact]
    public void On_a_circle_a_shifted_image_has_shifted_activations()
    {
        Extent image = new(4, 5);
        var architecture = Architecture(1, Stack(image, over => Conv(over, new(Three, One, 1, Border.Circular)), over =>
            Conv(over, new(Three, One, 1, Border.Circular)), Dense).Layers, BiasMode.Trained);
        var ensemble = Sampled.Ensemble(architecture);
        var pass = new ForwardPass(ensemble, Sampled.Engine, 1);
        var x = Sampled.Data(1, inputs: image.Positions, outputs: 2).X;
        var h = Second(x);
        // Down by 1 and to the right by 2.
        int Moved(int u) => (u / 5 + 1) % 4 * 5 + (u % 5 + 2) % 5;
        var shifted = new double[x.Length];
        for (var u = 0; u < x.Length; u++) shifted[Moved(u)] = x[u];
        var moved = Second(shifted);
        for (var u = 0; u < x.Length; u++)
            for (var c = 0; c < ensemble.Size(2); c++)
                Assert.Equal(h[u * ensemble.Size(2) + c], moved[Moved(u) * ensemble.Size(2) + c], 1e-13);

        double[] Second(double[] points)
        {
            pass.Pass(ensemble.State, new Dataset(points.Length, 2, points, [0, 0], LabelKind.Real), 0, 1);
            return pass.Of(2).Data.ToArray();
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Tracers_change_no_bit_of_their_host_and_split_neurons_change_nothing(string name)
    {
        var (image, layers) = Geometries[name];
        var architecture = Architecture(2, layers, BiasMode.Trained);
        var data = Sampled.Data(5, inputs: 2 * image.Positions);
        var alone = Sampled.Ensemble(architecture);
        var split = alone.Split(3);
        Assert.Equal(AfterSteps(alone), AfterSteps(split), (a, b) => Math.Abs(a - b) < 1e-11);
        var laws = Enumerable.Repeat(new LayerLaws(new Gaussian(0, 0.5), new Constant(0)), layers.Length);
        var embedding = new Embedding(architecture, [.. laws]);
        var host = embedding.Sample([.. layers.Skip(1).Select(_ => 4)], 1);
        var both = embedding.WithTracers(host, embedding.Sample([.. layers.Skip(1).Select(_ => 3)], 2));
        Assert.Equal(AfterSteps(host), AfterSteps(both));

        double[] AfterSteps(Ensemble of)
        {
            var state = of.State.ToArray();
            for (var step = 0; step < 3; step++)
                TensorPrimitives.MultiplyAdd(Sampled.Velocity(of, state, data, new HalfSquared()), 0.05, state, state);
            var predictor = new Predictor(of, data, Sampled.Engine);
            predictor.Predict(state);
            return predictor.Predictions;
        }
    }

    [Fact]
    public void Windows_are_counted_and_what_they_lose_is_told()
    {
        Assert.Equal(new(3, 2), new Windows(Three, new(2, 3), 1).Over(new(5, 5)));
        Assert.Equal(new(0, 0), new Windows(Three, new(2, 3), 1).Lost(new(5, 5)));
        Assert.Equal(new(0, 2), new Windows(Three, new(2, 3)).Lost(new(5, 5)));
        Assert.Equal(0, new Windows(Three, new(4, 4)).Over(new(2, 9)).Positions);
    }

    private static (Extent, LayerGeometry[] Layers) Stack(Extent image, params Func<Extent, LayerGeometry>[] layers)
    {
        var below = image;
        var stack = new List<LayerGeometry>();
        foreach (var layer in layers)
        {
            stack.Add(layer(below));
            below = stack[^1].Pooled;
        }
        return (image, [.. stack]);
    }

    private static LayerGeometry Dense(Extent below) => LayerGeometry.Dense(below);

    private static LayerGeometry Conv(Extent below, Windows windows, Func<Extent, Pooling>? pooling = null) =>
        LayerGeometry.Convolution(below, windows, pooling);

    private static Func<Extent, Pooling> Pool(PoolKind kind, Windows windows) => over => new(kind, windows, over);

    private static Architecture Architecture(int channels, LayerGeometry[] layers, BiasMode biases) => new(
        channels, 2,
        [.. Enumerable.Repeat(new Tanh(), layers.Length - 1), new Identity()], biases, geometry: layers);
}
