namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A method bound to its system, taking one step at a time. What it keeps between steps (a slope already evaluated,
/// past differences) is carried by a snapshot, before a step and after one, accepted or refused.
/// </summary>
public interface IStepper : IResumable
{
    /// <summary>Length of the state.</summary>
    int Dimension { get; }

    /// <summary>Order of the error estimate: it is O(h^q). 0 where the method has none.</summary>
    int ErrorOrder { get; }

    /// <summary>Evaluations of the right-hand side so far.</summary>
    long Evaluations { get; }

    /// <summary>What took the steps so far, in words, for reports.</summary>
    string InWords { get; }

    /// <summary>What was done at discontinuities of the right-hand side since the run began; null where nothing was
    /// done.</summary>
    Sliding? Slid => null;

    /// <summary>
    /// Forgets what was kept of earlier steps. To be called before a step that does not follow the last one: a step
    /// is taken for a continuation, or for a shorter retry, if it starts at the time where that ended, or began.
    /// </summary>
    void Reset();

    /// <summary>
    /// next = the state at <c>step.End</c>, started from <paramref name="state"/> at <c>step.Start</c>.
    /// <paramref name="error"/> receives the estimated error of the step, NaN where the step failed; it is empty when
    /// none is wanted.
    /// </summary>
    void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error);

    /// <summary>
    /// Takes the step with the state in place, where that saves memory and time; false where not, with the state as it
    /// was, for <see cref="Step"/>. There is no error estimate and no solution inside such a step.
    /// </summary>
    bool TryStep(Interval step, Span<double> state) => false;

    /// <summary>Whether <see cref="Interpolate"/> is there: save times then need not end a step.</summary>
    bool Interpolates => false;

    /// <summary>
    /// result = the solution at <paramref name="t"/> inside the last step, which was accepted and went from
    /// <paramref name="state"/> to <paramref name="next"/>.
    /// </summary>
    /// <exception cref="NotSupportedException">There is no <see cref="Interpolates"/>.</exception>
    void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result) =>
        throw new NotSupportedException($"{InWords} has no solution inside a step; let steps end on save times");
}
