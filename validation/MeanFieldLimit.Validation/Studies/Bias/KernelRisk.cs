using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>
/// The limit of conventional networks and of random features of many more neurons than points: the flow by the kernel
/// E s(&lt;b, x>) s(&lt;b, x'>) of the law of b, in closed form at the final time; its risk by test points.
/// </summary>
/// <param name="Test">The mean of (f - f*)^2 over them; NaN without any.</param>
/// <param name="Half">Half of the 95 % interval of their number.</param>
internal sealed record KernelRisk(double Test, double Half)
{
    internal static KernelRisk Of(Model model)
    {
        if (model.Data.Test is not { } test) return new(double.NaN, double.NaN);
        var (train, layer) = (model.Data.Train, model.Problem.Network.Layers[0]);
        var (std, activation) = (((GaussianLaw)layer.Weights).Std, Catalogue.Find<IActivation>(layer.Activation!));
        var points = new Dataset(train.Inputs, 1, [.. train.X, .. test.X], [.. train.Y, .. test.Y], train.Labels);
        var kernels = GaussianKernels.Of(points,
            [new(null, std * std, 0) { WeightRate = 0, BiasRate = 0 }, new(activation, 1, 0)], new ManagedEngine(1),
            new() { MaxDegreeOfParallelism = 1 });
        var f = new KernelFlow(kernels, train.Masses, slope: 2).Mean(model.Problem.Training.Time, train.Y, 1);
        double[] errors = [.. f.Skip(train.Count).Zip(test.Y, (a, b) => (a - b) * (a - b))];
        var mean = errors.Average();
        return new(mean, Bootstrap.Student(errors.Length)
            * Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (errors.Length - 1.0) / errors.Length));
    }
}
