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

    // How far before a jump a step ends, relative to its time: rounding must not carry its last stage over.
    private const double BeforeJump = 1e-15;

    private readonly TimeLoop loop;
    private readonly double end;
    private readonly double shortest;
    private readonly double[] error;
    private readonly double[] between;      // the state at a save time inside a step; empty where steps end on them
    private readonly long evaluated;
    private double[] state;
    private double[] next;                  // the state before the last step until the next one is taken
    private double t;
    private double? shown;                  // the save time that `between` is for, if it is what is shown
    private double length;
    private int save;
    private int jump;                       // the next one
    private bool jumped;                    // whether the last step ended at one
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
        between = loop.Control.NeedsErrorEstimate && loop.Stepper.Interpolates && loop.SaveTimes.Count > 0
            ? new double[state.Length] : [];
        evaluated = loop.Stepper.Evaluations;
        length = loop.Control.Start(interval, initial, loop.Stepper);
        shortest = ShortestStep * Math.Max(Math.Abs(end), interval.Length);
        loop.Stepper.Reset();
    }

    /// <summary>The time reached: the last save time, or where the run ended.</summary>
    public double Time => shown ?? t;

    /// <summary>The state at that time, interpolated where it lies inside a step.</summary>
    public ReadOnlySpan<double> State => shown is null ? state : between;

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
        Evaluations = loop.Stepper.Evaluations - evaluated,
        Account = loop.Stepper.Account,
        NonFiniteIndex = ended == RunStatus.NonFinite ? TimeLoop.NonFiniteIndex(next) : -1,
    };

    /// <summary>Ends the run where it is, for a reason of its caller's; one that has ended stays as it is.</summary>
    public void End(RunStatus why) => ended ??= save > loop.SaveTimes.Count ? RunStatus.Completed : why;

    /// <summary>
    /// Steps to the next save time and records there, or to the end of the run after the last save time. False when
    /// the run has ended, well or not.
    /// </summary>
    public bool AdvanceToNextSave()
    {
        if (ended is not null || save > loop.SaveTimes.Count) return false;
        shown = null;
        var saving = save < loop.SaveTimes.Count;
        var stop = saving ? loop.SaveTimes[save] : end;
        ended = AdvanceTo(stop);
        save++;
        if (ended is not null || !saving) return false;
        if (t > stop)
        {
            loop.Stepper.Interpolate(stop, next, state, between);
            shown = stop;
        }
        loop.Recorder?.Record(stop, State);
        return true;
    }

    private double NextJump => jump < loop.Jumps.Count ? loop.Jumps[jump] : double.PositiveInfinity;

    private static double Before(double jump) =>
        double.IsFinite(jump) ? jump - BeforeJump * Math.Abs(jump) : jump;

    /// <summary>Steps to the time <paramref name="stop"/> or past it; returns why it did not get there, or
    /// null.</summary>
    private RunStatus? AdvanceTo(double stop)
    {
        var limit = between.Length > 0 ? end : stop;        // where steps must not go beyond
        while (t < stop)
        {
            if (loop.Cancellation.IsCancellationRequested) return RunStatus.Cancelled;
            if (steps + refused >= loop.MostSteps) return RunStatus.TooManySteps;
            if (length < shortest)
                return TimeLoop.NonFiniteIndex(next) < 0 ? RunStatus.StepUnderflow : RunStatus.NonFinite;
            while (Before(NextJump) <= t) jump++;
            var barrier = Math.Min(limit, NextJump);
            var reaches = t + length * (1 + Sliver) >= barrier;
            var step = new Interval(t, !reaches ? t + length
                : barrier < NextJump ? barrier : Before(barrier));
            if (jumped) loop.Stepper.Reset();
            jumped = false;

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
            // A step cut short by a save time or the end says nothing against the length that was planned.
            length = reaches ? Math.Max(length, decision.NextLength) : decision.NextLength;
            (state, next) = (next, state);
            jumped = reaches && barrier == NextJump;
            t = jumped ? barrier : step.End;
            steps++;
            loop.Progress?.Report(t);
        }
        return null;
    }
}
