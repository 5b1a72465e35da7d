namespace MeanFieldLimit.Problems;

/// <summary>The time stepping methods that problem files name.</summary>
public static class Methods
{
    /// <summary>Methods with an error estimate: they choose their steps from the tolerance.</summary>
    public static IReadOnlyList<string> Adaptive { get; } =
        [.. TimeMethod.All.Where(m => m.EstimatesError).Select(m => m.Name)];

    /// <summary>Methods without an error estimate: they need a step.</summary>
    public static IReadOnlyList<string> Fixed { get; } =
        [.. TimeMethod.All.Where(m => !m.EstimatesError).Select(m => m.Name)];

    /// <summary>All methods.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Adaptive, .. Fixed];
}
