using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The limit on quadrature nodes over the types of its neurons, moved as a network is; in the lengths of weight vectors
/// and inputs where the model's limit is reduced to them.
/// </summary>
/// <param name="Model">What it is the limit of.</param>
public sealed record ParticleLimit(Model Model) : ITraceable
{
    // A product of [n, a] and [a, b] is 2 n a b operations; a forward pass has one, a backward pass two.
    private const double OperationsPerParameter = 6;

    /// <summary>One rule a hidden layer; those that the model asks for unless others are given.</summary>
    public IReadOnlyList<IQuadratureRule> Rules { get; init; } = Model.Rules;

    /// <summary>How it moves.</summary>
    public IDynamics Dynamics { get; init; } = Model.LimitDynamics;

    IReadOnlyList<IKnob> ILimit.Knobs =>
    [
        .. TypeKnob.All(Model),
        // In a scaling steps of one length are those of gradient descent, which has no other time.
        .. Dynamics is GradientFlow flow && Model.LongestSave > 0
            && (Model.Embedding.Scaling is null || TimeMethod.Find(flow.Method).EstimatesError)
            ? [new TimeKnob(flow, Model)] : Array.Empty<IKnob>(),
        // Noise that all neurons share: given its path the method has the strong order 1/2.
        .. PartedSteps.Halved(Model, Dynamics) is { } halved ? [new DifferenceKnob<ParticleLimit>(ErrorPart.Time,
            "time", 1 / (1 - Math.Sqrt(0.5)), limit => limit with { Dynamics = halved })] : Array.Empty<IKnob>(),
        .. IsReduced && Model.HasDataError ? [OfLengths] : DataKnob.Of(Model),
    ];

    /// <inheritdoc/>
    public Ensemble Initial => Moved.Discretise(Rules);

    /// <summary>
    /// The same on other nodes, to compare laws with: another randomisation of random ones; of grids what the error of
    /// types at kinks is told by first (1), for their nodes are as dense as the rule's own, or second (2).
    /// </summary>
    public ParticleLimit OnOtherNodes(int which = 1) => this with
    {
        Rules = [.. Model.Problem.Limit.Types!.Select((_, i) => TypeKnob.OtherRule(Model, i + 1, which))],
    };

    /// <summary>Whether the nodes of all its types are drawn at random: others are then another sample.</summary>
    public bool HasRandomNodes => Model.Problem.Limit.Types!.All(spec => spec.IsRandom);

    /// <inheritdoc/>
    public double Bytes => MemoryPlan.Limit(Model);

    double ILimit.Cost => MemoryPlan.Parameters(Model)
        * (Dynamics is GradientFlow { Tolerance: var tolerance } ? Math.Pow(tolerance, -0.2) : 1)
        * (IsReduced ? Radii(Model) : 1);

    /// <inheritdoc/>
    public bool Fits => MemoryPlan.Fits(Model, Rules);

    /// <summary>The model as its limit sees it; another one where its data are compared.</summary>
    internal Model Moved { get; init; } = Model.LimitModel;

    private bool IsReduced => Model.Problem.Limit.Reduction == Reduction.Isotropic;

    // Of the nodes for the lengths of inputs, and of the angles between weight vectors and them: two thirds of both.
    private static DifferenceKnob<ParticleLimit> OfLengths => new(ErrorPart.Data, "data", 1,
        limit => limit with { Moved = limit.Model.Reduced(share: 2.0 / 3) })
    {
        OnSmallest = true,
        Next = limit => limit.With(limit.Model.Problem.Limit with { Radii = Radii(limit.Model) * 3 / 2 }),
    };

    /// <inheritdoc/>
    public Mover Trace(Run run, Ensemble network, Draw ofNetwork)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Add(Model.Embedding.WithTracers(Initial, network), Dynamics, Model.LimitDraw);
    }

    /// <inheritdoc/>
    public Run Begin(Machine machine, string name = "run", IProgress<double>? progress = null)
    {
        var run = new Run(Moved, machine) { Name = name, Progress = progress };
        run.AddLimit(Initial, Dynamics, Moved.LimitDraw);
        return run;
    }

    double ILimit.Operations(Trained run)
    {
        var points = Dynamics is StochasticGradientDescent sgd ? sgd.Batch : Moved.Data.Train.Count;
        return OperationsPerParameter * points * run.Result.Evaluations * run.Parameters;
    }

    ILimit ILimit.On(Model model) => new ParticleLimit(model);

    private static int Radii(Model model) => model.Problem.Limit.Radii ?? IsotropicReduction.DefaultRadii;

    internal ParticleLimit With(LimitSpec limit) => new(Model.WithLimit(limit));
}
