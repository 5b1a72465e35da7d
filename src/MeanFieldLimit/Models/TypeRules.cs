using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>The quadrature rules of a limit's types, and coarser and finer ones of the same kind.</summary>
internal static class TypeRules
{
    // The eigenvectors of a matrix of this order take seconds, those of one of twice the order a minute.
    private const int MostInputs = 2048;

    private const int Panel = PanelTensor.PerPanel;

    /// <summary>
    /// The embedding, in the coordinates that the problem asks for or that suit its rules, and the limit's settings
    /// with rules and coordinates written out. Under <c>accuracy</c> the rules are the ones to start from.
    /// </summary>
    public static (Embedding Embedding, LimitSpec Limit) Complete(Problem problem, ExperimentData data,
        Func<PrincipalDirections?, Embedding> build)
    {
        var (limit, natural) = (problem.Limit, build(null));
        if (limit.Reduction == Reduction.Isotropic)
            return (natural, limit with { Types = IsotropicReduction.Rules(natural, limit) });
        var (first, incoming) = (natural.Architecture.Geometry[0],
            natural.Architecture.Inputs * natural.Architecture.Taps(1));
        var rotates = AccuracyCheck.MayRotate(problem.Network) && incoming > 1;
        var suits = limit.Types is null or [SobolSpec or SmolyakSpec, ..] && incoming <= MostInputs;
        if (rotates && (limit.Coordinates is Coordinates.Principal || (limit.Coordinates is null && suits)))
        {
            // Fresh points of a continuous law, and those watched beside its nodes, leave the span of the points; a
            // density is that of w_1 in all directions.
            var all = problem.Density is not null
                || (data.Endless && (problem.Training.Dynamics == DynamicsKind.Sgd || data.Watched is not null));
            var directions = PrincipalDirections.Of(data.Test is { } test ? [data.Train, test] : [data.Train], all,
                first.IsPlain || first.Positions == 1 ? null : first);
            var principal = build(directions);
            // A full tensor grid gains nothing by being turned.
            if (limit.Types is not null || limit.Coordinates is not null || directions.Count < incoming
                || Chosen(limit, principal) is not [GaussSpec, ..])
                return (principal,
                    limit with { Types = Chosen(limit, principal), Coordinates = Coordinates.Principal });
        }
        return (natural, limit with { Types = Chosen(limit, natural), Coordinates = Coordinates.Natural });
    }

    /// <summary>The rules that the problem asks for, or those that suit the types of an embedding.</summary>
    public static IReadOnlyList<RuleSpec> Chosen(LimitSpec limit, Embedding embedding) => limit.Types
        ?? [.. Enumerable.Range(1, embedding.Architecture.Depth - 1).Select(i =>
            i == 1 && embedding.Architecture.Constraint != WeightConstraint.None
                ? Random(embedding.TypeLaws(i), limit.Accuracy is not null)
                : Default(embedding.TypeLaws(i), limit.Accuracy is not null,
                    embedding.Architecture.HasKinksIn(i)))];

    /// <summary>
    /// The rule that a layer has unless the problem names one: what its number of random coordinates allows, at a size
    /// to use or one to start from. Sparse grids are not chosen: they beat Sobol points where pre-activations vary
    /// little (tanh, standard deviation 1/4, 6 coordinates: errors of 1e-4 against 6e-3 with 737 nodes), and lose where
    /// they vary by 1 (8e-2 against 8e-3). An accuracy at kinks of uniform laws is sought with panels from the
    /// start: small Gauss grids do not see kinks near the ends.
    /// </summary>
    public static RuleSpec Default(IReadOnlyList<ILaw> laws, bool start, bool kinked) =>
        laws.Count(l => l.StandardDeviation > 0) switch
        {
            <= 2 when start && kinked && laws.Any(l => l is Uniform) => new PanelSpec { Nodes = 2 * Panel },
            <= 2 => new GaussSpec { Nodes = start ? 6 : 16 },
            3 => new GaussSpec { Nodes = start ? 4 : 8 },
            _ => Random(laws, start),
        };

    private static RuleSpec Random(IReadOnlyList<ILaw> laws, bool start) => laws.Count <= Sobol.MostDimensions
        ? new SobolSpec { Nodes = start ? 64 : 1024 }
        : new MonteCarloSpec { Nodes = start ? 64 : 1024 };

    /// <summary>
    /// The next size up, or null where there is none. At kinks panels follow on a Gauss grid of 32 nodes: in a normal
    /// law one of n nodes errs like 0.25/n, panels like 10/n^2.
    /// </summary>
    public static RuleSpec? Refined(RuleSpec spec, bool kinked) => (spec, spec.Size) switch
    {
        (GaussSpec, >= 4 * Panel) when kinked => new PanelSpec { Nodes = 6 * Panel },
        (GaussSpec or PanelSpec, GaussRule.MaxNodes) or (SmolyakSpec, Smolyak.MaxLevel)
            or (_, > int.MaxValue / 2) => null,
        (GaussSpec, var n) => spec.Of(Math.Min(GaussRule.MaxNodes, n + (n + 1) / 2)),
        (PanelSpec, var n) => spec.Of(Math.Min(GaussRule.MaxNodes, (n + (n + 1) / 2 + Panel - 1) / Panel * Panel)),
        (SmolyakSpec, var level) => spec.Of(level + 1),
        (_, var n) => spec.Of(2 * n),
    };

    /// <summary>The size that confirms an estimate: the next one, or below the largest one the one before.</summary>
    public static RuleSpec Neighbour(RuleSpec spec) => (spec, spec.Size) switch
    {
        (GaussSpec, var n) => spec.Of(n < GaussRule.MaxNodes ? n + 1 : n - 1),
        (PanelSpec, var n) => spec.Of(n <= GaussRule.MaxNodes - Panel ? n + Panel : n - Panel),
        (SmolyakSpec, var level) => spec.Of(level < Smolyak.MaxLevel ? level + 1 : level - 1),
        (_, var n) => spec.Of(n <= int.MaxValue / 2 ? 2 * n : n / 2),
    };

    /// <summary>
    /// The rule of a spec in a hidden layer of a model. In a scaling random nodes have outgoing weights of both signs:
    /// their sum at the start, 0 of the law, would else be multiplied by a power of the width.
    /// </summary>
    public static IQuadratureRule Build(RuleSpec spec, Model model, int layer, int randomisation)
    {
        var (rule, embedding) = (Build(spec, model.Seed, layer, randomisation), model.Embedding);
        return spec.IsRandom && embedding.Scaling is not null && layer == embedding.Architecture.Depth - 1
            && embedding.Laws[^1].Weights is Gaussian or Uniform or Rademacher
            ? new Mirrored(rule, embedding.FirstOutgoing(layer), embedding.Architecture.Outputs) : rule;
    }

    /// <summary>The rule of a spec in hidden layer <paramref name="layer"/>.</summary>
    public static IQuadratureRule Build(RuleSpec spec, ulong seed, int layer, int randomisation) =>
        spec.Build(Streams.Types(seed, layer, randomisation));
}
