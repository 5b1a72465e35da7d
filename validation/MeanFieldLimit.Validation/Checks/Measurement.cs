using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>A measured number, the interval in which the theory has it, and why that is as wide as it is.</summary>
/// <param name="Quantity">What is measured, in words.</param>
/// <param name="Value">What was found.</param>
/// <param name="Theory">What the theory has, in words.</param>
/// <param name="Low">The least value that agrees with it.</param>
/// <param name="High">The largest one.</param>
/// <param name="Reason">Why the interval is as wide as it is.</param>
public sealed record Measurement(string Quantity, double Value, string Theory, double Low, double High, string Reason)
{
    /// <summary>Whether the value is in the interval; a value that is not a number is not.</summary>
    public bool Holds => Low <= Value && Value <= High;

    /// <summary>One that is zero in the theory, and up to <paramref name="tolerance"/> here.</summary>
    public static Measurement Zero(string quantity, double value, double tolerance, string reason) =>
        new(quantity, value, "0", 0, tolerance, reason);

    /// <summary>One that is <paramref name="least"/> or more.</summary>
    public static Measurement AtLeast(string quantity, double value, double least, string theory, string reason) =>
        new(quantity, value, theory, least, double.PositiveInfinity, reason);

    /// <summary>One that is <paramref name="most"/> or less.</summary>
    public static Measurement AtMost(string quantity, double value, double most, string theory, string reason) =>
        new(quantity, value, theory, double.NegativeInfinity, most, reason);

    /// <summary>A number that the theory knows, to <paramref name="slack"/> on both sides.</summary>
    public static Measurement Near(string quantity, double value, double theory, double slack, string reason,
        string? said = null) => new(quantity, value, said ?? $"{theory}", theory - slack, theory + slack, reason);

    /// <summary>A number that goes to zero with the time.</summary>
    internal static Measurement Vanishing(string quantity, double value, double most) =>
        AtMost(quantity, value, most, "to 0", "T is finite");

    /// <summary>The power of x in a series beside that of its theory.</summary>
    internal static Measurement Power(string quantity, Series series) => Near(quantity, PowerLaw.LogSlope(
        [.. series.Xs.Select(x => Math.Log(x))], series.Ys), series.Theory!.Value, 0.1, "the tolerance of the claim");

    /// <summary>The order of errors that belong to halvings of h.</summary>
    internal static Measurement Order(string quantity, double[] errors, double order, double slack, string more = "") =>
        Near(quantity, OrderOf(errors), order, slack,
            "from the last two refinements; their ratio is still on its way to the limit" + more);

    internal static double OrderOf(double[] errors) => Math.Log2(errors[^2] / errors[^1]);
}
