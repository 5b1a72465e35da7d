using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A method with error control, carried through discontinuities of the right-hand side. Where f points to a surface
/// from both sides, as at the kinks of ReLU networks, the solution slides along it (in the sense of Filippov,
/// Differential equations with discontinuous righthand sides, 1988), and error control cuts its steps without end:
/// halving a step that crosses the surface halves its error and no more. There, and only there, the run goes on in
/// steps of one length without error control, and comes back to it after a while.
/// </summary>
/// <remarks>
/// <para>
/// A sliding step is h = sqrt(rtol) min(T, 1/v), T the length of the run and 1/v the time in which the state changes by
/// its own size, so that it moves the state by at most sqrt(rtol) of it. The error is O(h), as that of explicit Euler
/// steps (Dontchev and Lempio, Difference methods for differential inclusions, SIAM Review 34, 1992): the steps are the
/// classical method's of Runge and Kutta, whose positive weights move the state by a mean of slopes nearby as well.
/// They err by the width of the kink alone, 4 to 30 times less than Euler's at the same h on ReLU neurons on a line.
/// </para>
/// <para>
/// Whether the run is stuck at a discontinuity is found in two steps that leave all other runs as they are, bit by bit:
/// a pace of less than h/10 an attempt over some 250 attempts without getting faster, or a step about to underflow; and
/// then a jump of f ahead, which stiffness and singularities do not have (<see cref="JumpSearch"/>).
/// </para>
/// </remarks>
internal sealed class SlidingMethod : IStepper, IStepControl
{
    private const double SlowPace = 0.1, Underflow = 1e-7, Unstable = 4;
    private const int Looks = 16, FirstStretch = 256, LongestStretch = 1 << 20;

    private readonly IVectorField system;
    private readonly IStepper stepper;
    private readonly IStepControl control;
    private readonly Tolerance tolerance;
    private readonly IErrorNorm norm;
    private readonly double root;
    private readonly StuckWatch watch = new();
    private JumpSearch? search;
    private double[] slope = [], stage = [];
    private Interval run, step;
    private int looks;                  // for a jump, left of those that a slow run is given
    private int left, stretch;          // sliding steps until the next trial of error control; of how many
    private bool slid;                  // whether the last step was a sliding one
    private double length, longest, velocity, resumed;
    private double from, most;          // of all sliding steps: where they began, the longest one, how many
    private long steps, evaluations;

    /// <summary>The method <paramref name="stepper"/> with its <paramref name="control"/> on
    /// <paramref name="system"/>.</summary>
    public SlidingMethod(IVectorField system, Tolerance tolerance, IErrorNorm norm, IStepper stepper,
        IStepControl control)
    {
        (this.system, this.tolerance, this.norm) = (system, tolerance, norm);
        (this.stepper, this.control, root) = (stepper, control, Math.Sqrt(tolerance.Relative));
    }

    /// <summary>Vectors of the state's length that it holds beside those of the method, where it slides.</summary>
    internal static int Vectors => JumpSearch.Vectors + 2;

    /// <inheritdoc/>
    public int Dimension => stepper.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => stepper.ErrorOrder;

    /// <inheritdoc/>
    public long Evaluations => stepper.Evaluations + evaluations + (search?.Evaluations ?? 0);

    /// <inheritdoc/>
    public string InWords => stepper.InWords + (Slid is null ? "" : $"; {Slid.InWords}");

    /// <inheritdoc/>
    public Sliding? Slid => steps > 0 ? new(from, most, steps) : null;

    /// <inheritdoc/>
    public bool Interpolates => stepper.Interpolates;

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => true;

    /// <inheritdoc/>
    public void Reset() => stepper.Reset();

    /// <inheritdoc/>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper)
    {
        this.run = run;
        (looks, left, stretch, slid) = (0, 0, FirstStretch, false);
        (from, most, steps) = (double.NaN, 0, 0);
        (longest, resumed) = (double.PositiveInfinity, double.NegativeInfinity);
        watch.Start(run.Start);
        return control.Start(run, initial, this.stepper);
    }

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        (this.step, slid) = (step, left > 0);
        if (slid) Slide(state, next);
        else stepper.Step(step, state, next, error);
    }

    /// <inheritdoc/>
    public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result)
    {
        if (!slid)
        {
            stepper.Interpolate(t, state, next, result);
            return;
        }
        TensorPrimitives.Subtract(next, state, result);
        TensorPrimitives.MultiplyAdd(result, (t - step.Start) / step.Length, state, result);
    }

    /// <inheritdoc/>
    public StepDecision Decide(
        double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next, ReadOnlySpan<double> error)
    {
        if (slid) return JudgeSliding(length, state, next);
        var decision = control.Decide(length, state, next, error);
        return IsStuck(decision, state) ? new(decision.Accepted, BeginStretch(state)) : decision;
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag($"sliding, {tolerance}");
        stepper.Carry(snapshot);
        if (!ReferenceEquals(control, stepper)) control.Carry(snapshot);
        watch.Carry(snapshot);
        if (snapshot.Value(search is not null))
        {
            Prepare();
            search!.Carry(snapshot);
        }
        snapshot.Carry(ref evaluations);
        snapshot.Carry(ref step);
        snapshot.Carry(ref slid);
        snapshot.Carry(ref looks);
        snapshot.Carry(ref left);
        snapshot.Carry(ref stretch);
        snapshot.Carry(ref length);
        snapshot.Carry(ref longest);
        snapshot.Carry(ref velocity);
        snapshot.Carry(ref resumed);
        snapshot.Carry(ref from);
        snapshot.Carry(ref most);
        snapshot.Carry(ref steps);
    }

    /// <summary>Whether the run is slow, or about to underflow, and f jumps ahead.</summary>
    private bool IsStuck(StepDecision decision, ReadOnlySpan<double> state)
    {
        var slow = SlowPace * root;
        if (watch.Counts(decision.Accepted ? step.End : step.Start, slow * run.Length))
        {
            Prepare();
            if (watch.Pace * search!.Velocity(step.Start, state) < slow) looks = Looks;
        }
        var underflows = !decision.Accepted && decision.NextLength < Underflow * root * run.Length;
        if (looks == 0 && !underflows) return false;
        if (looks > 0 && --looks == 0) watch.Rest();
        Prepare();
        // Over the step the jump alone must exceed the tolerance: then it is what holds the steps down.
        if (!underflows) return search!.Finds(step.Start, state, step.Length) && search.Jump * step.Length >= 1;
        // Newton's iterations with differences for derivatives fail before a step reaches the jump, and where it is
        // only crossed.
        var reach = slow * run.Length;
        return search!.Finds(step.Start, state, reach) && search.FindsBack(step.Start, state, reach);
    }

    private void Prepare()
    {
        if (search is not null) return;
        search = new(system, tolerance, norm);
        (slope, stage) = (new double[Dimension], new double[Dimension]);
    }

    /// <summary>Leaves error control for a stretch of steps, twice as many where it has led nowhere since the last
    /// one.</summary>
    private double BeginStretch(ReadOnlySpan<double> state)
    {
        velocity = search!.VelocityAtJump(state);
        longest *= 2;
        length = Math.Min(longest, root * Math.Min(run.Length, 1 / velocity));
        stretch = step.Start - resumed > FirstStretch / 4 * length ? FirstStretch
            : Math.Min(2 * stretch, LongestStretch);
        (left, looks) = (stretch, 0);
        if (double.IsNaN(from)) from = step.Start;
        return length;
    }

    /// <summary>
    /// Accepts what does not become faster, as the state does where steps are too long for stability: then the steps
    /// are cut. (A velocity that the next step has too was that of another piece of f.)
    /// </summary>
    private StepDecision JudgeSliding(double taken, ReadOnlySpan<double> state, ReadOnlySpan<double> next)
    {
        var fast = double.IsFinite(TensorPrimitives.Sum(next)) ? search!.Velocity(taken, state, next) : double.NaN;
        if (!(fast <= Unstable * velocity))
        {
            velocity = Math.Max(velocity, double.IsFinite(fast) ? fast : 0);
            longest = length = taken / 4;
            return new(false, length);
        }
        (most, steps) = (Math.Max(most, taken), steps + 1);
        if (--left > 0 || step.End >= run.End) return new(true, length);
        resumed = step.End;
        watch.Start(resumed);
        control.Start(new(resumed, run.End), next, stepper);
        stepper.Reset();
        return new(true, length);
    }

    private void Slide(ReadOnlySpan<double> state, Span<double> next)
    {
        var h = step.Length;
        state.CopyTo(next);
        state.CopyTo(stage);
        Add(0, 1.0 / 6, 1.0 / 2, state, next);
        Add(0.5, 1.0 / 3, 1.0 / 2, state, next);
        Add(0.5, 1.0 / 3, 1, state, next);
        Add(1, 1.0 / 6, 0, state, next);

        void Add(double node, double weight, double further, ReadOnlySpan<double> state, Span<double> next)
        {
            evaluations++;
            system.Evaluate(step.Start + node * h, stage, slope);
            TensorPrimitives.MultiplyAdd(slope, h * weight, next, next);
            TensorPrimitives.MultiplyAdd(slope, h * further, state, stage);
        }
    }
}
