namespace MeanFieldLimit.Solvers.Time;

/// <summary>A span of time [Start, End], Start &lt;= End: what a run covers, and what one step covers.</summary>
public readonly record struct Interval
{
    /// <summary>The interval [<paramref name="start"/>, <paramref name="end"/>].</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or end lies before start.</exception>
    public Interval(double start, double end)
    {
        if (!double.IsFinite(end - start) || end < start)
            throw new ArgumentOutOfRangeException(nameof(end),
                $"an interval needs finite bounds, the end not before the start, got [{start}, {end}]");
        Start = start;
        End = end;
    }

    /// <summary>Where it begins.</summary>
    public double Start { get; }

    /// <summary>Where it ends.</summary>
    public double End { get; }

    /// <summary>End - Start.</summary>
    public double Length => End - Start;

    /// <summary>The least that time moves by at <paramref name="t"/>.</summary>
    internal static double Resolution(double t) => Math.BitIncrement(Math.Abs(t)) - Math.Abs(t);
}
