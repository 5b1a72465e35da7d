using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Laws;

/// <summary>The McKean-Vlasov limit: the law of particles from nodes of types, noise on paths of their own.</summary>
/// <param name="Model">What it is the limit of.</param>
public sealed record LawLimit(Model Model) : ITraceable
{
    /// <summary>How it moves.</summary>
    public IDynamics Dynamics { get; init; } = Model.LimitDynamics;

    /// <summary>The space in which its law is recorded; null where it is not.</summary>
    public NeuronCoordinates? Coordinates { get; init; }

    /// <summary>Particles at each node: paths of the noise, in pairs of opposite sign; or 1.</summary>
    public int Paths { get; init; } = 1;

    IReadOnlyList<IKnob> ILimit.Knobs =>
    [
        // Another law is as far as both are from the true one together; means over it may agree by chance.
        Coordinates is null
            ? new DifferenceKnob<LawLimit>(ErrorPart.Types, "nodes and paths", 2,
                limit => limit with { Randomisation = 1 }, limit => limit with { Randomisation = 2 })
            : new DifferenceKnob<LawLimit>(ErrorPart.Types, "nodes and paths", 1,
                limit => limit with { Randomisation = 1 }),
        // Euler and Maruyama's method has the weak order 1; gradient flows have an error control of their own.
        .. PartedSteps.Halved(Model, Dynamics) is { } halved ? [new DifferenceKnob<LawLimit>(ErrorPart.Time, "time", 2,
            limit => limit with { Dynamics = halved })] : Array.Empty<IKnob>(),
        .. DataKnob.Of(Model),
    ];

    /// <inheritdoc/>
    public Ensemble Initial =>
        (Randomisation == 0 ? Nodes : Nodes.OnOtherNodes(Randomisation)).Initial is var nodes && Paths == 1 ? nodes
            : nodes.Split(Paths);

    /// <inheritdoc/>
    public double Bytes => Nodes.Bytes;

    /// <summary>0 for its own nodes and paths, 1 and 2 for others to compare with.</summary>
    internal int Randomisation { get; init; }

    private ParticleLimit Nodes => new(Model);

    private Draw Draw => Paths > 1 ? new(Model.Seed, Randomisation switch
    {
        0 => Streams.HostPaths(Model.Seed),
        1 => Streams.OtherHostPaths(Model.Seed),
        _ => Streams.OtherHostPaths(Streams.OtherHostPaths(Model.Seed)),
    }) : Randomisation == 0 ? Model.LimitDraw : new(Streams.HostPaths(Model.Seed));

    /// <inheritdoc/>
    public Mover Trace(Run run, Ensemble network, Draw ofNetwork)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Add(Model.Embedding.WithTracers(Initial, network), Dynamics,
            Draw with { Seed = ofNetwork.Seed });
    }

    /// <inheritdoc/>
    public Run Begin(Machine machine, string name = "run", IProgress<double>? progress = null)
    {
        var run = new Run(Model.LimitModel, machine) { Name = name, Progress = progress };
        var mover = run.AddLimit(Initial, Dynamics, Draw);
        Coordinates?.Record(run, mover);
        return run;
    }

    ILimit ILimit.On(Model model) => this with { Model = model };
}
