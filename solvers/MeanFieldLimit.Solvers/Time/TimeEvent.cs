namespace MeanFieldLimit.Solvers.Time;

/// <summary>g(t, y), whose sign tells what is before an event and what after it. NaN tells nothing.</summary>
public delegate double EventFunction(double t, ReadOnlySpan<double> y);

/// <summary>Which changes of sign of g along a solution are events.</summary>
public enum EventDirection
{
    /// <summary>All.</summary>
    Either,

    /// <summary>From below 0 to 0 or above.</summary>
    Rising,

    /// <summary>From above 0 to 0 or below.</summary>
    Falling,
}

/// <summary>
/// A condition to be met on the way: g(t, y(t)) changes sign. A g that is 0 at the start of a run has not changed
/// it. Two changes within one step cancel and are missed: <see cref="TimeLoop.LongestStep"/> bounds what can be.
/// </summary>
/// <param name="Function">g.</param>
/// <param name="Direction">Which changes count.</param>
/// <param name="Stops">Whether the run ends there, with the state at that time.</param>
public sealed record TimeEvent(EventFunction Function, EventDirection Direction = EventDirection.Either,
    bool Stops = true);

/// <summary>
/// When an event was met, to the order of the method inside a step: by its interpolant, or by a shorter step from the
/// start of that step. g has changed its sign at that time, which lies within some roundings of the root.
/// </summary>
/// <param name="Event">Its number in <see cref="TimeLoop.Events"/>.</param>
/// <param name="Time">When.</param>
/// <param name="Slope">dg/dt there, over a hundredth of the step: a difference dg of two solutions moves the time by
/// dg/slope. Between save times where <see cref="TimeLoop.EventsAtSaves"/>.</param>
public readonly record struct EventOccurrence(int Event, double Time, double Slope);
