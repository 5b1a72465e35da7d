using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>A measured number and the interval in which the theory has it.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Value">Its value.</param>
/// <param name="Theory">What the theory says of it.</param>
/// <param name="Low">The least value that agrees.</param>
/// <param name="High">The largest one.</param>
/// <param name="Reason">Why the interval is as wide as it is.</param>
public sealed record Measurement(string Quantity, double Value, string Theory, double Low, double High, string Reason)
{
    /// <summary>Whether the value is in the interval; a value that is not a number is not.</summary>
    public bool Holds => Low <= Value && Value <= High;

    /// <summary>A number that is zero in theory.</summary>
    internal static Measurement Zero(string quantity, double value, double tolerance, string reason) =>
        new(quantity, value, "0", 0, tolerance, reason);

    /// <summary>A number that the theory keeps away from zero.</summary>
    internal static Measurement AtLeast(string quantity, double value, double least, string theory, string reason) =>
        new(quantity, value, theory, least, double.PositiveInfinity, reason);

    /// <summary>A number that the theory keeps below a bound.</summary>
    internal static Measurement AtMost(string quantity, double value, double most, string theory, string reason) =>
        new(quantity, value, theory, double.NegativeInfinity, most, reason);
}

/// <summary>What a check measured.</summary>
public sealed record CheckResult
{
    internal CheckResult(IReadOnlyList<Measurement> measurements, IReadOnlyList<Figure> figures,
        IReadOnlyList<Model> models) =>
        (Measurements, Figures, Models) = (measurements, figures, models);

    /// <summary>The numbers.</summary>
    public IReadOnlyList<Measurement> Measurements { get; }

    /// <summary>Whether all of them agree with the theory.</summary>
    public bool Holds => Measurements.All(m => m.Holds);

    /// <summary>The figures, named after the check.</summary>
    internal IReadOnlyList<Figure> Figures { get; }

    /// <summary>The problems whose limits or networks were measured.</summary>
    internal IReadOnlyList<Model> Models { get; }
}
