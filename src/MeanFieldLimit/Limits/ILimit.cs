using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits;

/// <summary>A model's infinite width, described at one resolution: a value whose knobs, turned, give others.</summary>
public interface ILimit
{
    /// <summary>What it is the limit of.</summary>
    Model Model { get; }

    /// <summary>What its error is made of, and what can be made finer.</summary>
    IReadOnlyList<IKnob> Knobs { get; }

    /// <summary>What it needs in memory, in bytes, with the runs that its error is told by; 0 where that is counted
    /// together with what it is set beside.</summary>
    double Bytes => 0;

    /// <summary>About the work of a run, in a unit of its own: refinements are compared by it.</summary>
    double Cost => 1;

    /// <summary>Whether it fits into memory and its method takes it.</summary>
    bool Fits => Bytes <= MemoryLimit.Bytes;

    /// <summary>The run, recorded, under a name of its own: its one mover is the limit.</summary>
    Run Begin(Machine machine, string name = "run", IProgress<double>? progress = null);

    /// <summary>About how many floating-point operations a run of it took.</summary>
    double Operations(Trained run) => run.Run.Evaluations;

    /// <summary>
    /// The limit of a model by particles: on the nodes of the types alone, or where neurons have noise of their own on
    /// several paths at each, which is a law.
    /// </summary>
    static ILimit Of(Model model) => NoiseCheck.IsOwn(model.Problem)
        ? new LawLimit(model) { Paths = NoiseCheck.Paths(model.Problem) }
        : new ParticleLimit(model);

    /// <summary>The same description of another variant of the model.</summary>
    ILimit On(Model model);
}

/// <summary>A limit that can carry the neurons of a network as tracers.</summary>
public interface ITraceable : ILimit
{
    /// <summary>The limit at time 0.</summary>
    Ensemble Initial { get; }

    /// <summary>Adds it to a run, behind it the neurons of a network, which see what is random in that.</summary>
    Mover Trace(Run run, Ensemble network, Replicate ofNetwork);
}

/// <summary>Parts of the error of a limit.</summary>
public enum ErrorPart
{
    /// <summary>Of the discretisation of the law of neurons.</summary>
    Types,

    /// <summary>Of the steps.</summary>
    Time,

    /// <summary>Of the points that stand for a continuous law of data.</summary>
    Data,
}

/// <summary>What can be made finer: limits to compare with, what differences say of the error, the next size.</summary>
public interface IKnob
{
    /// <summary>The part of the error.</summary>
    ErrorPart Part { get; }

    /// <summary>What is discretised, as a noun: types of layer 1, time, data.</summary>
    string Name { get; }

    /// <summary>The hidden layers concerned, of types.</summary>
    IReadOnlyList<int> Layers => [];

    /// <summary>Whether the comparison may be made on the smallest of the limits that others compared with.</summary>
    bool OnSmallest => false;

    /// <summary>Whether comparisons can agree by chance, so that another round has to confirm a small error.</summary>
    bool IsChancy => false;

    /// <summary>Limits to compare <paramref name="limit"/> with; null in the place of one that does not fit.</summary>
    IEnumerable<ILimit?> Others(ILimit limit);

    /// <summary>The error from the differences to <see cref="Others"/>; NaN where one is not known.</summary>
    double Estimate(IReadOnlyList<Comparison> comparisons);

    /// <summary>
    /// <paramref name="limit"/>, which may have been made finer in other ways, with this part at the next size; or why
    /// there is none.
    /// </summary>
    (ILimit? Limit, string Obstacle) Finer(ILimit limit, double error, double share);

    /// <summary>The size that confirms a small error: another of the same order.</summary>
    ILimit Neighbour(ILimit limit) => limit;

    /// <summary>What bringing the error down to a share would take, extrapolated; null where unknown.</summary>
    Cost? Needed(IReadOnlyList<LimitSolution> rounds, IReadOnlyList<IKnob> together, double share) => null;
}

/// <summary>Two runs beside each other.</summary>
/// <param name="Ours">The limit's, or that of the smallest one.</param>
/// <param name="Other">The one compared with.</param>
/// <param name="Difference">What they differ by; NaN where one did not reach the end.</param>
public sealed record Comparison(Trained Ours, Trained? Other, double Difference);
