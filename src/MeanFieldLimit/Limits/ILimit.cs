using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Kernels;
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
    internal IReadOnlyList<IKnob> Knobs { get; }

    /// <summary>Bytes in memory, comparison runs included; 0 where counted with what it is set beside.</summary>
    double Bytes => 0;

    /// <summary>About the work of a run, in a unit of its own: refinements are compared by it.</summary>
    internal double Cost => 1;

    /// <summary>Whether it fits into memory and its method takes it.</summary>
    bool Fits => Bytes <= MemoryLimit.Bytes;

    /// <summary>The run, recorded, under a name of its own: its one mover is the limit.</summary>
    Run Begin(Machine machine, string name = "run", IProgress<double>? progress = null);

    /// <summary>About how many floating-point operations a run of it took.</summary>
    internal double Operations(Trained run) => run.Result.Evaluations;

    /// <summary>That of a model by particles: at nodes of types, where they have noise on several paths each.</summary>
    static ILimit Of(Model model) => model.IsKernel
        ? new KernelLimit(model)
        : NoiseCheck.IsOwn(model.Problem)
        ? new LawLimit(model) { Paths = NoiseCheck.Paths(model.Problem) }
        : new ParticleLimit(model);

    /// <summary>The same kind of limit of another variant of the model.</summary>
    ILimit On(Model model);
}

/// <summary>A limit that can carry the neurons of a network as tracers.</summary>
public interface ITraceable : ILimit
{
    /// <summary>The limit at time 0.</summary>
    Ensemble Initial { get; }

    /// <summary>Adds it to a run, behind it the neurons of a network, which see what is random in that.</summary>
    Mover Trace(Run run, Ensemble network, Draw ofNetwork);
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
internal interface IKnob
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

    /// <summary>A limit, refined otherwise perhaps, with this part at the next size; or why there is none.</summary>
    (ILimit? Limit, string Obstacle) Finer(ILimit limit, double error, double share);

    /// <summary>The size that confirms a small error: another of the same order.</summary>
    ILimit Neighbour(ILimit limit) => limit;

    /// <summary>What bringing the error down to a share would take, extrapolated; null where unknown.</summary>
    Cost? Needed(IReadOnlyList<LimitSolution> rounds, IReadOnlyList<IKnob> together, double share) => null;
}

/// <summary>The run of a limit, or of the smallest one, beside another; NaN where one did not reach its end.</summary>
internal sealed record Comparison(Trained Ours, Trained? Other, double Difference);
