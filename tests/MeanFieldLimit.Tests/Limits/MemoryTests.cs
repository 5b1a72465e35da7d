using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>What is stated of memory before a run against what the run takes.</summary>
public sealed class MemoryTests
{
    // Stated are also the vectors of runs that slide along kinks: 7 of about 20, and of 12 where slopes are in factors.
    private const double Most = 1.6, MostInFactors = 2.4;

    // Few points, many points, many neurons, which leave room for few points at a time.
    [Theory]
    [InlineData(16, 1024)]
    [InlineData(1500, 128)]
    [InlineData(100, 16384)]
    public void Of_a_limit(int points, int nodes)
    {
        var model = Build(points, new() { Loss = "half-squared", Time = 0.01 }, nodes);
        IsAsStated(() => ILimit.Of(model).Begin(new()).Complete(), MemoryPlan.Limit(model));
    }

    [Theory]
    [InlineData(16, DynamicsKind.Flow, 200)]
    [InlineData(16, DynamicsKind.Flow, 600, MostInFactors)]
    [InlineData(1500, DynamicsKind.Flow, 200)]
    [InlineData(1500, DynamicsKind.Sgd, 200)]
    [InlineData(1500, DynamicsKind.Sgd, 600)]
    public void Of_a_network(int points, DynamicsKind dynamics, int width, double most = Most)
    {
        var model = Build(points, new()
        {
            Loss = "half-squared",
            Time = 0.02,
            Dynamics = dynamics,
            Step = dynamics == DynamicsKind.Sgd ? 0.01 : null,
            Batch = dynamics == DynamicsKind.Sgd ? 20 : null,
        }, nodes: 16, width);
        var network = model.Sample([width, width], 0);
        IsAsStated(() => Run.Of(model, network, model.Dynamics, model.NetworkDraw(0), new()).Complete(),
            MemoryPlan.Networks(model, 1), most);
    }

    // By tiles: activations of 1,024 points at most are kept, as far as they have room.
    [Theory]
    [InlineData(1500, 4000)]
    [InlineData(1100, 8200)]
    public void Of_two_layers_by_tiles(int points, int width) =>
        IsOfNetworkAsStated(Build(points, new() { Loss = "half-squared", Time = 0.02 }, nodes: 16, width, depth: 2), width);

    // Windows, and a dense layer on what they leave.
    [Theory]
    [InlineData(60, 48)]
    [InlineData(150, 64)]
    public void Of_a_network_on_images(int points, int channels) => IsOfNetworkAsStated(Build(points,
        new() { Loss = "half-squared", Time = 0.02, Dynamics = DynamicsKind.Sgd, Step = 0.01, Batch = points }, nodes: 16, channels,
        image: new() { Rows = 14, Columns = 14 }), channels);

    // Steps are base steps, or the last one ends where parts of many lengths meet.
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.007)]
    public void Of_noise_of_each_neuron_of_a_network(double step) =>
        IsOfNetworkAsStated(Build(600, Noisy(step), nodes: 16, width: 1000, depth: 2), 1000);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.007)]
    public void Of_noise_of_each_neuron_of_a_limit(double step)
    {
        var model = Build(600, Noisy(step), nodes: 128, depth: 2);
        IsAsStated(() => ILimit.Of(model).Begin(new()).Complete(), MemoryPlan.Limit(model));
    }

    private static TrainingSpec Noisy(double step) => new()
    {
        Loss = "half-squared",
        Time = 0.02,
        Dynamics = DynamicsKind.SgdDiffusion,
        Step = 0.01,
        Batch = 20,
        LongestStep = step,
    };

    private static void IsOfNetworkAsStated(Model model, int width)
    {
        var network = model.Sample([.. Enumerable.Repeat(width, model.Embedding.Architecture.Depth - 1)], 0);
        IsAsStated(() => Run.Of(model, network, model.Dynamics, model.NetworkDraw(0), new()).Complete(),
            MemoryPlan.Networks(model, 1));
    }

    private static void IsAsStated(Func<Run> run, double stated, double most = Most)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        run().Trained.Result.OrThrow();
        double taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(stated / taken, 1, most);
    }

    private static Model Build(int points, TrainingSpec training, int nodes, int width = 200, int depth = 3,
        ImageSpec? image = null) => Model.Build(new()
        {
            Name = "memory",
            Data = new PointsData
            {
                X = [.. Enumerable.Range(1, points).Select(n => Enumerable.Range(0, (image?.Rows * image?.Columns) ?? 2)
                .Select(i => i % 2 == 0 ? Math.Sin(n + i) : Math.Cos(2 * n + i - 1)).ToArray())],
                Y = [.. Enumerable.Range(1, points).Select(n => new[] { Math.Sin(3 * n) })],
            },
            Network = new()
            {
                Image = image,
                Layers =
            [
                new() { Weights = new GaussianLaw { Std = 1 }, Activation = "tanh", Convolution = image is null ? null : new() { Size = [3], Padding = 1 } },
                .. Enumerable.Repeat(new LayerSpec
                {
                    Weights = new GaussianLaw { Mean = 0.5, Std = 1 },
                    Activation = "tanh",
                    Convolution = image is null ? null : new() { Size = [3], Padding = 1 },
                }, depth - 2),
                new() { Weights = new GaussianLaw { Mean = 0.5, Std = 1 } },
            ],
            },
            Training = training,
            Limit = new() { Types = [.. new[] { nodes, 16 }[..(depth - 1)].Select(n => new SobolSpec { Nodes = n })], Tolerance = 1e-4 },
            Record = new() { Saves = 2 },
            Couple = new() { Widths = [width], Seeds = 1, Tracers = 0 },
        });
}
