using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>A measured number, the interval in which the theory has it, and why that is as wide as it is.</summary>
internal sealed record Measurement(string Quantity, double Value, string Theory, double Low, double High, string Reason)
{
    /// <summary>Whether the value is in the interval; a value that is not a number is not.</summary>
    public bool Holds => Low <= Value && Value <= High;

    internal static Measurement Zero(string quantity, double value, double tolerance, string reason) =>
        new(quantity, value, "0", 0, tolerance, reason);

    internal static Measurement AtLeast(string quantity, double value, double least, string theory, string reason) =>
        new(quantity, value, theory, least, double.PositiveInfinity, reason);

    internal static Measurement AtMost(string quantity, double value, double most, string theory, string reason) =>
        new(quantity, value, theory, double.NegativeInfinity, most, reason);

    /// <summary>A number that the theory knows, to <paramref name="slack"/> on both sides.</summary>
    internal static Measurement Near(string quantity, double value, double theory, double slack, string reason,
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
