namespace MeanFieldLimit.Solvers.Time;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>The end of the interval was reached.</summary>
    Completed,

    /// <summary>An event that stops the run was met: the last of <see cref="RunResult.Events"/>.</summary>
    Stopped,

    /// <summary>A value became infinite or NaN, and no shorter step avoided it.</summary>
    NonFinite,

    /// <summary>
    /// The step asked for, by the error control or as a fixed one, does not move time; under error control the
    /// solution seems to cease to exist there.
    /// </summary>
    StepUnderflow,

    /// <summary>
    /// The steps of error control have become so short, and do not grow, that the end is out of reach of any number of
    /// them: the system is far too stiff for the method.
    /// </summary>
    TooSlow,

    /// <summary>The number of steps allowed was used up.</summary>
    TooManySteps,

    /// <summary>It was asked to stop.</summary>
    Cancelled,
}

/// <summary>The outcome of a run: the last good state, its time, and what it took.</summary>
public sealed record RunResult
{
    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Time of <see cref="State"/>.</summary>
    public required double Time { get; init; }

    /// <summary>The last accepted state, or that at the event that stopped the run; all finite.</summary>
    public required double[] State { get; init; }

    /// <summary>Steps accepted.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps refused by the error control.</summary>
    public required long Refused { get; init; }

    /// <summary>Evaluations of the right-hand side.</summary>
    public long Evaluations { get; init; }

    /// <summary>What took the steps, in words; for a method that was chosen on the way, what was chosen and
    /// why.</summary>
    public string InWords { get; init; } = "";

    /// <summary>The steps without error control along discontinuities of the right-hand side; null without
    /// any.</summary>
    public Sliding? Slid { get; init; }

    /// <summary>Index of the first component that was not finite in the step that failed; -1 if none.</summary>
    public int NonFiniteIndex { get; init; } = -1;

    /// <summary>The events met, in the order of their times.</summary>
    public IReadOnlyList<EventOccurrence> Events { get; init; } = [];

    /// <summary>Whether it ended where it was to: at the end of the interval, or at an event that stops it.</summary>
    public bool Succeeded => Status is RunStatus.Completed or RunStatus.Stopped;

    /// <summary>Why it ended early, a clause; null where it <see cref="Succeeded"/>.</summary>
    public string? Reason => Status switch
    {
        RunStatus.NonFinite when NonFiniteIndex >= 0 => $"component {NonFiniteIndex} became infinite or NaN",
        RunStatus.NonFinite => "what is measured of it became infinite or NaN",
        RunStatus.StepUnderflow => "the step asked for is too short to move time; under error control the solution " +
            "seems to cease to exist there",
        RunStatus.TooSlow => "at its pace the end is out of reach; use a method for stiff systems",
        RunStatus.TooManySteps => "the number of steps allowed was used up",
        RunStatus.Cancelled => "it was asked to stop",
        _ => null,
    };

    /// <summary>This result, if it ended where it was to.</summary>
    /// <exception cref="RunFailedException">It did not.</exception>
    public RunResult OrThrow() => Succeeded ? this : throw new RunFailedException(this);
}

/// <summary>A run did not reach its end.</summary>
public sealed class RunFailedException(RunResult result)
    : Exception($"the run ended at t = {result.Time:R} after {result.Steps} steps: {result.Reason ?? "it completed"}")
{
    /// <summary>What was reached.</summary>
    public RunResult Result { get; } = result;
}

/// <summary>Sees the state at the save times, and where an event stopped the run.</summary>
public interface IRecorder : IResumable
{
    /// <summary>
    /// The state at the time <paramref name="t"/>. The span is the run's own: copy what is kept.
    /// </summary>
    void Record(double t, ReadOnlySpan<double> state);
}
