using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Problems;

/// <summary>The time stepping methods that problem files name: the Runge-Kutta tables.</summary>
public static class Methods
{
    /// <summary>Methods with an error estimate: they choose their steps from the tolerance.</summary>
    public static IReadOnlyList<string> Adaptive { get; } =
        [.. RungeKutta.All.Where(t => t.EstimatesError).Select(t => t.Name)];

    /// <summary>Methods without an error estimate: they need a step.</summary>
    public static IReadOnlyList<string> Fixed { get; } =
        [.. RungeKutta.All.Where(t => !t.EstimatesError).Select(t => t.Name)];

    /// <summary>All methods.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Adaptive, .. Fixed];
}
