namespace MeanFieldLimit.Networks.Schedules;

/// <summary>xi(t) = (1 + t/unit)^(-exponent): k^(-exponent) at step k of SGD (arXiv:1902.02880, Figure 10).</summary>
internal sealed record PowerSchedule(double Exponent, double Unit) : ISchedule
{
    public double At(double t) => Math.Pow(1 + t / Unit, -Exponent);
}
