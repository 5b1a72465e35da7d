namespace MeanFieldLimit.Networks.Schedules;

/// <summary>
/// A learning-rate schedule xi_i(t) >= 0 of a layer, in the time of the limit: it multiplies the velocity of the
/// layer's parameters (Nguyen, arXiv:1902.02880, section 2.4). Under SGD with step eps, step k + 1 takes
/// eps xi_i(k eps).
/// </summary>
public interface ISchedule
{
    /// <summary>xi(t), t >= 0.</summary>
    double At(double t);

    /// <summary>Times at which xi jumps, increasing; xi(t) is the value from there on.</summary>
    IReadOnlyList<double> Jumps => [];
}

/// <summary>xi(t) = value.</summary>
internal sealed record ConstantSchedule(double Value) : ISchedule
{
    public double At(double t) => Value;
}

/// <summary>xi(t) = (1 + t/unit)^(-exponent): k^(-exponent) at step k of SGD (arXiv:1902.02880, Figure 10).</summary>
internal sealed record PowerSchedule(double Exponent, double Unit) : ISchedule
{
    public double At(double t) => Math.Pow(1 + t / Unit, -Exponent);
}

/// <summary>xi(t) = values[n], times[n-1] &lt;= t &lt; times[n]: one value more than times, which increase.</summary>
internal sealed class PiecewiseSchedule(IReadOnlyList<double> times, IReadOnlyList<double> values) : ISchedule
{
    // Under SGD t = k eps is rounded: a step that should start on a change of rate must not start just before it.
    private const double RoundOff = 1e-9;

    public IReadOnlyList<double> Jumps { get; } = [.. times.Select(change => change * (1 - RoundOff))];

    public double At(double t) => values[Jumps.Count(jump => t >= jump)];
}
