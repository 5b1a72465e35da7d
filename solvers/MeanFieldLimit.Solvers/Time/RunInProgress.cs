using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// The time loop: a run of a <see cref="TimeLoop"/> on its way. It can be saved after any step, and goes on with the
/// same bits where it is read into one that has just begun, of a loop, initial state and interval that are the same.
/// </summary>
public sealed class RunInProgress : IResumable
{
    // A step that would leave less than this fraction of itself before a save time ends on it instead.
    // (Rounding of t + h adds up to 1e-5 h over a million equal steps.)
    private const double Sliver = 1e-3;

    // Steps below this fraction of t do not move it reliably; on an interval of few roundings of t they must, and at
    // t = 0 every step does: 42 cuts to a fifth are enough there.
    private const double ShortestStep = 1e-14, ShortestOfRun = 1e-4, ShortestAtZero = 1e-30;

    // How far before a jump a step ends, relative to its times: rounding must not carry its last stage over, and a
    // stage at start + h rounds like the larger of start and end.
    private const double BeforeJump = 1e-15;

    // After so many attempts, and whenever they have doubled, the pace is looked at: a run that would take a thousand
    // times the steps allowed, at a pace that does not grow, ends there and not hours later.
    private const long FirstLook = 1 << 15;
    private const double Hopeless = 1000, Grows = 2;

    private readonly TimeLoop loop;
    private readonly double end;
    private readonly double span;
    private readonly double[] error;
    private readonly double[] between;      // the state at a save time inside a step; empty where steps end on them
    private readonly EventWatch? watch;
    private readonly bool mayStepInPlace;
    private double[] state;
    private double[] next;                  // the state before the last step, unless it was in place, until the next
    private double t;
    private double? shown;                  // the save time that `between` is for, if it is what is shown
    private double length;
    private int save;
    private int jump;                       // the next one
    private long steps;
    private long refused;
    private long evaluated;                 // by the stepper before this run
    private long look = FirstLook;
    private double seen, pace;              // the time at the last look, the mean advance per attempt until then
    private RunStatus? ended;

    internal RunInProgress(TimeLoop loop, ReadOnlySpan<double> initial, Interval interval)
    {
        this.loop = loop;
        (t, end, span) = (interval.Start, interval.End, interval.Length);
        seen = t;
        state = initial.ToArray();
        next = new double[state.Length];
        error = loop.Control.NeedsErrorEstimate ? new double[state.Length] : [];
        between = loop.Control.NeedsErrorEstimate && loop.Stepper.Interpolates && loop.SaveTimes.Count > 0
            ? new double[state.Length] : [];
        evaluated = loop.Stepper.Evaluations;
        length = loop.Control.Start(interval, initial, loop.Stepper);
        if (loop.FirstStep is { } first) length = first;
        else if (loop.Control.NeedsErrorEstimate) length = Math.Max(length, Interval.Resolution(t));
        length = Math.Min(length, loop.LongestStep);
        loop.Stepper.Reset();
        watch = loop.Events.Count > 0 ? new(loop, t, state) : null;
        mayStepInPlace = !loop.Control.NeedsErrorEstimate && (watch is null || loop.EventsAtSaves);
    }

    /// <summary>The time reached: the last save time, or where the run ended.</summary>
    public double Time => shown ?? t;

    /// <summary>The state at that time, interpolated where it lies inside a step.</summary>
    public ReadOnlySpan<double> State => shown is null ? state : between;

    /// <summary>How it ended.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public RunResult Result => new()
    {
        Status = ended
            ?? throw new InvalidOperationException($"the run is at t = {t:R} of {end:R}; advance it to its end first"),
        Time = t,
        State = state,
        Steps = steps,
        Refused = refused,
        Evaluations = loop.Stepper.Evaluations - evaluated,
        InWords = loop.Stepper.InWords,
        Events = watch?.Found ?? [],
        Slid = loop.Stepper.Slid,
        NonFiniteIndex = ended == RunStatus.NonFinite ? TimeLoop.NonFiniteIndex(next) : -1,
    };

    /// <summary>Ends the run where it is, for a reason of its caller's; one that has ended stays as it is.</summary>
    public void End(RunStatus why) => ended ??= save > loop.SaveTimes.Count ? RunStatus.Completed : why;

    /// <summary>
    /// Steps to the next save time and records there, or to the end of the run after the last save time. The time of
    /// an event that stops the run is its last save time. False when the run has ended, well or not.
    /// </summary>
    public bool AdvanceToNextSave()
    {
        if (ended is not null) return false;
        shown = null;
        var saving = save < loop.SaveTimes.Count;
        var stop = saving ? loop.SaveTimes[save] : end;
        ended = AdvanceTo(stop);
        if (ended is not null) return false;
        if (watch?.End is { } found && (!saving || found.Time < stop)) return EndAt(found);
        if (!saving)
        {
            ended = RunStatus.Completed;
            return false;
        }
        save++;
        if (t > stop)
        {
            loop.Stepper.Interpolate(stop, next, state, between);
            shown = stop;
        }
        loop.Recorder?.Record(stop, State);
        if (loop.EventsAtSaves) watch?.Save(stop, State);
        return true;
    }

    /// <summary>Steps to the end of the run, recording on the way; returns how it ended.</summary>
    public RunResult AdvanceToEnd()
    {
        while (AdvanceToNextSave())
        {
        }
        return Result;
    }

    /// <inheritdoc/>
    /// <remarks>A run that was cancelled is carried as one that has not ended: to go on is what it is saved
    /// for.</remarks>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag($"run to {end} with {loop.SaveTimes.Count} save times, {loop.Jumps.Count} jumps and "
            + $"{loop.Events.Count} events{(loop.Recorder is null ? "" : ", recorded")}");
        loop.Stepper.Carry(snapshot);
        if (!ReferenceEquals(loop.Control, loop.Stepper)) loop.Control.Carry(snapshot);
        loop.Recorder?.Carry(snapshot);
        watch?.Carry(snapshot);
        var final = ended == RunStatus.Cancelled ? null : ended;
        snapshot.Carry(ref final);
        if (snapshot.Reads) ended = final;
        snapshot.Carry(ref t);
        snapshot.Carry<double>(state);
        // Of use to interpolate in, and after a step that failed.
        if (loop.Control.NeedsErrorEstimate || ended == RunStatus.NonFinite) snapshot.Carry<double>(next);
        snapshot.Carry(ref shown);
        if (shown is not null) snapshot.Carry<double>(between);
        snapshot.Carry(ref length);
        snapshot.Carry(ref save);
        snapshot.Carry(ref jump);
        snapshot.Carry(ref steps);
        snapshot.Carry(ref refused);
        snapshot.Carry(ref evaluated);
        snapshot.Carry(ref look);
        snapshot.Carry(ref seen);
        snapshot.Carry(ref pace);
    }

    /// <summary>Ends at an event and records there, unless it was a save time.</summary>
    private bool EndAt(EventOccurrence found)
    {
        (t, state, ended) = (found.Time, watch!.State, RunStatus.Stopped);
        if (save > 0 && loop.SaveTimes[save - 1] == t) return false;
        loop.Recorder?.Record(t, state);
        return true;
    }

    private double NextJump => jump < loop.Jumps.Count ? loop.Jumps[jump] : double.PositiveInfinity;

    private double Shortest =>
        Math.Max(ShortestAtZero * span, Math.Min(ShortestStep * Math.Abs(t), ShortestOfRun * span));

    /// <summary>The last time of a step from t to the jump.</summary>
    private double Before(double jump) =>
        double.IsFinite(jump) ? jump - BeforeJump * Math.Max(Math.Abs(jump), Math.Abs(t)) : jump;

    /// <summary>Passes the jumps at t, and up to <paramref name="stop"/> those that no step from there leads to;
    /// whether there are any.</summary>
    private bool PassJumps(double stop)
    {
        var jumped = false;
        while (t < stop && Before(NextJump) <= t)
        {
            jumped = true;
            if (t < NextJump) t = Math.Min(NextJump, stop);
            if (t >= NextJump) jump++;
        }
        return jumped;
    }

    /// <summary>Steps to the time <paramref name="stop"/> or past it; returns why it did not get there, or
    /// null.</summary>
    private RunStatus? AdvanceTo(double stop)
    {
        var limit = between.Length > 0 ? end : stop;        // where steps must not go beyond
        while (t < stop && watch?.End is null)
        {
            if (loop.Cancellation.IsCancellationRequested) return RunStatus.Cancelled;
            if (steps + refused >= loop.MostSteps) return RunStatus.TooManySteps;
            if (steps + refused >= look && IsHopeless()) return RunStatus.TooSlow;
            if (length < Shortest || t + length == t)
                return TimeLoop.NonFiniteIndex(next) < 0 ? RunStatus.StepUnderflow : RunStatus.NonFinite;
            var jumped = PassJumps(stop);
            if (t >= stop) break;
            var barrier = Math.Min(limit, NextJump);
            var reaches = t + length * (1 + Sliver) >= barrier;
            var step = new Interval(t, !reaches ? t + length
                : barrier < NextJump ? barrier : Before(barrier));
            if (jumped) loop.Stepper.Reset();

            if (mayStepInPlace && loop.Stepper.TryStep(step, state))
            {
                Finish(step, reaches, barrier);
                continue;
            }
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
            length = Math.Min(loop.LongestStep, reaches ? Math.Max(length, decision.NextLength) : decision.NextLength);
            (state, next) = (next, state);
            Finish(step, reaches, barrier);
        }
        // Weights that overflow in place are seen where they are used, or here.
        if (!mayStepInPlace || double.IsFinite(TensorPrimitives.Sum<double>(state))) return null;
        next = state;
        return RunStatus.NonFinite;
    }

    private void Finish(Interval step, bool reaches, double barrier)
    {
        t = reaches && barrier == NextJump ? barrier : step.End;
        steps++;
        loop.Progress?.Report(t);
        if (!loop.EventsAtSaves) watch?.Step(new(step.Start, t), next, state);
        loop.AfterStep?.Invoke(this);
    }

    private bool IsHopeless()
    {
        var (before, attempts) = (pace, look == FirstLook ? look : look / 2);
        (pace, seen, look) = ((t - seen) / attempts, t, 2 * look);
        return loop.Control.NeedsErrorEstimate && pace <= Grows * before
            && end - t > Hopeless * loop.MostSteps * pace;
    }
}
