using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MeanFieldLimit.Problems;

/// <summary>How the limit is discretised and solved.</summary>
public sealed record LimitSpec
{
    [Description("The quadrature rules of the neuron types, one per hidden layer; chosen by the program where absent.")]
    public IReadOnlyList<RuleSpec>? Types { get; init; }

    [Description("The error that the limit's predictions may have (rms): the program picks types and tolerance so, " +
        "or says what stopped it and what it would take."), Between(1e-12, 1)]
    public double? Accuracy { get; init; }

    [Description("With accuracy: most floating-point operations that the search for nodes may take; a core does " +
        "about 1e10 a second."), Positive]
    public double Work { get; init; } = 1e13;

    [Description("Coordinates of the types of layer 1, where its weights are Gaussian: along the coordinates of the " +
        "inputs or along their principal directions. Where absent, principal for sobol, smolyak and rules that the " +
        "program chooses, otherwise natural.")]
    public Coordinates? Coordinates { get; init; }

    [Description("flow: continuous time on the whole data; where training has a law of motion with noise that stays " +
        "in the limit, that one. sgd: the step, the batches and the data of training.")]
    public DynamicsKind Dynamics { get; init; } = DynamicsKind.Flow;

    [Description("flow: the time stepping method. auto chooses as it goes and says what and why."), MethodName]
    public string Method { get; init; } = "dormand-prince";

    [Description("flow: the relative tolerance of methods with an error estimate."), Between(1e-13, 0.1)]
    public double Tolerance { get; init; } = 1e-8;

    [Description("flow, methods with an error estimate: no step is longer, in units of time. To see what happens on " +
        "a short interval late in a run."), Positive]
    public double? LongestStep { get; init; }

    [Description("isotropic: rotation-invariant data of kind isotropic-gaussians and centred normal weights in " +
        "layer 1 reduce the limit to lengths of weight vectors and inputs; the law of the data is then integrated, " +
        "not sampled.")]
    public Reduction Reduction { get; init; } = Reduction.None;

    [Description("isotropic: number of nodes for the length of x in each class, beside those at kinks; 96 " +
        "where absent."), Between(8, 100_000)]
    public int? Radii { get; init; }

    [Description("With a scaling: the width of networks over scaling.width that the limit keeps; infinite where " +
        "absent, the limit that is named after the scaling."), Positive]
    public double? Ratio { get; init; }

    [Description("With a scaling: the initial function of the limit.")]
    public InitialSpec Initial { get; init; } = new();

    [Description("flow: the step of a method without error estimate."), Positive]
    public double? Step { get; init; }

    [Description("The law of the gap of networks, to first order in 1/sqrt N, from the limit alone; where absent it is " +
        "predicted if that takes little work.")]
    public PredictSpec? Predict { get; init; }

    [Description("langevin, and sgd-diffusion with noise per particle: paths of the noise at each node of the types, " +
        "in pairs of opposite sign; an even number, 8 where absent."), AtLeast(2)]
    public int? Paths { get; init; }
}

/// <summary>A symmetry of the problem that its limit is reduced by.</summary>
public enum Reduction { None, Isotropic }

/// <summary>Coordinates of w_1: those of the inputs, or their principal directions.</summary>
public enum Coordinates { Natural, Principal }

/// <summary>A quadrature rule for the law of the neuron types of one layer.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "rule")]
[JsonDerivedType(typeof(GaussSpec), "gauss")]
[JsonDerivedType(typeof(PanelSpec), "panels")]
[JsonDerivedType(typeof(MidpointSpec), "midpoint")]
[JsonDerivedType(typeof(MonteCarloSpec), "monte-carlo")]
[JsonDerivedType(typeof(SobolSpec), "sobol")]
[JsonDerivedType(typeof(SmolyakSpec), "smolyak")]
public abstract record RuleSpec
{
    /// <summary>Nodes per coordinate, level, or nodes in all: what refinement raises.</summary>
    protected internal abstract int Size { get; init; }

    internal bool IsRandom => this is IRandomRule;

    internal RuleSpec Of(int size) => this with { Size = size };

    /// <summary>The rule, drawn from a stream where it is random.</summary>
    public abstract IQuadratureRule Build(RandomStream stream);
}

/// <summary>A rule whose nodes are drawn at random, so that another randomisation shows their error.</summary>
public interface IRandomRule;

[Description("The tensor grid of the one-dimensional Gauss rules of the coordinates of a type.")]
public sealed record GaussSpec : RuleSpec
{
    [Description("Number of nodes in every coordinate."), Between(1, Solvers.Laws.GaussRule.MaxNodes)]
    public required int Nodes { get; init; }

    /// <inheritdoc/>
    protected internal override int Size { get => Nodes; init => Nodes = value; }

    public override string ToString() => $"gauss, {Nodes} nodes a coordinate";

    /// <inheritdoc/>
    public override IQuadratureRule Build(RandomStream stream) => new GaussTensor(Nodes);
}

[Description("The tensor grid of composite Gauss-Legendre rules, 8 nodes in each panel: better than gauss at kinks " +
    "(relu).")]
public sealed record PanelSpec : RuleSpec
{
    [Description("Number of nodes in every coordinate; a multiple of 8."), Between(8, Solvers.Laws.GaussRule.MaxNodes)]
    public required int Nodes { get; init; }

    /// <inheritdoc/>
    protected internal override int Size { get => Nodes; init => Nodes = value; }

    public override string ToString() => $"panels, {Nodes} nodes a coordinate";

    /// <inheritdoc/>
    public override IQuadratureRule Build(RandomStream stream) => new PanelTensor(Nodes);
}

[Description("The tensor grid of midpoint rules with the masses of the normal law, and of a Gauss rule in the last " +
    "coordinate, that of outgoing weights: better than gauss for analytic activations with poles (tanh).")]
public sealed record MidpointSpec : RuleSpec
{
    [Description("Number of nodes in every coordinate but the last."), Between(1, Solvers.Laws.GaussRule.MaxNodes)]
    public required int Nodes { get; init; }

    [Description("Half of the length of the interval of nodes, in standard deviations."), Positive]
    public double Reach { get; init; } = 6;

    [Description("Number of nodes in the last coordinate."), Between(1, Solvers.Laws.GaussRule.MaxNodes)]
    public int Last { get; init; } = 8;

    protected internal override int Size { get => Nodes; init => Nodes = value; }

    public override string ToString() => $"midpoint, {Nodes} nodes a coordinate, {Last} in the last";

    public override IQuadratureRule Build(RandomStream stream) => new MidpointTensor(Nodes, Reach, Last);
}

[Description("Independent samples of the types with equal masses.")]
public sealed record MonteCarloSpec : RuleSpec, IRandomRule
{
    [Description("Number of nodes."), AtLeast(1)]
    public required int Nodes { get; init; }

    /// <inheritdoc/>
    protected internal override int Size { get => Nodes; init => Nodes = value; }

    public override string ToString() => $"monte-carlo, {Nodes} nodes";

    /// <inheritdoc/>
    public override IQuadratureRule Build(RandomStream stream) => new MonteCarlo(Nodes, stream);
}

[Description("Scrambled Sobol points carried to the law of the types, with equal masses.")]
public sealed record SobolSpec : RuleSpec, IRandomRule
{
    [Description("Number of nodes; powers of two are best."), AtLeast(1)]
    public required int Nodes { get; init; }

    /// <inheritdoc/>
    protected internal override int Size { get => Nodes; init => Nodes = value; }

    public override string ToString() => $"scrambled sobol, {Nodes} nodes";

    /// <inheritdoc/>
    public override IQuadratureRule Build(RandomStream stream) => new Sobol(Nodes, stream);
}

[Description("The sparse grid of Gauss rules that is exact for polynomials of total degree 2 level + 1: for smooth " +
    "activations, types of 4 to 10 random coordinates and pre-activations that vary by less than 1; beyond, sobol is " +
    "better. Masses may be negative.")]
public sealed record SmolyakSpec : RuleSpec
{
    [Description("The level; 0 is one node at the mean."), Between(0, Solvers.Quadrature.Smolyak.MaxLevel)]
    public required int Level { get; init; }

    /// <inheritdoc/>
    protected internal override int Size { get => Level; init => Level = value; }

    public override string ToString() => $"smolyak sparse grid of level {Level}";

    /// <inheritdoc/>
    public override IQuadratureRule Build(RandomStream stream) => new Smolyak(Level);
}
