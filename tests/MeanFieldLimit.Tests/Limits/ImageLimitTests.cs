using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Limits of networks on images: coordinates of their types, and what they take in memory.</summary>
public class ImageLimitTests
{
    private static Model Build(LimitSpec limit, PoolSpec? pool = null, int columns = 6, int points = 5,
        double time = 1) => Model.Build(new()
        {
            Name = "image",
            Data = new PointsData
            {
                X = [.. Enumerable.Range(1, points).Select(n =>
                Enumerable.Range(0, columns).Select(u => 1.2 * Math.Sin(n * n + (1.3 + 0.2 * n) * u)).ToArray())],
                Y = [.. Enumerable.Range(1, points).Select(n => new[] { Math.Cos(n) })],
            },
            Network = new()
            {
                Image = new() { Columns = columns },
                Biases = BiasMode.Trained,
                Layers =
            [
                new()
                {
                    Weights = new GaussianLaw { Mean = 0.2, Std = 1 },
                    Activation = "tanh",
                    Convolution = new() { Size = [2], Padding = 1 },
                    Filter = [0.3, -0.4],
                },
                new()
                {
                    Weights = new GaussianLaw { Mean = 0.5, Std = 1 },
                    Activation = "tanh",
                    Convolution = new() { Size = [3] },
                    Pool = pool ?? new() { Kind = PoolName.GlobalAverage },
                },
                new() { Weights = new GaussianLaw { Mean = 1, Std = 1 } },
            ],
            },
            Training = new() { Loss = "half-squared", Time = time },
            Limit = limit,
            Record = new() { Saves = 2 },
        });

    [Fact]
    public void In_principal_coordinates_of_patches_the_limit_is_the_same_to_the_stated_errors()
    {
        LimitSolution In(Coordinates coordinates, int nodes) => Certifier.Solve(ILimit.Of(Build(new()
        {
            Types = [new GaussSpec { Nodes = nodes }, new GaussSpec { Nodes = 6 }],
            Coordinates = coordinates,
            Tolerance = 1e-8,
        })), new());
        foreach (var nodes in new[] { 5, 8, 12 })
        {
            var (natural, principal) = (In(Coordinates.Natural, nodes), In(Coordinates.Principal, nodes));
            // Other nodes of the same law.
            var apart = natural.Trajectory.LargestRmsDistance(principal.Trajectory);
            Assert.InRange(apart, 1e-9, natural.Error.Total + principal.Error.Total);
        }
    }

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 5)]
    [InlineData(true, 60)]
    public void No_more_memory_is_taken_than_is_stated(bool isPooled, int points)
    {
        var model = Build(new() { Types = [new GaussSpec { Nodes = 12 }, new SobolSpec { Nodes = 64 }] },
            isPooled ? new() { Kind = PoolName.Max, Size = [2], Stride = [1] } : null, columns: 12, points, time: 0.0001);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ILimit.Of(model).Begin(new()).Complete().Trained.Result.OrThrow();
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(taken, 1, MemoryPlan.Limit(model));
    }
}
