using System.Diagnostics;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Quadrature;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Limits;

/// <summary>
/// Solves the limit of a model, and again where its error estimate needs it; where an accuracy is asked for, with
/// more and more nodes until the estimate is below it.
/// </summary>
public sealed class LimitSolver(Model model, IMatrixEngine engine)
{
    // The time part is measured on fewer nodes than it is stated for.
    private const double Tighter = 100, LeastTolerance = 1e-13, SafetyOfTime = 1.5, LeastApart = 0.1, SafetyOfStop = 2;

    // The longest step of the comparison run, in the longer of a hundredth of the time and the time between saves: the
    // golden ratio, so that its steps cannot be the limit's own, which may all pass over the same.
    private const double Incommensurate = 0.6180339887498949;
    private const int LeastSteps = 100, Eighth = 8;

    // A product of [n, a] and [a, b] is 2 n a b operations; a forward pass has one, a backward pass two.
    private const double OperationsPerParameter = 6;

    private double work;
    private double stopDifference;      // of the values of the condition that the limit stopped at

    /// <summary>Told the time reached by the limit itself.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Told the time reached by the runs for the error estimate, which follow it.</summary>
    public IProgress<double>? ErrorProgress { get; init; }

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// The limit and its error estimate. A run that ends early is returned as it is, without an estimate (NaN); so
    /// is a limit whose comparison runs end early. Under <c>limit.accuracy</c> the last limit of the search.
    /// </summary>
    public LimitSolution Solve() => model.Problem.Limit.Accuracy is { } accuracy
        ? new AccuracySearch(model, accuracy).Run(refined => new LimitSolver(refined, engine)
        {
            Progress = Progress,
            ErrorProgress = ErrorProgress,
            Cancellation = Cancellation,
        }.Solve())
        : SolveAsked();

    private LimitSolution SolveAsked()
    {
        work = 0;
        var motion = Motion.OfLimit(model.Problem);
        var clock = Stopwatch.StartNew();
        var limit = Run(model.OfLimit, model.Rules, motion, Progress);
        var solved = clock.Elapsed.TotalSeconds;
        // What is compared with a limit that may stop goes to the end of that limit, not to one of its own.
        var compared = limit.Run.Succeeded && model.Problem.Training.Until is not null
            ? model.StoppedAt(limit.Trajectory.Times)
            : model;
        var others = new LimitSolver(compared, engine) { ErrorProgress = ErrorProgress, Cancellation = Cancellation };
        var (error, types) = limit.Run.Succeeded ? others.Estimate(limit, motion) : Unknown;
        if (limit.Stop is { Time: > 0 } stop)
            limit = limit with { Stop = stop with { Error = others.stopDifference / Math.Abs(stop.Slope) } };
        var ensemble = limit.Ensemble;
        return new(limit, error, [.. Enumerable.Range(1, ensemble.Depth - 1).Select(ensemble.Size)],
            solved, clock.Elapsed.TotalSeconds - solved)
        { Model = compared, TypeErrors = types, Work = work + others.work };
    }

    /// <summary>The longest time between two saves; 0 where there is one save alone.</summary>
    private double LongestSave =>
        model.SaveTimes.Zip(model.SaveTimes.Skip(1), (a, b) => b - a).DefaultIfEmpty().Max();

    private static (ErrorEstimate, IReadOnlyList<TypeError>) Unknown => (new(double.NaN, double.NaN, double.NaN), []);

    private (ErrorEstimate, IReadOnlyList<TypeError>) Estimate(Trained limit, Motion motion)
    {
        // Time and data are compared on the smallest of the limits that the types are compared with. A single node in
        // the place of many stands still where the law is symmetric, and shows no error of time.
        var rules = model.Rules;
        var (cheapest, smallest) = (limit, rules);
        var types = new List<TypeError>();
        foreach (var comparison in TypeComparison.All(model))
        {
            var (differences, stops) = (new List<double>(), new List<double>());
            foreach (var others in comparison.Others)
            {
                // One node in each of many coordinates: two in each are too many to compare with.
                var fits = MemoryPlan.Fits(model, others);
                var other = fits ? Run(model.OfLimit, others, motion, ErrorProgress) : null;
                if (other is { Run.Status: RunStatus.Cancelled }) return Unknown;
                var completed = other?.Run.Status == RunStatus.Completed;
                differences.Add(completed ? limit.Trajectory.LargestRmsDistance(other!.Trajectory) : double.NaN);
                stops.Add(completed ? limit.Trajectory.LastDifference(other!.Trajectory, limit.Stop) : double.NaN);
                if (completed && other!.Ensemble.State.Length < cheapest.Ensemble.State.Length
                    && !Enumerable.Range(1, limit.Ensemble.Depth - 1)
                        .Any(i => other.Ensemble.Size(i) == 1 && limit.Ensemble.Size(i) > 1))
                    (cheapest, smallest) = (other, others);
            }
            types.Add(new(comparison.Layers, comparison.Estimate(differences)));
            stopDifference += comparison.Estimate(stops);
        }

        // Where nodes meet kinks depends on where they start: fewer of them may meet none. (Reduced limits have none.)
        var kinked = model.Problem.Limit.Reduction == Reduction.None
            && limit.Ensemble.Architecture.HasKinks;
        var time = motion.Dynamics != Dynamics.Flow || LongestSave == 0 ? 0
            : kinked ? TimeError(rules, motion, limit, limit.Stop, kinked)
            : TimeError(smallest, motion, cheapest, limit.Stop, kinked);

        // Finite networks under SGD draw from a continuous law anew; a limit of the flow keeps to its sample of it, or
        // to nodes that stand for all of it.
        var data = 0.0;
        if (model.Data.Endless && motion.Dynamics == Dynamics.Flow
            && (model.Problem.Training.Dynamics == Dynamics.Sgd || model.Data.Watched is not null))
        {
            // The error of nodes may fall below what fewer types make of it; that of a sample does not.
            var (ours, nodes) = model.Data.Watched is null ? (cheapest, smallest) : (limit, rules);
            var stops = 0.0;
            data = DataComparison.Estimate(model, other =>
            {
                var run = Run(other, nodes, motion, ErrorProgress);
                if (run.Run.Status != RunStatus.Completed) return stops = double.NaN;
                stops = Math.Max(stops, ours.Trajectory.LastDifference(run.Trajectory, limit.Stop));
                return ours.Trajectory.LargestRmsDistance(run.Trajectory);
            });
            stopDifference += SafetyOfStop * stops;
        }
        return (new(types.Sum(t => t.Error), time, data), types);
    }

    /// <summary>
    /// 1.5 times the difference to a run of smaller steps. Adaptive steps: a hundredth of the tolerance, itself added
    /// where both runs took as many steps, and steps that cannot all be those of the limit. Fixed steps h: a run of
    /// h/2, the difference times 2^p / (2^p - 1), which is the error at h if it is O(h^p). (Larger steps for the
    /// comparison would cost less, but save times cut them down to the same steps and the difference to nothing.) At
    /// kinks the error of all methods is O(h), and but for Euler's it changes with h by chance: a run of h/8, which has
    /// little of it, the difference times 8/7. Steps that slid along kinks have an error of order 1 in their length h:
    /// the difference to a run of h' there, times h / |h - h'|, and the tolerance, below which two such runs may agree
    /// by chance.
    /// </summary>
    private double TimeError(IReadOnlyList<IQuadratureRule> rules, Motion motion, Trained trained, Stop? stop,
        bool kinked)
    {
        var method = TimeMethod.Find(motion.Method);
        var erratic = kinked && method.Order > 1;
        var (shorter, order) = erratic ? (Eighth, 1) : (2, method.Order);
        var tighter = motion with
        {
            Tolerance = Math.Max(LeastTolerance, motion.Tolerance / Tighter),
            Step = Math.Min(motion.Step ?? 0, LongestSave) / shorter,
            LongestStep = Incommensurate * Math.Min(motion.LongestStep ?? double.PositiveInfinity,
                Math.Max(LongestSave, model.SaveTimes[^1] / LeastSteps)),
        };
        var run = Run(model.OfLimit, rules, tighter, ErrorProgress);
        if (run.Run.Status != RunStatus.Completed) return double.NaN;
        var richardson = Math.Pow(shorter, order);
        var slid = trained.Run.Slid ?? run.Run.Slid;
        var apart = trained.Run.Slid is null ? 1 : Math.Abs(1 - (run.Run.Slid?.Step ?? 0) / slid!.Step);
        if (apart <= LeastApart) return double.NaN;
        var safety = SafetyOfTime / apart * (method.EstimatesError ? 1 : richardson / (richardson - 1));
        var difference = safety * trained.Trajectory.LargestRmsDistance(run.Trajectory);
        stopDifference += safety * trained.Trajectory.LastDifference(run.Trajectory, stop);
        if (slid is not null) return difference + motion.Tolerance;
        return !method.EstimatesError ? difference
            : run.Run.Steps > trained.Run.Steps ? difference
            : difference + tighter.Tolerance;
    }

    private Trained Run(Model what, IReadOnlyList<IQuadratureRule> rules, Motion motion,
        IProgress<double>? progress)
    {
        var trained = Training.Run(what, what.Embedding.Discretise(rules), motion, engine, progress,
            stops: true, Cancellation);
        var points = motion.Dynamics == Dynamics.Sgd ? what.Problem.Training.Batch!.Value : what.Data.Train.Count;
        work += OperationsPerParameter * points * trained.Run.Evaluations * trained.Ensemble.State.Length;
        return trained;
    }
}
