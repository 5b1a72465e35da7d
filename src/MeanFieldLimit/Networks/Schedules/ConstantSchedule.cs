namespace MeanFieldLimit.Networks.Schedules;

/// <summary>xi(t) = value.</summary>
internal sealed record ConstantSchedule(double Value) : ISchedule
{
    public double At(double t) => Value;
}
