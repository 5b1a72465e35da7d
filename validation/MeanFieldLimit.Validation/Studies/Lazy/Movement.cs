using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies.Lazy;

/// <summary>
/// How far an ensemble has moved: |theta(T) - theta(0)| / |theta(0)| in the norm of masses, theta without the factors
/// of its scaling, and |K(T) - K(0)| / |K(0)|, K the tangent kernel at training points, in the norm of
/// <see cref="MeasuredKernel"/>.
/// </summary>
internal readonly record struct Movement(double Weights, double Kernel)
{
    /// <summary>That of an ensemble from its initial state to another.</summary>
    internal static Movement Of(Model model, Ensemble ensemble, double[] end)
    {
        double[] start = Standard(ensemble.State), moved = Standard(end);
        double[] before = Kernel(ensemble.State), after = Kernel(end);
        TensorPrimitives.Subtract(moved, start, moved);
        TensorPrimitives.Subtract(after, before, after);
        return new(Math.Sqrt(ensemble.SquaredMassNorm(moved) / ensemble.SquaredMassNorm(start)),
            Ratio(TensorPrimitives.Norm<double>(after), TensorPrimitives.Norm<double>(before)));

        double[] Kernel(double[] state) => MeasuredKernel.Of(ensemble, state, model.Data.Train,
            [.. model.Schedules.Select(s => s.At(0))], new ManagedEngine(1));

        double[] Standard(double[] state)
        {
            double[] standard = [.. state];
            foreach (var (i, scale) in ensemble.Scales.Index())
            {
                var w = ensemble.Weights(standard.AsSpan(), i + 1).Data;
                TensorPrimitives.Divide(w, scale.Weights, w);
            }
            return standard;
        }

        // A kernel that is 0 and stays has not moved.
        static double Ratio(double change, double size) => change == 0 ? 0 : change / size;
    }

    /// <summary>That of a solved limit.</summary>
    internal static Movement Of(LimitSolution solution) => Of(solution.Model,
        ((ITraceable)solution.Limit).Initial, solution.Trained.Result.State);
}

/// <summary>A network that was trained, and how far it moved.</summary>
internal readonly record struct MovedNetwork(Trained Trained, Movement Movement)
{
    /// <exception cref="CellFailedException">It did not reach the end.</exception>
    internal static MovedNetwork Train(Model model, Machine machine, int width, int replicate, string name)
    {
        var run = new SideBySide(model, machine, replicate, [(width, model.Dynamics)], traced: null, name);
        if (run.Failed is not null)
            throw new CellFailedException(run.Failure($"the network of width {width}, seed {replicate} ({name})"));
        var trained = run.Trained(0);
        var start = model.Sample(model.Hidden(width), replicate);
        return new(trained, Movement.Of(model, start, trained.Result.State));
    }

    /// <summary>A limit of a kind that starts where the network did.</summary>
    /// <exception cref="CellFailedException">It did not reach the end.</exception>
    internal Trained Beside(ILimit limit, Machine machine, string name)
    {
        var started = limit.On(limit.Model.StartingAt(Trained.Trajectory.Predictions[0]));
        var companion = started.Begin(machine, name).Complete().Trained;
        return companion.Result.Succeeded ? companion
            : throw new CellFailedException(CellFailure.Of($"the limit beside a network ({name})", companion));
    }

    /// <summary>rms over the watched points at the final time of its function minus that of a limit.</summary>
    internal double Gap(Trained limit) =>
        Trained.Trajectory.RmsDistance(limit.Trajectory, Trained.Trajectory.Times.Count - 1);
}
