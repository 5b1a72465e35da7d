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
