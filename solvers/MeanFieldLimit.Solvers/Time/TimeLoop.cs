using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// The time loop: steps of a stepper, judged by a control, meeting every save time exactly. Gradient flows,
/// SGD and anything else that steps runs through here.
/// </summary>
public sealed class TimeLoop
{
    // A step that would leave less than this fraction of itself before a save time ends on it instead.
    // (Rounding of t + h adds up to 1e-5 h over a million equal steps.)
    private const double Sliver = 1e-3;

    // Steps below this fraction of the run's time scale no longer move it reliably.
    private const double ShortestStep = 1e-14;

    /// <summary>Steps after which a run gives up unless told otherwise.</summary>
    public const int DefaultMostSteps = 10_000_000;

    /// <summary>Takes the steps.</summary>
    public required IStepper Stepper { get; init; }

    /// <summary>Chooses and judges them.</summary>
    public required IStepControl Control { get; init; }

    /// <summary>Times at which <see cref="Recorder"/> is called, increasing, inside the run's interval.</summary>
    public IReadOnlyList<double> SaveTimes { get; init; } = [];

    /// <summary>Called at every save time.</summary>
    public IRecorder? Recorder { get; init; }

    /// <summary>Told the time reached after every step.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Steps, accepted or refused, after which the run gives up.</summary>
    public long MostSteps { get; init; } = DefaultMostSteps;

    /// <summary>Asks the run to stop after the current step.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Runs from <paramref name="initial"/> at the start of <paramref name="interval"/> to its end, or until it
    /// fails: see <see cref="RunResult.Status"/>, or call <see cref="RunResult.OrThrow"/>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The state has the wrong length, a save time lies outside the interval or before its predecessor, or the
    /// control needs an error estimate that the stepper does not make.
    /// </exception>
    public RunResult Run(ReadOnlySpan<double> initial, Interval interval)
    {
        Check(initial, interval);
        var state = initial.ToArray();
        var next = new double[state.Length];
        var error = Control.NeedsErrorEstimate ? new double[state.Length] : [];
        double t = interval.Start, length = Control.Start(interval, Stepper);
        var shortest = ShortestStep * Math.Max(Math.Abs(interval.End), interval.Length);
        long steps = 0, refused = 0;
        Stepper.Reset();

        for (var save = 0; save <= SaveTimes.Count; save++)
        {
            var stop = save < SaveTimes.Count ? SaveTimes[save] : interval.End;
            while (t < stop)
            {
                if (Cancellation.IsCancellationRequested) return Ended(RunStatus.Cancelled);
                if (steps + refused >= MostSteps) return Ended(RunStatus.TooManySteps);
                if (length < shortest)
                    return Ended(NonFiniteIndex(next) < 0 ? RunStatus.StepUnderflow : RunStatus.NonFinite);
                var reaches = t + length * (1 + Sliver) >= stop;
                var step = new Interval(t, reaches ? stop : t + length);

                Stepper.Step(step, state, next, error);
                var decision = Control.Decide(step.Length, state, next, error);
                // An error may pass where the values do not: relative to infinity every error is small, and what has
                // no mass has no error. (A sum is finite unless a term is not, or the next step overflows anyway.)
                if (decision.Accepted && !double.IsFinite(TensorPrimitives.Sum(next)))
                {
                    if (!Control.NeedsErrorEstimate) return Ended(RunStatus.NonFinite);
                    decision = new(false, step.Length / 5);
                }
                if (!decision.Accepted)
                {
                    refused++;
                    length = decision.NextLength;
                    continue;
                }
                // A step cut short by a save time says nothing against the length that was planned.
                length = reaches ? Math.Max(length, decision.NextLength) : decision.NextLength;
                (state, next) = (next, state);
                t = step.End;
                steps++;
                Progress?.Report(t);
            }
            if (save < SaveTimes.Count) Recorder?.Record(t, state);
        }
        return Ended(RunStatus.Completed);

        RunResult Ended(RunStatus status) => new()
        {
            Status = status,
            Time = t,
            State = state,
            Steps = steps,
            Refused = refused,
            NonFiniteIndex = status == RunStatus.NonFinite ? NonFiniteIndex(next) : -1,
        };
    }

    private void Check(ReadOnlySpan<double> initial, Interval interval)
    {
        if (initial.Length != Stepper.Dimension)
            throw new ArgumentException(
                $"the state must have the stepper's length {Stepper.Dimension}, got {initial.Length}");
        if (NonFiniteIndex(initial) is var bad and >= 0)
            throw new ArgumentException($"the initial state must be finite, component {bad} is {initial[bad]}");
        if (Control.NeedsErrorEstimate && Stepper.ErrorOrder == 0)
            throw new ArgumentException(
                "step-size control needs an error estimate, which this method does not make; use a fixed step");
        var last = interval.Start;
        foreach (var time in SaveTimes)
        {
            if (!(time >= last && time <= interval.End))
                throw new ArgumentException(
                    $"save times must increase within [{interval.Start}, {interval.End}], got {time} after {last}");
            last = time;
        }
    }

    private static int NonFiniteIndex(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i])) return i;
        return -1;
    }
}
