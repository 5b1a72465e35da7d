using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Quadrature;

namespace MeanFieldLimit.Experiments;

/// <summary>
/// The quadrature rules of a limit's types: those asked for, and two sets to compare with. The larger difference of
/// the limits estimates the error.
/// </summary>
internal static class TypeRules
{
    /// <summary>The rule that a layer has unless the problem names one: what its number of random coordinates allows.</summary>
    public static RuleSpec Default(IReadOnlyList<ILaw> laws) => laws.Count(l => l.StandardDeviation > 0) switch
    {
        <= 2 => new GaussSpec { Nodes = 16 },
        3 => new GaussSpec { Nodes = 8 },
        _ when laws.Count <= Sobol.MostDimensions => new SobolSpec { Nodes = 1024 },
        _ => new MonteCarloSpec { Nodes = 1024 },
    };

    /// <summary>The rules asked for, one per hidden layer.</summary>
    public static IReadOnlyList<IQuadratureRule> Asked(IReadOnlyList<RuleSpec> specs, ulong seed) =>
        [.. specs.Select((spec, i) => Build(spec, n => n, seed, i + 1, randomisation: 0))];

    /// <summary>Two thirds of the nodes of Gauss rules, another randomisation of random ones.</summary>
    public static IReadOnlyList<IQuadratureRule> Coarser(IReadOnlyList<RuleSpec> specs, ulong seed) =>
        [.. specs.Select((spec, i) => Build(spec, n => (2 * n + 2) / 3, seed, i + 1, randomisation: 1))];

    /// <summary>
    /// One node fewer in Gauss rules (two in place of one), the same random ones. At a kink (ReLU) the error of a Gauss
    /// rule goes like 1/n with a sign that alternates with n: rules of equal parity differ by half their error only,
    /// neighbours by twice theirs. Neighbours alone would not do where the error falls slowly without alternating.
    /// </summary>
    public static IReadOnlyList<IQuadratureRule> Neighbouring(IReadOnlyList<RuleSpec> specs, ulong seed) =>
        [.. specs.Select((spec, i) => Build(spec, n => n > 1 ? n - 1 : 2, seed, i + 1, randomisation: 0))];

    private static IQuadratureRule Build(RuleSpec spec, Func<int, int> nodes, ulong seed, int layer, int randomisation) => spec switch
    {
        GaussSpec gauss => new GaussTensor(nodes(gauss.Nodes)),
        PanelSpec panels => new PanelTensor(nodes(panels.Nodes)),
        MonteCarloSpec random => new MonteCarlo(random.Nodes, Streams.Types(seed, layer, randomisation)),
        SobolSpec sobol => new Sobol(sobol.Nodes, Streams.Types(seed, layer, randomisation)),
        _ => throw new NotSupportedException($"no rule of kind {spec.GetType().Name}"),
    };
}
