using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Runs.Probes;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Runs;

/// <summary>An ensemble on its way in a <see cref="Run"/>.</summary>
public sealed class Mover
{
    private readonly UntilWatch? watch;

    internal Mover(Ensemble ensemble, UntilWatch? watch, RunInProgress inProgress) =>
        (Ensemble, this.watch, InProgress) = (ensemble, watch, inProgress);

    /// <summary>What moves.</summary>
    public Ensemble Ensemble { get; }

    /// <summary>The time at which it is.</summary>
    public double Time => InProgress.Time;

    /// <summary>Its state then.</summary>
    public ReadOnlySpan<double> State => InProgress.State;

    /// <summary>How it ended.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public RunResult Result => InProgress.Result;

    /// <summary>The finished run of a mover that is recorded.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public Trained Trained => watch?.Of(this) ?? Trained.Of(this);

    internal RunInProgress InProgress { get; }

    internal TrajectoryProbe? Recorder { get; set; }
}
