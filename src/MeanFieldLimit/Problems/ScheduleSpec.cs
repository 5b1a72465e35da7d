using System.ComponentModel;
using System.Text.Json.Serialization;
using MeanFieldLimit.Networks.Schedules;

namespace MeanFieldLimit.Problems;

/// <summary>The learning rate of a layer over time, a factor on the velocity of its parameters.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "schedule")]
[JsonDerivedType(typeof(ConstantRate), "constant")]
[JsonDerivedType(typeof(PowerRate), "power")]
[JsonDerivedType(typeof(PiecewiseRate), "piecewise")]
public abstract record ScheduleSpec
{
    /// <summary>The schedule, with these parameters.</summary>
    public abstract ISchedule Build();
}

[Description("The same factor at all times.")]
public sealed record ConstantRate : ScheduleSpec
{
    [Description("The factor; 0 keeps the layer's parameters as they start."), AtLeast(0)]
    public required double Value { get; init; }

    public override string ToString() => $"constant {Value:G6}";

    /// <inheritdoc/>
    public override ISchedule Build() => new ConstantSchedule(Value);
}

[Description("(1 + t/unit)^(-exponent); with the step of SGD as unit, iteration k has k^(-exponent).")]
public sealed record PowerRate : ScheduleSpec
{
    [Description("The exponent."), AtLeast(0)]
    public required double Exponent { get; init; }

    [Description("The unit of time."), Positive]
    public required double Unit { get; init; }

    public override string ToString() => $"power (1 + t/{Unit:G6})^(-{Exponent:G6})";

    /// <inheritdoc/>
    public override ISchedule Build() => new PowerSchedule(Exponent, Unit);
}

[Description("values[0] before times[0], values[1] from there to times[1], and so on.")]
public sealed record PiecewiseRate : ScheduleSpec
{
    [Description("The times at which the factor changes, increasing."), Items(1), Positive]
    public required IReadOnlyList<double> Times { get; init; }

    [Description("The factors: one more than times."), Items(2), AtLeast(0)]
    public required IReadOnlyList<double> Values { get; init; }

    public override string ToString() =>
        $"piecewise {string.Join(", ", Values)}, changing at t = {string.Join(", ", Times)}";

    /// <inheritdoc/>
    public override ISchedule Build() => new PiecewiseSchedule(Times, Values);
}
