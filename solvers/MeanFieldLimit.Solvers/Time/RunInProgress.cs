using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>The time loop: a run of a <see cref="TimeLoop"/> on its way.</summary>
public sealed class RunInProgress
{
    // A step that would leave less than this fraction of itself before a save time ends on it instead.
    // (Rounding of t + h adds up to 1e-5 h over a million equal steps.)
    private const double Sliver = 1e-3;

    // Steps below this fraction of the run's time scale no longer move it reliably.
    private const double ShortestStep = 1e-14;

    private readonly TimeLoop loop;
    private readonly double end;
    private readonly double shortest;
    private readonly double[] error;
    private double[] state;
    private double[] next;
    private double t;
    private double length;
    private int save;
    private long steps;
    private long refused;
    private RunStatus? ended;

    internal RunInProgress(TimeLoop loop, ReadOnlySpan<double> initial, Interval interval)
    {
        this.loop = loop;
        (t, end) = (interval.Start, interval.End);
        state = initial.ToArray();
        next = new double[state.Length];
        error = loop.Control.NeedsErrorEstimate ? new double[state.Length] : [];
        length = loop.Control.Start(interval, loop.Stepper);
        shortest = ShortestStep * Math.Max(Math.Abs(end), interval.Length);
        loop.Stepper.Reset();
    }

    /// <summary>The time reached.</summary>
    public double Time => t;

    /// <summary>The last accepted state.</summary>
    public ReadOnlySpan<double> State => state;

    /// <summary>How it ended.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public RunResult Result => new()
    {
        Status = ended ?? (save > loop.SaveTimes.Count ? RunStatus.Completed
            : throw new InvalidOperationException($"the run is at t = {t:R} of {end:R}; advance it to its end first")),
        Time = t,
        State = state,
        Steps = steps,
        Refused = refused,
        NonFiniteIndex = ended == RunStatus.NonFinite ? TimeLoop.NonFiniteIndex(next) : -1,
    };

    /// <summary>
    /// Steps to the next save time and records there, or to the end of the run after the last save time. False when
    /// the run has ended, well or not.
    /// </summary>
    public bool AdvanceToNextSave()
    {
        if (ended is not null || save > loop.SaveTimes.Count) return false;
        var saving = save < loop.SaveTimes.Count;
        ended = AdvanceTo(saving ? loop.SaveTimes[save] : end);
        save++;
        if (ended is null && saving) loop.Recorder?.Record(t, state);
        return ended is null && saving;
    }

    /// <summary>Steps to the time <paramref name="stop"/>; returns why it did not get there, or null.</summary>
    private RunStatus? AdvanceTo(double stop)
    {
        while (t < stop)
        {
            if (loop.Cancellation.IsCancellationRequested) return RunStatus.Cancelled;
            if (steps + refused >= loop.MostSteps) return RunStatus.TooManySteps;
            if (length < shortest)
                return TimeLoop.NonFiniteIndex(next) < 0 ? RunStatus.StepUnderflow : RunStatus.NonFinite;
            var reaches = t + length * (1 + Sliver) >= stop;
            var step = new Interval(t, reaches ? stop : t + length);

            loop.Stepper.Step(step, state, next, error);
            var decision = loop.Control.Decide(step.Length, state, next, error);
            // An error may pass where the values do not: relative to infinity every error is small, and what has
            // no mass has no error. (A sum is finite unless a term is not, or the next step overflows anyway.)
            if (decision.Accepted && !double.IsFinite(TensorPrimitives.Sum(next)))
            {
                if (!loop.Control.NeedsErrorEstimate) return RunStatus.NonFinite;
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
            loop.Progress?.Report(t);
        }
        return null;
    }
}
