using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Benchmarks.WorkPrecision;

/// <summary>
/// The limit of a problem file, with types on Gauss grids, by several methods: evaluations, and the error of its
/// predictions.
/// </summary>
internal static class MethodsOnLimit
{
    private static readonly string[] Methods = ["dormand-prince", "dormand-prince-8", "chebyshev", "auto"];

    internal static void Print(string file, double[] tolerances)
    {
        var model = Model.Build(ProblemFile.Read(file), dataFolder: null);
        var engine = new ManagedEngine(threads: 1);
        var motion = (GradientFlow)model.LimitDynamics;
        IQuadratureRule[] types =
            [.. model.Problem.Limit.Types!.Cast<GaussSpec>().Select(spec => new GaussTensor(spec.Nodes))];
        Trained Run(string method, double tolerance) => Runs.Run.Of(model, model.Embedding.Discretise(types),
            motion with { Method = method, Tolerance = tolerance }, model.LimitDraw, Machine.Of(engine)).Complete()
            .Trained;

        var reference = Run("dormand-prince-8", tolerances.Min() / 1000);
        Console.WriteLine($"{model.Problem.Name}: {reference.Result.State.Length} unknowns, " +
            $"t = {reference.Result.Time:G6}; the error is the largest rms difference of predictions to " +
            $"{reference.Result.InWords} at a thousandth of the least tolerance");
        Console.WriteLine("tolerance  method            evaluations    steps  refused     error    at end");
        foreach (var tolerance in tolerances)
            foreach (var method in Methods)
            {
                var trained = Run(method, tolerance);
                var (run, ours, truth) = (trained.Result.OrThrow(), trained.Trajectory, reference.Trajectory);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{tolerance,9:0e0}  {method,-16} {run.Evaluations,12} {run.Steps,8} {run.Refused,8}  " +
                    $"{ours.LargestRmsDistance(truth),8:0.0e0}  " +
                    $"{ours.RmsDistance(truth, truth.Times.Count - 1),8:0.0e0}  {run.InWords}"));
            }
    }
}
