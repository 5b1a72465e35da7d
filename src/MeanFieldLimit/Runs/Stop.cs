using System.Text.Json.Serialization;

namespace MeanFieldLimit.Runs;

/// <summary>Where a limit met a condition of <c>training.until</c> before the final time, and stopped.</summary>
/// <param name="Condition">Which one.</param>
/// <param name="Threshold">The value that it fell to.</param>
/// <param name="Time">When: inside a step under the flow, at a save time where networks go by SGD.</param>
/// <param name="Slope">d value/dt there; NaN at the start.</param>
public sealed record Stop(StopCondition Condition, double Threshold, double Time, double Slope)
{
    /// <summary>
    /// What <see cref="Time"/> is known to, to first order: the error of the value over |slope|, that error told by the
    /// same comparison runs as that of the predictions, at this time and the save time before. 0 at the start.
    /// </summary>
    public double Error { get; init; } = double.NaN;

    /// <summary>Its number among the conditions that are recorded.</summary>
    [JsonInclude]
    internal int Number { get; init; }
}

/// <summary>What a limit may stop at.</summary>
public enum StopCondition
{
    /// <summary>The risk on the training points.</summary>
    Risk,

    /// <summary>
    /// |d theta/dt| in the mass-weighted norm, without weight decay: d risk/dt = -|d theta/dt|^2 at rates 1.
    /// </summary>
    Velocity,
}
