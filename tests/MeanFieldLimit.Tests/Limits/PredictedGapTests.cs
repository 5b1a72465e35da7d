using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// The law of the gap on the three-layer problem of 16 points, against an independent program: RK4 with 60 steps, central
/// differences in the mass of every type, 8 x 8 x 6 nodes.
/// </summary>
public class PredictedGapTests
{
    private static Model Build(int first, int last) => Model.Build(
        ProblemFile.Read(Repository.Path("examples/reference-gap.json")).Problem is var problem ? problem with
        {
            Limit = problem.Limit with
            {
                Types = [new GaussSpec { Nodes = first }, new GaussSpec { Nodes = last }],
            },
        } : throw new InvalidOperationException());

    [Fact]
    public void Every_type_as_a_direction_agrees_with_an_independent_program()
    {
        double[] expected =
        [
            0.01304456253791186, 0.11980690027150945, 0.10120092463743297, 0.1732240844049367, 0.15977624671217017,
            0.11294244033700149, 0.1656599273579755, 0.1687549156790421, 0.11707527497284337, 0.1421837836066201,
            0.1948061324852578, 0.11891055388108386, 0.14263299426526466, 0.1529033265911498, 0.08300013678062809,
            0.15053898368835805,
        ];
        var predicted = TangentDraws.Run(new(Build(8, 6)), new(), draws: 64);
        Assert.Equal(0.36370155933549986, predicted.Gap, 1e-6);
        Assert.Equal([0.21283338939, 0.29492502882], predicted.PerLayer, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(expected, predicted.Deviations(predicted.Times.Count - 1),
            (a, b) => Math.Abs(Math.Sqrt(a) - b) < 1e-6);
    }

    [Fact]
    public void Draws_agree_with_every_type()
    {
        var every = TangentDraws.Run(new(Build(4, 3)), new(), draws: 16, networks: true);
        var drawn = TangentDraws.Run(new(Build(4, 3)), new() { Threads = 2 }, draws: 3000, mostTypes: 0, networks: true);
        Assert.InRange(drawn.Gap / every.Gap, 0.97, 1.03);
        Assert.InRange(drawn.StandardError / drawn.Gap, 0.002, 0.015);
        Assert.InRange(drawn.LargestOfNetworks / every.LargestOfNetworks, 0.97, 1.03);
    }

    // 300 draws of an independent program, 8 x 8 x 6 nodes and 10 save times, have 0.411.
    [Fact]
    public void The_largest_over_time_is_that_of_each_network()
    {
        var predicted = TangentDraws.Run(new(Build(8, 6)), new(), draws: 64, networks: true);
        Assert.InRange(predicted.LargestOfNetworks, 0.39, 0.43);
        Assert.InRange(predicted.Largest, predicted.Gap, 0.397);
    }

    [Fact]
    public void Grids_of_types_of_many_coordinates_become_random_and_the_error_of_nodes_is_stated()
    {
        // At the start yhat_N - yhat of one hidden layer is a mean: N Var = E[(w_2 tanh(<w_1, x>))^2].
        var model = Model.Build(new()
        {
            Name = "start",
            Data = new PointsData { X = [[1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]], Y = [[1], [0]] },
            Network = new()
            {
                Layers =
                [
                    new() { Weights = new GaussianLaw { Mean = 0, Std = 1 }, Activation = "tanh" },
                    new() { Weights = new GaussianLaw { Mean = 0, Std = 1 } },
                ],
            },
            Training = new() { Loss = "half-squared", Time = 1e-6 },
            Limit = new() { Types = [new GaussSpec { Nodes = 4 }], Predict = new() { Draws = 512 } },
            Record = new() { Saves = 1 },
        });
        var solution = Certifier.Solve(ILimit.Of(model), new());
        var (gap, reason) = GapPrediction.Of(solution, new());
        Assert.Null(reason);
        // sqrt E tanh(z)^2, z normal.
        Assert.Equal((512, 0), (gap!.Directions, gap.StandardError));
        Assert.InRange(Math.Abs(gap.Gap - 0.62793), 0, gap.NodesError);
        Assert.InRange(gap.NodesError, 1e-4, 0.1);
    }
}
