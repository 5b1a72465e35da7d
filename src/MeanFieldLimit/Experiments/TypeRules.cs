using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Quadrature;

namespace MeanFieldLimit.Experiments;

/// <summary>
/// The quadrature rules of a limit's types, in two resolutions: the one asked for, and one to compare it with,
/// which takes two thirds of the nodes of a Gauss rule and another randomisation of a random one.
/// </summary>
public static class TypeRules
{
    /// <summary>The rule that a layer has unless the problem names one: what its number of random coordinates allows.</summary>
    public static RuleSpec Default(IReadOnlyList<ILaw> laws) => laws.Count(l => l.StandardDeviation > 0) switch
    {
        <= 2 => new Problems.GaussRule { Nodes = 16 },
        3 => new Problems.GaussRule { Nodes = 8 },
        _ => new SobolRule { Nodes = 1024 },
    };

    /// <summary>The rules asked for, one per hidden layer.</summary>
    public static IReadOnlyList<IQuadratureRule> Asked(IReadOnlyList<RuleSpec> specs, ulong seed) =>
        [.. specs.Select((spec, i) => Build(spec, n => n, seed, i + 1, randomisation: 0))];

    /// <summary>The rules to compare with. The difference of the two limits estimates the error of the coarser one.</summary>
    public static IReadOnlyList<IQuadratureRule> Comparison(IReadOnlyList<RuleSpec> specs, ulong seed) =>
        [.. specs.Select((spec, i) => Build(spec, Fewer, seed, i + 1, randomisation: 1))];

    private static int Fewer(int nodes) => Math.Clamp((2 * nodes + 2) / 3, 1, Math.Max(1, nodes - 1));

    private static IQuadratureRule Build(RuleSpec spec, Func<int, int> nodes, ulong seed, int layer, int randomisation) => spec switch
    {
        Problems.GaussRule { PerCoordinate: { } counts } => new GaussTensor([.. counts.Select(nodes)]),
        Problems.GaussRule gauss => new GaussTensor(nodes(gauss.Nodes)),
        MonteCarloRule random => new MonteCarlo(random.Nodes, Streams.Types(seed, layer, randomisation)),
        SobolRule sobol => new Sobol(sobol.Nodes, Streams.Types(seed, layer, randomisation)),
        _ => throw new NotSupportedException($"no rule of kind {spec.GetType().Name}"),
    };
}
