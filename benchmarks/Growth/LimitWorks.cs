using MeanFieldLimit.Kernels;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>The solution of a three-layer limit on quadrature nodes, and a tangent kernel.</summary>
internal static class LimitWorks
{
    private const int Inputs = 100, Depth = 3;

    internal static IEnumerable<Work> All =>
    [
        OfSolve("types n_1", NetworkWorks.Powers(256, 6), n => (n, 64, 16)),
        OfSolve("types n_2", NetworkWorks.Powers(64, 6), n => (256, n, 16)),
        OfSolve("points n", NetworkWorks.Powers(16, 7), n => (256, 64, n)),
        Kernel,
    ];

    /// <summary>Tangent kernels at all pairs of points.</summary>
    private static Work Kernel => new("NTK Gram matrix", "points n")
    {
        Sizes = NetworkWorks.Powers(250, 5),
        Expected = 2,
        Operations = n => (double)n * n,
        Bytes = n => 2.0 * sizeof(double) * n * n,
        Make = n =>
        {
            var data = Shape.Normal(n, Inputs, 1);
            var relu = Catalogue.Find<IActivation>("relu");
            KernelLayer[] layers = [new(null, 2, 0.01), .. Enumerable.Repeat(new KernelLayer(relu, 2, 0.01), Depth)];
            return () => () => GaussianKernels.Of(data, layers, new ManagedEngine(1), new() { MaxDegreeOfParallelism = 1 });
        },
    };

    private static Work OfSolve(string size, int[] sizes, Func<int, (int First, int Second, int Points)> shape) =>
        new("limit of three layers", size)
        {
            Sizes = sizes,
            Expected = 1,
            // A number of evaluations that the sizes hardly change.
            Operations = n => new Shape(2, [shape(n).First, shape(n).Second], 1, shape(n).Points).Operations,
            Bytes = n => MemoryPlan.Limit(Model(shape(n))),
            Make = n =>
            {
                var model = Model(shape(n));
                return () => () => ILimit.Of(model).Begin(new()).Complete().Trained.Result.OrThrow();
            },
        };

    private static Model Model((int First, int Second, int Points) shape) => MeanFieldLimit.Models.Model.Build(
        PlannedModels.Network(2, shape.Points) with
        {
            Limit = new()
            {
                Types = [new SobolSpec { Nodes = shape.First }, new SobolSpec { Nodes = shape.Second }],
                Tolerance = 1e-6,
            },
        });
}
