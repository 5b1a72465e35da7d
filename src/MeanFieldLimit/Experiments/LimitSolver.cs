using System.Diagnostics;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Quadrature;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Experiments;

/// <summary>Solves the limit of an experiment, and again where its error estimate needs it.</summary>
public sealed class LimitSolver(Experiment experiment, IMatrixEngine engine)
{
    private const double Tighter = 100, LeastTolerance = 1e-13;

    /// <summary>Told the time reached by the limit itself.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Told the time reached by the runs for the error estimate, which follow it.</summary>
    public IProgress<double>? ErrorProgress { get; init; }

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// The limit and its error estimate. A run that ends early is returned as it is, without an estimate (NaN); so
    /// is a limit whose comparison runs end early.
    /// </summary>
    public LimitSolution Solve()
    {
        var motion = Motion.OfLimit(experiment.Problem);
        var clock = Stopwatch.StartNew();
        var limit = Run(experiment.OfLimit, Asked, motion, Progress);
        var solved = clock.Elapsed.TotalSeconds;
        var error = limit.Run.Status == RunStatus.Completed ? Estimate(limit, motion) : Unknown;
        var ensemble = limit.Ensemble;
        return new(limit, error, [.. Enumerable.Range(1, ensemble.Depth - 1).Select(ensemble.Size)],
            solved, clock.Elapsed.TotalSeconds - solved);
    }

    /// <summary>The longest time between two saves: no step is longer.</summary>
    private double LongestSave => experiment.SaveTimes.Zip(experiment.SaveTimes.Skip(1), (a, b) => b - a).Max();

    private static ErrorEstimate Unknown => new(double.NaN, double.NaN, double.NaN);

    /// <summary>Whether rules have other nodes than those asked for; random rules and constant types have not.</summary>
    private bool HasOtherNodes(IReadOnlyList<IQuadratureRule> rules)
    {
        var asked = Asked;
        return Enumerable.Range(0, rules.Count).Any(i =>
            experiment.OfLimit.Embedding.TypeLaws(i + 1) is var laws && rules[i].CountNodes(laws) != asked[i].CountNodes(laws));
    }

    private IReadOnlyList<IQuadratureRule> Asked => TypeRules.Asked(experiment.Problem.Limit.Types!, experiment.Seed);

    private ErrorEstimate Estimate(Trained limit, Motion motion)
    {
        var specs = experiment.Problem.Limit.Types!;
        var rules = TypeRules.Coarser(specs, experiment.Seed);
        var other = Run(experiment.OfLimit, rules, motion, ErrorProgress);
        if (other.Run.Status != RunStatus.Completed) return Unknown;
        var types = limit.Trajectory.LargestRmsDistance(other.Trajectory);
        var neighbouring = TypeRules.Neighbouring(specs, experiment.Seed);
        if (HasOtherNodes(neighbouring) && !MemoryPlan.Fits(experiment.OfLimit, neighbouring))
        {
            types = double.NaN;     // one node in each of many coordinates: two in each are too many to compare with
        }
        else if (HasOtherNodes(neighbouring))
        {
            var run = Run(experiment.OfLimit, neighbouring, motion, ErrorProgress);
            types = run.Run.Status == RunStatus.Completed
                ? Math.Max(types, limit.Trajectory.LargestRmsDistance(run.Trajectory))
                : double.NaN;
        }

        var time = motion.Dynamics == Dynamics.Flow ? TimeError(rules, motion, other.Trajectory) : 0;

        // Finite networks under SGD draw from a continuous law anew; a limit of the flow keeps to its sample of it.
        var data = 0.0;
        if (experiment.Data.Endless && motion.Dynamics == Dynamics.Flow
            && experiment.Problem.Training.Dynamics == Dynamics.Sgd)
        {
            var run = Run(experiment.OfLimitWithOtherData(), rules, motion, ErrorProgress);
            data = run.Run.Status == RunStatus.Completed
                ? other.Trajectory.LargestRmsDistance(run.Trajectory)
                : double.NaN;
        }
        return new(types, time, data);
    }

    /// <summary>
    /// The difference to a run of smaller steps. Adaptive steps: a hundredth of the tolerance; that hundredth is added,
    /// since it bounds what the comparison itself may err. Fixed steps h: a run of h/2, the difference times
    /// 2^p / (2^p - 1), which is the error at h if it is O(h^p). (Larger steps for the comparison would cost less, but
    /// save times cut them down to the same steps and the difference to nothing.)
    /// </summary>
    private double TimeError(IReadOnlyList<IQuadratureRule> rules, Motion motion, Trajectory trajectory)
    {
        var method = TimeMethod.Find(motion.Method);
        var tighter = motion with
        {
            Tolerance = Math.Max(LeastTolerance, motion.Tolerance / Tighter),
            Step = Math.Min(motion.Step ?? 0, LongestSave) / 2,
        };
        var run = Run(experiment.OfLimit, rules, tighter, ErrorProgress);
        if (run.Run.Status != RunStatus.Completed) return double.NaN;
        var difference = trajectory.LargestRmsDistance(run.Trajectory);
        var richardson = Math.Pow(2, method.Order);
        return method.EstimatesError ? difference + tighter.Tolerance : difference * richardson / (richardson - 1);
    }

    private Trained Run(Experiment what, IReadOnlyList<IQuadratureRule> rules, Motion motion,
        IProgress<double>? progress) =>
        Training.Run(what, what.Embedding.Discretise(rules), motion, engine, progress, Cancellation);
}
