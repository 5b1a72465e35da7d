namespace MeanFieldLimit.Solvers.Time;

/// <summary>Finds the events of a run in the steps that it took, or at its save times.</summary>
internal sealed class EventWatch
{
    private const double SlopeWidth = 0.01;     // of a step
    private const double Roundings = 4;         // of t, to which a root is found

    private readonly IReadOnlyList<TimeEvent> events;
    private readonly IStepper stepper;
    private readonly double[] values;           // of g, at the end of the last step
    private readonly double[] inside;           // the state at a time inside a step
    private readonly double[] error;            // of shorter steps; nobody asks
    private readonly List<EventOccurrence> found = [];
    private readonly List<EventOccurrence> inStep = [];
    private double last;

    internal EventWatch(TimeLoop loop, double start, ReadOnlySpan<double> initial)
    {
        (events, stepper, last) = (loop.Events, loop.Stepper, start);
        inside = new double[initial.Length];
        error = loop.Control.NeedsErrorEstimate && !stepper.Interpolates ? new double[initial.Length] : [];
        values = new double[events.Count];
        for (var k = 0; k < values.Length; k++) values[k] = events[k].Function(start, initial);
    }

    /// <summary>The events met so far, in the order of their times.</summary>
    internal IReadOnlyList<EventOccurrence> Found => found;

    /// <summary>The event that ends the run, once it is met: nothing is looked for after it.</summary>
    internal EventOccurrence? End => found.Count > 0 && events[found[^1].Event].Stops ? found[^1] : null;

    /// <summary>The state at <see cref="End"/>.</summary>
    internal double[] State => inside;

    /// <summary>Looks for events in an accepted step from <paramref name="before"/> to <paramref name="after"/>.
    /// </summary>
    internal void Step(Interval step, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        inStep.Clear();
        for (var k = 0; k < values.Length; k++)
        {
            var value = events[k].Function(step.End, after);
            if (Changes(events[k].Direction, values[k], value))
                inStep.Add(Locate(k, step, before, after, values[k], value));
            values[k] = value;
        }
        if (inStep.Count == 0) return;
        inStep.Sort((a, b) => (a.Time, a.Event).CompareTo((b.Time, b.Event)));
        foreach (var occurrence in inStep)
        {
            found.Add(occurrence);
            if (End is null) continue;
            StateAt(occurrence.Time, step, before, after);
            return;
        }
        if (!stepper.Interpolates) stepper.Reset();     // its last step was not the run's
    }

    /// <summary>Looks for events since the last save time.</summary>
    internal void Save(double t, ReadOnlySpan<double> state)
    {
        for (var k = 0; k < values.Length; k++)
        {
            var value = events[k].Function(t, state);
            if (End is null && Changes(events[k].Direction, values[k], value))
                found.Add(new(k, t, (value - values[k]) / (t - last)));
            values[k] = value;
        }
        last = t;
        if (End is not null) state.CopyTo(inside);
    }

    internal void Carry(Snapshot snapshot)
    {
        snapshot.Carry<double>(values);
        snapshot.Carry(found);
        snapshot.Carry(ref last);
        if (End is not null) snapshot.Carry<double>(inside);
    }

    private static bool Changes(EventDirection direction, double from, double to) =>
        (direction != EventDirection.Falling && from < 0 && to >= 0)
        || (direction != EventDirection.Rising && from > 0 && to <= 0);

    /// <summary>
    /// The change of sign in a step, on its far side, by inverse quadratic interpolation where it is safe and bisection
    /// where not (Chandrupatla, Adv. Eng. Software 28, 1997). Math.NET's Brent also stops where |g| itself is below the
    /// accuracy in time, which a small g is from the start.
    /// </summary>
    private EventOccurrence Locate(int k, Interval step, ReadOnlySpan<double> before, ReadOnlySpan<double> after,
        double first, double value)
    {
        // The root lies between a, the newest point, and b; c is the one before.
        double a = step.End, b = step.Start, c = step.Start, ga = value, gb = first, gc = first;
        while (ga != 0)
        {
            var least = Roundings * Interval.Resolution(Math.Max(Math.Abs(a), Math.Abs(b))) / Math.Abs(b - a);
            if (least > 0.5) break;
            double xi = (a - b) / (c - b), phi = (ga - gb) / (gc - gb);
            var fraction = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi
                ? ga / (gb - ga) * gc / (gb - gc) + (c - a) / (b - a) * ga / (gc - ga) * gb / (gc - gb)
                : 0.5;
            var t = a + Math.Clamp(fraction, least, 1 - least) * (b - a);
            var g = At(k, t, step, before, after);
            if (SameSign(g, ga)) (c, gc) = (a, ga);
            else (c, gc, b, gb) = (b, gb, a, ga);
            (a, ga) = (t, g);
        }
        var (time, far) = SameSign(ga, first) ? (b, gb) : (a, ga);
        var width = SlopeWidth * step.Length;
        var other = time - width >= step.Start ? time - width : Math.Min(step.End, time + width);
        return new(k, time, (At(k, other, step, before, after) - far) / (other - time));
    }

    // Not by products, which underflow.
    private static bool SameSign(double a, double b) => (a > 0 && b > 0) || (a < 0 && b < 0);

    private double At(int k, double t, Interval step, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        StateAt(t, step, before, after);
        return events[k].Function(t, inside);
    }

    /// <summary>inside = the solution at a time of the step.</summary>
    private void StateAt(double t, Interval step, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        if (t <= step.Start) before.CopyTo(inside);
        else if (t >= step.End) after.CopyTo(inside);
        else if (stepper.Interpolates) stepper.Interpolate(t, before, after, inside);
        else stepper.Step(new(step.Start, t), before, inside, error);
    }
}
