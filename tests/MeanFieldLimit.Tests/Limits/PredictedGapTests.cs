using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
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

    // Of output weights alone, at one point x = 1: d yhat/dt = -k (yhat - y), k = E[s^2], from m = E[a s], so that
    // yhat = y + (m - y) exp(-k t). Moved masses change m and k by sums over four types, and nothing else.
    [Theory]
    [InlineData("tanh"), InlineData("softplus"), InlineData("relu"), InlineData("leaky-relu")]
    public void Random_features_at_one_point_have_their_closed_form(string activation)
    {
        const double y = -0.7, time = 1.3;
        var model = Features(activation, [[1]], y, time);
        var s = Catalogue.Find<IActivation>(activation);
        double[] features = [Value(s, 2), Value(s, -1)], outer = [1.5, 0.5];
        (double A, double S)[] types = [.. features.SelectMany(f => outer.Select(a => (a, f)))];
        var (m, k) = (types.Average(c => c.A * c.S), types.Average(c => c.S * c.S));
        var isMoved = s is not ITwiceDifferentiable;
        // A quarter is the mass of each.
        var variance = types.Average(c => Math.Pow(isMoved ? Difference(c, 0.5 / 20) : Difference(c, 1e-5), 2));
        var gap = TangentDraws.Run(new(model), new(), draws: 4);
        Assert.Equal((isMoved ? 400 : null, 4), (gap.MovedWidth, gap.Directions));
        Assert.Equal(Math.Sqrt(variance), gap.Gap, 1e-7 * gap.Gap);

        double Difference((double A, double S) c, double h) => (At(c, h) - At(c, -h)) / (2 * h);
        double At((double A, double S) c, double h) =>
            y + (m + h * (c.A * c.S - m) - y) * Math.Exp(-(k + h * (c.S * c.S - k)) * time);
    }

    [Theory]
    [InlineData("tanh"), InlineData("relu")]
    public void The_covariance_of_points_is_that_of_a_mean_at_the_start(string activation)
    {
        double[][] x = [[1, 0.5], [-0.3, 1], [0.4, -2]];
        var gap = TangentDraws.Run(new(Features(activation, x, 0, 1e-9)), new(), draws: 8);
        var s = Catalogue.Find<IActivation>(activation);
        double[][] all = [.. from a in new[] { 1.5, 0.5 }
                             from v in new[] { 2.0, -1 }
                             from w in new[] { 2.0, -1 }
                             select x.Select(p => a * Value(s, v * p[0] + w * p[1])).ToArray()];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                Assert.Equal(all.Average(u => u[i] * u[j]) - all.Average(u => u[i]) * all.Average(u => u[j]),
                    gap.Covariances.Single()[3 * i + j], 1e-7);
    }

    [Fact]
    public void Layers_of_other_widths_count_by_their_ratios()
    {
        var equal = TangentDraws.Run(new(Build(4, 3)), new(), draws: 16);
        var model = Build(4, 3);
        var split = TangentDraws.Run(new(Model.Build(model.Problem with
        {
            Couple = model.Problem.Couple with { Ratios = [1, 9] },
        })), new(), draws: 16);
        Assert.Equal([equal.PerLayer[0], equal.PerLayer[1] / 3], split.PerLayer, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    private static double Value(IActivation activation, double h)
    {
        double[] value = new double[1];
        activation.Apply([h], value);
        return value[0];
    }

    /// <summary>Weights -1 and 2 inside, which stay, and 0.5 and 1.5 outside.</summary>
    internal static Model Features(string activation, double[][] x, double y, double time) => Model.Build(new()
    {
        Name = "features",
        Data = new PointsData { X = x, Y = [.. x.Select(_ => new[] { y })] },
        Network = new()
        {
            Layers =
            [
                new()
                {
                    Weights = new RademacherLaw { Mean = 0.5, Scale = 1.5 }, Activation = activation,
                    Rate = new ConstantRate { Value = 0 },
                },
                new() { Weights = new RademacherLaw { Mean = 1, Scale = 0.5 } },
            ],
        },
        Training = new() { Loss = "half-squared", Time = time },
        Limit = new() { Types = [new GaussSpec { Nodes = 2 }], Method = "runge-kutta-4", Step = time / 100 },
        Record = new() { Saves = 1 },
    });

    [Fact]
    public void Draws_agree_with_every_type()
    {
        var every = TangentDraws.Run(new(Build(4, 3)), new(), draws: 16, networks: true);
        var drawn = TangentDraws.Run(new(Build(4, 3)), new() { Threads = 2 }, draws: 3000, mostTypes: 0, networks: true);
        Assert.InRange(drawn.Gap / every.Gap, 0.97, 1.03);
        Assert.InRange(drawn.StandardError / drawn.Gap, 0.002, 0.015);
        Assert.InRange(drawn.LargestOfNetworks / every.LargestOfNetworks, 0.97, 1.03);
        // Differences at N = 400 leave derivatives at order 1/400.
        var moved = TangentDraws.Run(new(Build(4, 3)), new(), draws: 16, moved: true);
        Assert.InRange(moved.Gap / every.Gap, 0.995, 1.005);
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
