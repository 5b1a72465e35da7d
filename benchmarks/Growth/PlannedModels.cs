using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>Runs whose memory is stated before they start, as a size grows.</summary>
/// <param name="Name">The run.</param>
/// <param name="Size">What grows.</param>
/// <param name="Sizes">Its values.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Width">That of the network to be trained; null for the limit.</param>
internal sealed record PlannedModels(
    string Name, string Size, int[] Sizes, Func<int, Problem> Problem, Func<int, int>? Width = null)
{
    private const double Time = 1;

    internal static IEnumerable<PlannedModels> All =>
    [
        new("network, flow, 16 points", "width N", [250, 1000], n => Networks(16, n), n => n),
        new("network, flow, N = 250", "points n", [64, 4096], n => Networks(n, 250), _ => 250),
        new("network, SGD, batch 100", "width N", [250, 1000], n => Networks(1000, n) with
        {
            Training = new() { Loss = "half-squared", Time = 0.1, Dynamics = DynamicsKind.Sgd, Step = 0.01, Batch = 100 },
            Limit = new() { Types = [Nodes(256), Nodes(64)], Dynamics = DynamicsKind.Sgd },
        }, n => n),
        new("limit, n_2 = 64, 16 points", "types n_1", [1024, 8192], n => OfLimit(n, 64, 16)),
        new("limit, n_1 = 256, n_2 = 64", "points n", [16, 4096], n => OfLimit(256, 64, n)),
        new("limit, ReLU, n_2 = 64, 16 points", "types n_1", [1024, 4096], n => OfLimit(n, 64, 16, "relu")),
        new("limit of Langevin, 256 nodes", "paths", [16, 64], n => Noisy(n, DynamicsKind.Langevin)),
        new("limit of SGD as a diffusion, 256 nodes", "paths", [16, 64], n => Noisy(n, DynamicsKind.SgdDiffusion)),
        new("kernel limit", "points n", [250, 1000], Kernel),
    ];

    /// <summary>Stated, and live, bytes at a size.</summary>
    internal (double Planned, double Taken) At(int size)
    {
        var model = Model.Build(Problem(size));
        var width = Width?.Invoke(size);
        return (width is null ? MemoryPlan.Limit(model) : MemoryPlan.Networks(model, 1),
            Memory.Peak(() => () => Run(model, width)));
    }

    private static void Run(Model model, int? width)
    {
        if (width is { } n) model.Train(model.Hidden(n)).Result.OrThrow();
        else ILimit.Of(model).Begin(new()).Complete().Trained.Result.OrThrow();
    }

    /// <summary>Layers of tanh on points of a normal law.</summary>
    internal static Problem Network(int inputs, int points, string activation = "tanh", int hidden = 2)
    {
        var data = Shape.Normal(points, inputs, 1);
        return new()
        {
            Name = "growth",
            Data = new PointsData
            {
                X = [.. Enumerable.Range(0, points).Select(n => data.Input(n).ToArray())],
                Y = [.. Enumerable.Range(0, points).Select(n => data.Label(n).ToArray())],
            },
            Network = new()
            {
                Layers =
                [
                    .. Enumerable.Range(0, hidden).Select(i => new LayerSpec
                    {
                        Weights = new GaussianLaw { Mean = i == 0 ? 0 : 0.8, Std = 1 },
                        Activation = activation,
                    }),
                    new() { Weights = new GaussianLaw { Mean = 0.5, Std = 1 } },
                ],
            },
            Training = new() { Loss = "half-squared", Time = Time },
            Limit = new() { Types = [Nodes(256), .. Enumerable.Range(1, hidden - 1).Select(_ => Nodes(64))] },
            Record = new() { Saves = 2 },
        };
    }

    private static SobolSpec Nodes(int count) => new() { Nodes = count };

    private static Problem Networks(int points, int width) => Network(20, points) with
    {
        Couple = new() { Widths = [width], Seeds = 1, Tracers = 0 },
    };

    private static Problem OfLimit(int first, int second, int points, string activation = "tanh") =>
        Network(2, points, activation) with { Limit = new() { Types = [Nodes(first), Nodes(second)], Tolerance = 1e-6 } };

    private static Problem Noisy(int paths, DynamicsKind dynamics) => Network(2, 16, hidden: 1) with
    {
        Training = new()
        {
            Loss = "half-squared",
            Time = 0.1,
            Dynamics = dynamics,
            Step = dynamics == DynamicsKind.SgdDiffusion ? 0.1 : null,
            Batch = dynamics == DynamicsKind.SgdDiffusion ? 4 : null,
            Noise = dynamics == DynamicsKind.SgdDiffusion ? SgdNoise.PerParticle : null,
            Temperature = dynamics == DynamicsKind.Langevin ? 0.1 : null,
            LongestStep = 0.01,
        },
        Limit = new() { Types = [Nodes(256)], Paths = paths },
    };

    private static Problem Kernel(int points) => Network(20, points, "relu") with
    {
        Network = Network(20, points, "relu").Network with
        {
            Layers =
            [
                .. Enumerable.Repeat(new LayerSpec { Weights = new GaussianLaw { Std = 1.4 }, Activation = "relu" }, 2),
                new() { Weights = new GaussianLaw { Std = 1 } },
            ],
        },
        Limit = new(),
        Scaling = new() { Kind = Embeddings.ScalingKind.Ntk },
    };
}
