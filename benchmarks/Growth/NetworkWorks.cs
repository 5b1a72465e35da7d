using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>A step of SGD of a ReLU network, and the velocity of a two-layer tanh network at all its data.</summary>
internal static class NetworkWorks
{
    private const double Step = 1e-4;
    private const int Drawn = 200;      // points that batches are drawn from

    // Of the length of the state: the network, the state and the next one, the slope.
    private const double Vectors = 4;

    internal static IEnumerable<Work> Steps =>
    [
        OfStep("width N", Powers(100, 5), n => new(100, Layers(3, n), 10, 100), 2),
        OfStep("batch B", Powers(50, 6), n => new(100, Layers(3, 200), 10, n), 1),
        OfStep("inputs d", Powers(400, 6), n => new(n, Layers(3, 200), 10, 100), 1),
        OfStep("layers L", Powers(3, 6), n => new(100, Layers(n - 1, 200), 10, 100), 1),
        OfStep("outputs K", Powers(200, 6), n => new(100, Layers(3, 200), n, 100), 1),
    ];

    internal static IEnumerable<Work> Velocities =>
    [
        OfVelocity("width N", Powers(1000, 6), n => new(20, [n], 1, 1000)),
        OfVelocity("points n", Powers(250, 6), n => new(20, [4000], 1, n)),
    ];

    /// <summary>first, 2 first, 4 first, ...</summary>
    internal static int[] Powers(int first, int count, int ratio = 2) =>
        [.. Enumerable.Range(0, count).Select(k => first * (int)Math.Pow(ratio, k))];

    private static int[] Layers(int count, int width) => [.. Enumerable.Repeat(width, count)];

    private static Work OfStep(string size, int[] sizes, Func<int, Shape> shape, double expected) => new("SGD step", size)
    {
        Sizes = sizes,
        Expected = expected,
        Operations = n => shape(n).Operations,
        Bytes = n => sizeof(double) * (Vectors * shape(n).Parameters + shape(n).Block + shape(n).Hidden.Sum()
            + shape(n).Points * (shape(n).Inputs + shape(n).Outputs + 1.0)),
        Make = n =>
        {
            var s = shape(n);
            var drawn = Shape.Normal(Drawn, s.Inputs, s.Outputs);
            var objective = new Objective(Catalogue.Find<ILoss>("half-squared"),
                new(drawn, null, new EmpiricalSource(drawn), false),
                [.. Enumerable.Repeat(new ConstantRate { Value = 1 }.Build(), s.Hidden.Length + 1)]);
            return () =>
            {
                var network = s.Network("relu");
                var bound = new StochasticGradientDescent(Step, s.Points).Bind(network, objective, new(3), new ManagedEngine(1));
                return Repeated(bound.Stepper, network.State, Step);
            };
        },
    };

    private static Work OfVelocity(string size, int[] sizes, Func<int, Shape> shape) => new("velocity of two layers", size)
    {
        Sizes = sizes,
        Expected = 1,
        Operations = n => shape(n).Operations,
        Bytes = n => sizeof(double) * (2 * shape(n).Parameters + shape(n).Hidden.Sum() + shape(n).Tiled),
        Make = n =>
        {
            var s = shape(n);
            var data = Shape.Normal(s.Points, s.Inputs, s.Outputs);
            return () =>
            {
                var network = s.Network("tanh");
                var velocity = new MeanFieldVelocity(network, Catalogue.Find<ILoss>("half-squared"),
                    new FullExpectation(data), new ManagedEngine(1));
                var v = new double[network.State.Length];
                return () => velocity.Evaluate(0, network.State, v);
            };
        },
    };

    /// <summary>Steps of one length, one a call, from time 0.</summary>
    internal static Action Repeated(IStepper stepper, ReadOnlySpan<double> initial, double step)
    {
        var (state, next, k) = (initial.ToArray(), new double[initial.Length], 0);
        return () =>
        {
            var interval = new Interval(k * step, (k + 1) * step);
            if (!stepper.TryStep(interval, state))
            {
                stepper.Step(interval, state, next, []);
                (state, next) = (next, state);
            }
            k++;
        };
    }
}
