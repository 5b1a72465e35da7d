namespace MeanFieldLimit.Problems;

/// <summary>The time stepping methods that problem files name.</summary>
public static class Methods
{
    /// <summary>Methods with an error estimate: they choose their steps from the tolerance.</summary>
    public static IReadOnlyList<string> Adaptive { get; } = ["bogacki-shampine", "dormand-prince"];

    /// <summary>Methods without an error estimate: they need a step.</summary>
    public static IReadOnlyList<string> Fixed { get; } = ["euler", "runge-kutta-4"];

    /// <summary>All methods.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Adaptive, .. Fixed];
}
