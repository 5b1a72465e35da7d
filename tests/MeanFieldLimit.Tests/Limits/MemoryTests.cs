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

    private static void IsAsStated(Func<Run> run, double stated, double most = Most)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        run().Trained.Result.OrThrow();
        double taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(stated / taken, 1, most);
    }

    private static Model Build(int points, TrainingSpec training, int nodes, int width = 200) => Model.Build(new()
    {
        Name = "memory",
        Data = new PointsData
        {
            X = [.. Enumerable.Range(1, points).Select(n => new[] { Math.Sin(n), Math.Cos(2 * n) })],
            Y = [.. Enumerable.Range(1, points).Select(n => new[] { Math.Sin(3 * n) })],
        },
        Network = new()
        {
            Layers =
            [
                new() { Weights = new GaussianLaw { Std = 1 }, Activation = "tanh" },
                new() { Weights = new GaussianLaw { Mean = 0.5, Std = 1 }, Activation = "tanh" },
                new() { Weights = new GaussianLaw { Mean = 0.5, Std = 1 } },
            ],
        },
        Training = training,
        Limit = new() { Types = [new SobolSpec { Nodes = nodes }, new SobolSpec { Nodes = 16 }], Tolerance = 1e-4 },
        Record = new() { Saves = 2 },
        Couple = new() { Widths = [width], Seeds = 1, Tracers = 0 },
    });
}
