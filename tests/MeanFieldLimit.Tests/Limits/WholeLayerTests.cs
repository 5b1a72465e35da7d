using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// A convolution in the middle whose channels are of one type: kinks and switches of a maximum act on all of its mass
/// at once, and steps lose their order. Weights of two values below and above make nodes that are the law of types.
/// </summary>
public class WholeLayerTests
{
    private const double Time = 2;
    private const int Halvings = 6;

    private static Model Build(string activation, PoolName pool, double spread, int steps,
        string method = "runge-kutta-4") => Model.Build(new()
        {
            Name = "whole layer",
            Data = new PointsData
            {
                X = [.. Enumerable.Range(1, 4).Select(n =>
                Enumerable.Range(0, 11).Select(u => 1.5 * Math.Sin(2.7 * n * n + (1.1 + 0.37 * n) * u)).ToArray())],
                Y = [[3.1], [-1.7], [0.6], [-2.4]],
            },
            Network = new()
            {
                Image = new() { Columns = 11 },
                Biases = BiasMode.Trained,
                Layers =
            [
                new()
                {
                    Weights = new RademacherLaw { Mean = 0.15, Scale = 0.8 },
                    Bias = new ConstantLaw { Value = 0.1 },
                    Activation = "tanh",
                    Convolution = new() { Size = [3] },
                },
                new()
                {
                    Weights = new GaussianLaw { Mean = 0.3, Std = 1 },
                    Bias = new GaussianLaw { Mean = 0.05, Std = spread },
                    Activation = activation,
                    Convolution = new() { Size = [2] },
                    Filter = [0.5, -0.7],
                    Pool = new() { Kind = pool, Size = [2] },
                },
                new()
                {
                    Weights = new GaussianLaw { Mean = 0.3, Std = 1 },
                    Activation = "tanh",
                    Convolution = new() { Size = [1] },
                },
                new() { Weights = new RademacherLaw { Mean = 0.3, Scale = 1 } },
            ],
            },
            Training = new() { Loss = "half-squared", Time = Time },
            Limit = new()
            {
                Types = [new GaussSpec { Nodes = 2 },
                spread == 0 ? new GaussSpec { Nodes = 1 } : new PanelSpec { Nodes = 256 },
                new GaussSpec { Nodes = 2 }],
                Method = method,
                Step = Time / steps,
            },
            Record = new() { Saves = 1 },
        });

    /// <summary>Predictions at the end by 8, 16, ... steps.</summary>
    private static double[][] Halved(string activation, PoolName pool, double spread) =>
        [.. Enumerable.Range(0, Halvings + 1).Select(k =>
            Run(Build(activation, pool, spread, 8 << k)).Trajectory.Predictions[^1])];

    private static Trained Run(Model model) => ILimit.Of(model).Begin(new()).Complete().Trained;

    private static double[] Changes(double[][] halved) => [.. halved.Zip(halved.Skip(1), Rms)];

    private static double Rms(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Average());

    [Fact]
    public void Steps_have_no_order_where_a_kinked_maximum_acts_on_a_whole_layer_and_their_own_where_nothing_jumps()
    {
        double Order(double[] changes) => Math.Log2(changes[0] / changes[^1]) / (changes.Length - 1);
        // 4 is that of the method.
        Assert.InRange(Order(Changes(Halved("relu", PoolName.Max, 0))), 0.5, 1.5);
        Assert.InRange(Order(Changes(Halved("tanh", PoolName.Max, 0))), 0.5, 1.5);
        Assert.InRange(Order(Changes(Halved("tanh", PoolName.Average, 0))[1..]), 3.5, 4.5);
    }

    [Fact]
    public void Random_biases_part_kinks_and_leave_switches_together()
    {
        double Gain(PoolName pool) => Changes(Halved("relu", pool, 0)).Sum() / Changes(Halved("relu", pool, 0.5)).Sum();
        Assert.InRange(Gain(PoolName.Average), 5, 100);
        Assert.InRange(Gain(PoolName.Max), 0.2, 5);
    }

    [Theory]
    [InlineData("relu", PoolName.Max, 0)]
    [InlineData("tanh", PoolName.Max, 0)]
    [InlineData("relu", PoolName.Average, 0)]
    [InlineData("relu", PoolName.Max, 0.5)]
    [InlineData("relu", PoolName.Max, 0, "euler")]
    [InlineData("relu", PoolName.Average, 0, "euler")]
    public void The_stated_error_of_steps_covers_it(string activation, PoolName pool, double spread,
        string method = "runge-kutta-4")
    {
        double[] End(int steps) => Run(Build(activation, pool, spread, steps)).Trajectory.Predictions[^1];
        var (finest, coarser) = (End(2048), End(1024));
        foreach (var steps in new[] { 8, 12, 20, 32 })
        {
            var solution = Certifier.Solve(ILimit.Of(Build(activation, pool, spread, steps, method)), new());
            Assert.InRange(Rms(solution.Trajectory.Predictions[^1], finest), 0,
                solution.Error.Time + 2 * Rms(finest, coarser));
        }
    }

    [Theory]
    [InlineData("relu", PoolName.Max, 0, "kinks of relu and switches of the maximum act on layer 2 as a whole, which " +
        "has one type of channel|half the step may not err less|random biases part kinks|average pooling")]
    [InlineData("tanh", PoolName.Max, 0, "switches of the maximum act on layer 2 as a whole|one type|average pooling")]
    [InlineData("relu", PoolName.Max, 0.5, "switches of the maximum act on layer 2 as a whole, whose channels start " +
        "with the same sums but for their biases|average pooling")]
    [InlineData("relu", PoolName.Average, 0, "kinks of relu act on layer 2 as a whole|random biases part kinks|smooth")]
    [InlineData("relu", PoolName.Average, 0.5, null)]
    [InlineData("tanh", PoolName.Average, 0, null)]
    public void Results_say_so_with_the_remedy(string activation, PoolName pool, double spread, string? fragments)
    {
        var model = Build(activation, pool, spread, 8);
        if (fragments is null) Assert.Empty(NetworkNotes.Of(model));
        else
        {
            var note = Assert.Single(NetworkNotes.Of(model));
            foreach (var part in fragments.Split('|')) Assert.Contains(part, note, StringComparison.Ordinal);
        }
        // Steps of gradient descent are the problem's own.
        var descent = model.Problem with
        {
            Training = model.Problem.Training with { Dynamics = DynamicsKind.Sgd, Step = 0.1, Batch = 4 },
            Limit = model.Problem.Limit with
            {
                Dynamics = DynamicsKind.Sgd,
                Step = null,
                Method = new LimitSpec().Method,
            },
        };
        Assert.Empty(NetworkNotes.Of(Model.Build(descent)));
    }
}
