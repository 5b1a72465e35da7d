namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A run to be made: steps of a stepper, judged by a control. Gradient flows, SGD and anything else that steps runs
/// through here; the loop itself is in <see cref="RunInProgress"/>. Steps that adapt to an error estimate pass over
/// save times, where the state is interpolated if the stepper can; all others end on them.
/// </summary>
public sealed class TimeLoop
{
    /// <summary>Steps after which a run gives up unless told otherwise.</summary>
    public const int DefaultMostSteps = 10_000_000;

    /// <summary>Takes the steps.</summary>
    public required IStepper Stepper { get; init; }

    /// <summary>Chooses and judges them; a method that chooses its own steps is both.</summary>
    public required IStepControl Control { get; init; }

    /// <summary>Times at which <see cref="Recorder"/> is called, increasing, inside the run's interval.</summary>
    public IReadOnlyList<double> SaveTimes { get; init; } = [];

    /// <summary>
    /// Times at which the right-hand side jumps, increasing. No step goes across: one ends just before, where it still
    /// sees the right-hand side as it was, and the next one starts at the jump itself. (An error estimate may miss a
    /// jump between its stages: the errors are up to 400 times the tolerance with dormand-prince.)
    /// </summary>
    public IReadOnlyList<double> Jumps { get; init; } = [];

    /// <summary>
    /// No step is longer, in units of time (but for a thousandth, where that ends it on a save time or the end); the
    /// control may take shorter ones. To see what happens on a short interval late in a run: steps that have grown by
    /// then may pass over it, and no error estimate tells.
    /// </summary>
    public double LongestStep { get; init; } = double.PositiveInfinity;

    /// <summary>The first step, in units of time, where the control is not to choose it.</summary>
    public double? FirstStep { get; init; }

    /// <summary>
    /// Conditions to be met on the way, some of which stop the run. They are looked for in every step, and cost an
    /// evaluation of each function a step.
    /// </summary>
    public IReadOnlyList<TimeEvent> Events { get; init; } = [];

    /// <summary>
    /// Whether events are looked for at save times only, and are as late as these: where there is no time between
    /// steps (SGD), or where a condition costs more than a step.
    /// </summary>
    public bool EventsAtSaves { get; init; }

    /// <summary>Called at every save time, and at an event that stops the run.</summary>
    public IRecorder? Recorder { get; init; }

    /// <summary>Told the time reached after every step.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Called after every accepted step, where the run may be saved; not to be advanced there.</summary>
    public Action<RunInProgress>? AfterStep { get; init; }

    /// <summary>Steps, accepted or refused, after which the run gives up.</summary>
    public long MostSteps { get; init; } = DefaultMostSteps;

    /// <summary>Asks the run to stop after the current step.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Runs from <paramref name="initial"/> at the start of <paramref name="interval"/> to its end, or until it
    /// fails: see <see cref="RunResult.Status"/>, or call <see cref="RunResult.OrThrow"/>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The state has the wrong length, a save time lies outside the interval or before its predecessor, jumps do not
    /// increase, a longest or first step is not positive, or the control needs an error estimate that the stepper does
    /// not make.
    /// </exception>
    public RunResult Run(ReadOnlySpan<double> initial, Interval interval) => Begin(initial, interval).AdvanceToEnd();

    /// <summary>
    /// The same run, to be taken from save time to save time by <see cref="RunInProgress.AdvanceToNextSave"/>: for
    /// two runs side by side, or to go on with one that was saved. Steps and bits are those of <see cref="Run"/>.
    /// </summary>
    /// <exception cref="ArgumentException">As for <see cref="Run"/>.</exception>
    public RunInProgress Begin(ReadOnlySpan<double> initial, Interval interval)
    {
        Check(initial, interval);
        return new(this, initial, interval);
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
        CheckSteps();
    }

    private void CheckSteps()
    {
        if (!(LongestStep > 0))
            throw new ArgumentException($"the longest step must be positive, got {LongestStep}");
        if (FirstStep is { } first && !(first > 0 && double.IsFinite(first)))
            throw new ArgumentException($"the first step must be positive and finite, got {first}");
        for (var k = 0; k < Jumps.Count; k++)
            if (!double.IsFinite(Jumps[k]) || (k > 0 && !(Jumps[k] >= Jumps[k - 1])))
                throw new ArgumentException($"jumps must be finite and increase, got {Jumps[k]}" +
                    (k > 0 ? $" after {Jumps[k - 1]}" : ""));
    }

    internal static int NonFiniteIndex(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i])) return i;
        return -1;
    }
}
