using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs.Probes;

namespace MeanFieldLimit.Runs;

/// <summary>An ensemble, or the law of neurons in other coordinates, on its way in a <see cref="Run"/>.</summary>
public sealed class Mover
{
    private readonly Ensemble? ensemble;
    private readonly UntilWatch? watch;

    internal Mover(RunInProgress inProgress, Ensemble? ensemble = null, UntilWatch? watch = null) =>
        (InProgress, this.ensemble, this.watch) = (inProgress, ensemble, watch);

    /// <summary>What moves.</summary>
    /// <exception cref="InvalidOperationException">It is no ensemble.</exception>
    public Ensemble Ensemble => ensemble ?? throw new InvalidOperationException(
        "what moves is no ensemble but a law on cells or quantiles; take its law");

    /// <summary>The time at which it is.</summary>
    public double Time => InProgress.Time;

    /// <summary>Its state then.</summary>
    public ReadOnlySpan<double> State => InProgress.State;

    /// <summary>
    /// H_i at <see cref="Time"/> on these points, for probes that look after what records it; null where these are not the
    /// watched points, or pass in several blocks, or nothing has recorded it yet. It changes as the run goes on.
    /// </summary>
    public ForwardPass? Pass(Dataset points) => Recorder?.Pass(Time, points);

    /// <summary>How it ended.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public RunResult Result => InProgress.Result;

    /// <summary>The finished run of a mover that is recorded.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public Trained Trained => watch?.Of(this) ?? Trained.Of(this);

    internal bool IsEnsemble => ensemble is not null;

    internal RunInProgress InProgress { get; }

    internal TrajectoryProbe? Recorder { get; set; }

    internal LawProbe? Laws { get; set; }

    internal StateProbe? States { get; set; }

    /// <summary>What becomes of a refusal of its method, a sentence with the key that it is about.</summary>
    internal Func<InvalidOperationException, Exception>? Refuse { get; init; }

    internal bool Advance()
    {
        try
        {
            return InProgress.AdvanceToNextSave();
        }
        catch (InvalidOperationException e) when (Refuse is not null)
        {
            throw Refuse(e);
        }
    }
}
