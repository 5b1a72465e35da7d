using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>The test error of a limit, and what it is known to.</summary>
/// <param name="Test">E (f - f*)^2; NaN where it takes test points and there are none.</param>
/// <param name="Half">How far it may be off.</param>
internal sealed record LimitRisk(double Test, double Half)
{
    /// <summary>
    /// That of scaled networks, in closed form; its error is that of the limit's own comparisons, in the risk on the
    /// test points at the end.
    /// </summary>
    internal static LimitRisk OfMeanField(Model model, Machine machine)
    {
        var limit = ILimit.Of(model);
        var solution = Certifier.Solve(limit, machine, distance: model.Data.Test is null ? null
            : (ours, theirs) => Math.Abs(ours.Trajectory.Test[^1].Risk - theirs.Trajectory.Test[^1].Risk));
        solution.Trained.Result.OrThrow();
        return new(NeuronSum.Of(((ITraceable)limit).Initial, solution.Trained.Result.State)
            .Minus(TeacherStudent.TeacherOf(model)).SquaredNorm(), model.Data.Test is null ? double.NaN
            : solution.Error.Total);
    }

    /// <summary>
    /// That of conventional networks and of random features of many more neurons than points: the flow by the kernel
    /// E s(&lt;b, x>) s(&lt;b, x'>) of the law of b, in closed form at the final time; its risk by test points, with
    /// half of the 95 % interval of their number.
    /// </summary>
    internal static LimitRisk OfKernel(Model model)
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
