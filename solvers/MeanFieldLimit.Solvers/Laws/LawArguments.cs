using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Laws;

/// <summary>What every law refuses.</summary>
internal static class LawArguments
{
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite, got {value}: give a number");

    public static double Spread(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Finite(value, name) >= 0
            ? value
            : throw new ArgumentOutOfRangeException(
                name, value, $"{name} must not be negative, got {value}: give 0 for a constant");
}
