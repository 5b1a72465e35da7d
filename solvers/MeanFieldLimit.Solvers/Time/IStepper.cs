namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A one-step method bound to its system. It holds nothing that the run depends on: what it keeps between
/// steps (a slope already evaluated) only saves work.
/// </summary>
public interface IStepper
{
    /// <summary>Length of the state.</summary>
    int Dimension { get; }

    /// <summary>Order p of the solution that is carried on: the error of one step is O(h^(p+1)).</summary>
    int Order { get; }

    /// <summary>Order of the error estimate: it is O(h^q). 0 where the method has none.</summary>
    int ErrorOrder { get; }

    /// <summary>Forgets what was kept of earlier steps. Called when a run starts.</summary>
    void Reset();

    /// <summary>
    /// next = the state at <c>step.End</c>, started from <paramref name="state"/> at <c>step.Start</c>.
    /// <paramref name="error"/> receives the estimated error of the step; empty when none is wanted.
    /// </summary>
    void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error);
}
