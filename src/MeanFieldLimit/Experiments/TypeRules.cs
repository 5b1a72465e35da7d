using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Quadrature;

namespace MeanFieldLimit.Experiments;

/// <summary>
/// The quadrature rules of a limit's types, in two resolutions: the one asked for, and one to compare it with,
/// which takes about two thirds of the nodes of a Gauss rule and another randomisation of a random one.
/// </summary>
internal static class TypeRules
{
    /// <summary>
    /// The rule that a layer has unless the problem names one: what its number of random coordinates allows.
    /// </summary>
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

    /// <summary>
    /// The rules to compare with. The difference of the two limits estimates the error of the coarser one.
    /// </summary>
    public static IReadOnlyList<IQuadratureRule> Comparison(IReadOnlyList<RuleSpec> specs, ulong seed) =>
        [.. specs.Select((spec, i) => Build(spec, Compared, seed, i + 1, randomisation: 1))];

    /// <summary>
    /// About two thirds of the nodes, an odd number fewer: at a kink (ReLU) the error goes like 1/n with a constant
    /// that depends on whether a node lies on it, hence on parity, and rules of equal parity differ by only half
    /// their error. One node is compared with two.
    /// </summary>
    private static int Compared(int nodes)
    {
        if (nodes == 1) return 2;
        var fewer = (2 * nodes + 2) / 3;
        return Math.Max(1, (nodes - fewer) % 2 == 1 ? fewer : fewer - 1);
    }

    private static IQuadratureRule Build(RuleSpec spec, Func<int, int> nodes, ulong seed, int layer,
        int randomisation) => spec switch
        {
            GaussSpec gauss => new GaussTensor(nodes(gauss.Nodes)),
            MonteCarloSpec random => new MonteCarlo(random.Nodes, Streams.Types(seed, layer, randomisation)),
            SobolSpec sobol => new Sobol(sobol.Nodes, Streams.Types(seed, layer, randomisation)),
            _ => throw new NotSupportedException($"no rule of kind {spec.GetType().Name}"),
        };
}
