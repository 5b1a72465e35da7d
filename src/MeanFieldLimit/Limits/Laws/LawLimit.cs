using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Laws;

/// <summary>
/// The limit as the law of particles that start at the nodes of the types and, where there is noise, move on Brownian
/// paths of their own: the McKean-Vlasov equation.
/// </summary>
/// <param name="Model">What it is the limit of.</param>
public sealed record LawLimit(Model Model) : ITraceable
{
    /// <summary>How it moves.</summary>
    public IDynamics Dynamics { get; init; } = Model.LimitDynamics;

    /// <summary>The space in which its law is recorded; null where it is not.</summary>
    public NeuronCoordinates? Coordinates { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<IKnob> Knobs =>
    [
        new LawKnob<LawLimit>(ErrorPart.Types, "nodes and paths", limit => limit with { IsOther = true }),
        // Euler and Maruyama's method has the weak order 1.
        .. Halved is { } halved ? [new LawKnob<LawLimit>(ErrorPart.Time, "time",
            limit => limit with { Dynamics = halved }, factor: 2)] : Array.Empty<IKnob>(),
    ];

    /// <inheritdoc/>
    public Ensemble Initial => (IsOther ? Nodes.OnOtherNodes : Nodes).Initial;

    /// <inheritdoc/>
    public double Bytes => Nodes.Bytes;

    /// <inheritdoc/>
    public double Cost => Nodes.Cost;

    /// <inheritdoc/>
    public bool Fits => Nodes.Fits;

    /// <summary>Whether it is on other nodes and other paths, to compare with.</summary>
    internal bool IsOther { get; init; }

    private ParticleLimit Nodes => new(Model);

    // On the same paths; of gradient flows, whose steps have an error control of their own, there is none.
    private IDynamics? Halved => Dynamics switch
    {
        LangevinDynamics langevin => langevin with { Step = Model.Half(langevin.Step) },
        SgdDiffusionDynamics sgd => sgd with { Step = Model.Half(sgd.Step) },
        _ => null,
    };

    /// <inheritdoc/>
    public Ensemble WithTracers(Ensemble network) => Model.Embedding.WithTracers(Initial, network);

    /// <inheritdoc/>
    public Run Begin(Machine machine, IProgress<double>? progress = null)
    {
        var run = new Run(Model.OfLimit, machine) { Progress = progress };
        var mover = run.AddLimit(Initial, Dynamics, IsOther ? new(Streams.HostPaths(Model.Seed)) : Model.OfAll);
        Coordinates?.Record(run, mover);
        return run;
    }

    /// <inheritdoc/>
    public double Operations(Trained run) => Nodes.Operations(run);

    /// <inheritdoc/>
    public ILimit On(Model model) => this with { Model = model };
}
