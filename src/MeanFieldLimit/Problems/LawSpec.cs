using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MeanFieldLimit.Problems;

/// <summary>The law of one real parameter at time 0.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "law")]
[JsonDerivedType(typeof(GaussianLaw), "gaussian")]
[JsonDerivedType(typeof(UniformLaw), "uniform")]
[JsonDerivedType(typeof(RademacherLaw), "rademacher")]
[JsonDerivedType(typeof(ConstantLaw), "constant")]
public abstract record LawSpec
{
    /// <summary>The law, with these parameters.</summary>
    public abstract ILaw Build();
}

[Description("The normal law with the given mean and standard deviation.")]
public sealed record GaussianLaw : LawSpec
{
    [Description("The mean.")]
    public double Mean { get; init; }

    [Description("The standard deviation."), AtLeast(0, Remedy = "give the standard deviation, not a signed scale")]
    public required double Std { get; init; }

    /// <inheritdoc/>
    public override ILaw Build() => new Gaussian(Mean, Std);
}

[Description("The uniform law on the interval from low to high.")]
public sealed record UniformLaw : LawSpec
{
    [Description("The lower end.")]
    public required double Low { get; init; }

    [Description("The upper end, above low.")]
    public required double High { get; init; }

    /// <inheritdoc/>
    public override ILaw Build() => new Uniform(Low, High);
}

[Description("mean - scale or mean + scale, with equal chance.")]
public sealed record RademacherLaw : LawSpec
{
    [Description("The mean.")]
    public double Mean { get; init; }

    [Description("The distance of both values from the mean.")]
    [AtLeast(0, Remedy = "the law is symmetric: give the positive scale")]
    public double Scale { get; init; } = 1;

    /// <inheritdoc/>
    public override ILaw Build() => new Rademacher(Mean, Scale);
}

[Description("The same value for every neuron.")]
public sealed record ConstantLaw : LawSpec
{
    [Description("The value.")]
    public required double Value { get; init; }

    /// <inheritdoc/>
    public override ILaw Build() => new Constant(Value);
}
