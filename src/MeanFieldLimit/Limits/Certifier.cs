using System.Diagnostics;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits;

/// <summary>
/// Solves limits and says how well they are known, by turning their knobs: the one place where errors are estimated.
/// Where the model asks for an accuracy, knobs are made finer until the estimate is below it.
/// </summary>
public static class Certifier
{
    /// <summary>
    /// The limit and its error estimate. A run that ends early is returned as it is, without an estimate (NaN); so
    /// is a limit whose comparison runs end early. Under <c>limit.accuracy</c> the last limit of the search. Errors are
    /// measured in <paramref name="distance"/>, by default the largest rms difference of predictions over save times.
    /// </summary>
    public static LimitSolution Solve(ILimit limit, Machine machine, string name = "limit",
        Func<Trained, Trained, double>? distance = null)
    {
        distance ??= (ours, theirs) => ours.Trajectory.LargestRmsDistance(theirs.Trajectory);
        return limit.Model.Problem.Limit.Accuracy is { } accuracy
            ? new AccuracySearch(limit, accuracy, distance).Run((refined, round) =>
                new Certification(machine, $"{name}-{round}", distance,
                    name + (round == 0 ? "" : $", round {round + 1}")).Of(refined))
            : new Certification(machine, name, distance, name).Of(limit);
    }

    // Of the largest difference to other data: a fit to those of predictions says nothing of one value that may change
    // sign, and another sample errs as much as the limit's own.
    private const double SafetyOfStop = 2;

    /// <summary>One limit with the runs that it is compared with; <paramref name="shown"/> names phases.</summary>
    private sealed class Certification(Machine machine, string name, Func<Trained, Trained, double> distance,
        string shown)
    {
        private int runs;
        private double work;

        internal LimitSolution Of(ILimit asked)
        {
            var clock = Stopwatch.StartNew();
            var end = asked.Model.SaveTimes[^1];
            var progress = machine.Show(shown, end);
            var run = Run(asked, progress, keeps: true);
            // It may have stopped before.
            progress?.Report(end);
            var solved = clock.Elapsed.TotalSeconds;
            // What is compared with a limit that may stop goes to the end of that limit, not to one of its own.
            var compared = run.Result.Succeeded && asked.Model.Problem.Training.Until is not null
                ? asked.On(asked.Model.StoppedAt(run.Trajectory.Times))
                : asked;
            var errors = new double[run.Trajectory.Times.Count];
            var (parts, error, ofSharpness) = run.Result.Succeeded ? Turn(compared, run, errors)
                : (null, double.NaN, double.NaN);
            if (run.Stop is { Time: > 0 } stop)
                run = run with { Stop = stop with { Error = error / Math.Abs(stop.Slope) } };
            return new(run, parts, solved, clock.Elapsed.TotalSeconds - solved)
            {
                Limit = compared,
                Work = work,
                Errors = parts is null ? [] : errors,
                SharpnessError = ofSharpness,
            };
        }

        /// <summary>
        /// The parts of the error, null where they are not known, that of the value of the condition that stopped it, and
        /// that of the sharpness where it is recorded; to <paramref name="errors"/> those of predictions up to each save time are added. Where a knob allows
        /// it, the comparison is made on the smallest of the limits before. (A single node in the place of many stands
        /// still where the law is symmetric, and shows no error of time.)
        /// </summary>
        private (IReadOnlyList<PartError>? Parts, double OfStop, double OfSharpness) Turn(ILimit asked, Trained run, double[] errors)
        {
            var (smallest, least) = (asked, run);
            var (parts, ofStop, ofSharpness) = (new List<PartError>(), 0.0, 0.0);
            var (knobs, end) = (asked.Knobs.ToArray(), asked.Model.SaveTimes[^1]);
            var progress = machine.Show($"error of the {shown}", end * knobs.Length);
            foreach (var (k, knob) in knobs.Index())
            {
                var (limit, ours) = knob.OnSmallest ? (smallest, least) : (asked, run);
                List<Trained?> others = [];
                ILimit?[] against = [.. knob.Others(limit)];
                foreach (var (n, other) in against.Index())
                {
                    var theirs = other is null ? null : Run(other, progress is null ? null
                        : new Part(progress, end * (k + n / (double)against.Length), 1.0 / against.Length));
                    if (theirs?.Result.Status == RunStatus.Cancelled) return (null, double.NaN, double.NaN);
                    others.Add(theirs);
                    if (knob.Part == ErrorPart.Types && theirs is { IsComplete: true }
                        && theirs.Parameters < least.Parameters && !theirs.Sizes.Zip(run.Sizes).Any(n => n is (1, > 1)))
                        (smallest, least) = (other!, theirs);
                }
                Comparison[] By(Func<Trained, Trained, double> measure) => [.. others.Select(other =>
                    new Comparison(ours, other, other is { IsComplete: true } ? measure(ours, other) : double.NaN))];
                parts.Add(new(knob.Part, knob.Layers, knob.Estimate(By(distance))));
                ofSharpness += knob.Estimate(By((a, b) => a.Trajectory.LargestSharpnessDistance(b.Trajectory)));
                double[]?[] largest = [.. others.Select(other => other is { IsComplete: true }
                    ? ours.Trajectory.LargestRmsDistances(other.Trajectory) : null)];
                // A fit to two differences may fall as the coarser one grows: what was stated earlier stays.
                var stated = 0.0;
                for (var i = 0; i < errors.Length; i++)
                    errors[i] += stated = Math.Max(stated, knob.Estimate([.. others.Select((other, n) =>
                        new Comparison(ours, other, largest[n]?[i] ?? double.NaN))]));
                if (run.Stop is not { } stop) continue;
                var stops = By((a, b) => a.Trajectory.LastDifference(b.Trajectory, stop));
                ofStop += knob.Part == ErrorPart.Data
                    ? SafetyOfStop * stops.Select(s => s.Difference).Aggregate(0.0, Math.Max)
                    : knob.Estimate(stops);
            }
            progress?.Report(end * knobs.Length);
            return (parts, ofStop, run.Trajectory.Curvatures.Count > 0 ? ofSharpness : double.NaN);
        }

        private Trained Run(ILimit limit, IProgress<double>? progress, bool keeps = false)
        {
            var each = $"{name}-{runs++}";
            var run = machine.Journal.Once(each, () =>
            {
                var begun = limit.Begin(machine, each, progress);
                if (keeps) begun.KeepStates();
                return begun.Complete().Trained;
            });
            work += limit.Operations(run);
            return run;
        }
    }

    /// <summary>A run as a part of a phase, which begins at <paramref name="start"/>.</summary>
    private sealed class Part(IProgress<double> phase, double start, double share) : IProgress<double>
    {
        public void Report(double value) => phase.Report(start + share * value);
    }
}
