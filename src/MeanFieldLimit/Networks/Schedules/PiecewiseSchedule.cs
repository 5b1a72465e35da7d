namespace MeanFieldLimit.Networks.Schedules;

/// <summary>xi(t) = values[n], times[n-1] &lt;= t &lt; times[n]: one value more than times, which increase.</summary>
internal sealed class PiecewiseSchedule(IReadOnlyList<double> times, IReadOnlyList<double> values) : ISchedule
{
    // Under SGD t = k eps is rounded: a step that should start on a change of rate must not start just before it.
    private const double RoundOff = 1e-9;

    public IReadOnlyList<double> Jumps { get; } = [.. times.Select(change => change * (1 - RoundOff))];

    public double At(double t) => values[Jumps.Count(jump => t >= jump)];
}
