using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits.Scalings;

public class StartingFunctionTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_function_must_have_a_value_for_each_output_at_each_point(int count)
    {
        var layer = new LayerSpec { Weights = new GaussianLaw { Std = 1 } };
        var model = Model.Build(new Problem
        {
            Data = new PointsData { X = [[1], [2]], Y = [[1], [0]], XTest = [[3]], YTest = [[1]] },
            Network = new() { Layers = [layer with { Activation = "tanh" }, layer] },
            Scaling = new() { Kind = ScalingKind.IcMf, Width = 4 },
            Training = new() { Loss = "half-squared", Time = 1 },
        });
        Assert.Equal(3, model.StartingAt([1, 2, 3]).Problem.Limit.Initial.Values!.Count);
        Assert.Contains($"f0 must be [3, 1], training points first, then test points, got {count} numbers",
            Assert.Throws<ArgumentException>(() => model.StartingAt(new double[count])).Message,
            StringComparison.Ordinal);
    }
}
