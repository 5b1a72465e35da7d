using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Quadrature;

namespace MeanFieldLimit.Experiments;

/// <summary>
/// Limits to compare with for one part of the error of types: the layers whose nodes differ, their rules, and how the
/// differences of the predictions become an estimate.
/// </summary>
/// <param name="Layers">The hidden layers concerned.</param>
/// <param name="Others">The rules of the limits to compare with, all hidden layers each.</param>
/// <param name="Near">Sizes from the limit's rule down to that of the first comparison.</param>
/// <param name="Far">Sizes down to that of the second comparison; 0 where there is none.</param>
/// <param name="Fastest">The least factor that one more node or level is believed to bring.</param>
internal sealed record TypeComparison(IReadOnlyList<int> Layers, IReadOnlyList<IReadOnlyList<IQuadratureRule>> Others,
    int Near, int Far, double Fastest)
{
    // Chosen on 300 random problems (benchmarks/Certificates, seed 1001), to be judged by others.
    private const double Safety = 1.5, SafetyOfFit = 3, SafetyOfRandom = 2, FastestNode = 0.05, FastestLevel = 0.3;
    private const int Panel = 8;

    /// <summary>
    /// One part for every layer with a Gauss or sparse grid, one for all layers with random nodes together. Layers
    /// with one type, or types of finitely many values, have no error.
    /// </summary>
    public static IEnumerable<TypeComparison> All(Experiment experiment)
    {
        var (specs, seed) = (experiment.Problem.Limit.Types!, experiment.Seed);
        var asked = experiment.Rules;
        long Count(int i, IQuadratureRule rule) => rule.CountNodes(experiment.OfLimit.Embedding.TypeLaws(i + 1));
        for (var i = 0; i < specs.Count; i++)
        {
            if (TypeRules.IsRandom(specs[i])) continue;
            var sizes = Fewer(specs[i]);
            var others = sizes.Select(n => (IReadOnlyList<IQuadratureRule>)[.. asked.Select((rule, j) =>
                j == i ? TypeRules.Build(TypeRules.Resize(specs[i], n), seed, i + 1, 0) : rule)]).ToArray();
            if (others.Any(rules => Count(i, rules[i]) != Count(i, asked[i])))
            {
                var size = TypeRules.Size(specs[i]);
                yield return new([i + 1], others, size - sizes[0], sizes.Length > 1 ? size - sizes[1] : 0,
                    FastestOf(specs[i]));
            }
        }
        int[] random = [.. Enumerable.Range(0, specs.Count).Where(i => TypeRules.IsRandom(specs[i])
            && experiment.OfLimit.Embedding.TypeLaws(i + 1).Any(l => l.StandardDeviation > 0))];
        RuleSpec Half(int i) => TypeRules.Resize(specs[i], (TypeRules.Size(specs[i]) + 1) / 2);
        if (random.Length > 0)
            yield return new([.. random.Select(i => i + 1)], [.. Enumerable.Range(1, 2).Select(randomisation =>
                (IReadOnlyList<IQuadratureRule>)[.. asked.Select((rule, i) => random.Contains(i)
                    ? TypeRules.Build(Half(i), seed, i + 1, randomisation)
                    : rule)])], 0, 0, 1);
    }

    /// <summary>
    /// The error from the differences to the comparisons. Two randomisations with half of the nodes: twice the larger
    /// difference (of scalar normal errors fewer than 5 % exceed it). Two grids of fewer nodes or lower levels: the
    /// error A q^n that both differences fit, three times, but no more than 1.5 times the larger difference, which
    /// stands alone where no q below 1 fits: at a kink (ReLU) the error of a Gauss rule goes like 1/n with a sign that
    /// alternates with n, so that rules of equal parity differ by half their error only, neighbours by twice theirs.
    /// </summary>
    public double Estimate(IReadOnlyList<double> differences)
    {
        var largest = differences.Max();
        if (differences.Any(double.IsNaN)) return double.NaN;
        if (Far == 0) return (differences.Count > 1 ? SafetyOfRandom : Safety) * largest;
        var (near, far) = (differences[0], differences[1]);
        if (far * Near <= Far * near) return Safety * largest;
        // far / near = (q^-Far - 1) / (q^-Near - 1), decreasing in q.
        double low = Fastest, high = 1;
        for (var i = 0; i < 50; i++)
        {
            var q = (low + high) / 2;
            if (near * (1 - Math.Pow(q, -Far)) / (1 - Math.Pow(q, -Near)) > far) low = q;
            else high = q;
        }
        return Math.Min(Safety * largest, SafetyOfFit * near / (Math.Pow(low, -Near) - 1));
    }

    /// <summary>The least factor that one more node or level of a rule is believed to bring.</summary>
    internal static double FastestOf(RuleSpec spec) => spec is SmolyakSpec ? FastestLevel : FastestNode;

    /// <summary>
    /// Sizes to compare with: one below, then about two thirds; panels two thirds; above where there is none below.
    /// Levels 2k - 1 and 2k of a sparse grid have the same rule along each coordinate, hence the same error there: 2k
    /// is compared with levels below both.
    /// </summary>
    internal static int[] Fewer(RuleSpec spec) => (spec, TypeRules.Size(spec)) switch
    {
        (GaussSpec, 1) => [2],
        (GaussSpec, 2) => [1],
        (GaussSpec, var n) => [n - 1, n - 1 - Math.Max(1, n / 3)],
        (PanelSpec, <= Panel) => [2 * Panel],
        (PanelSpec, var n) => [2 * n / 3 / Panel * Panel is var fewer and > 0 ? fewer : Panel],
        (_, 0) => [1],
        (_, 1) => [0],
        (_, 2) => [0],
        (_, var level) => [level - 2 + level % 2, level - 3 + level % 2],
    };
}
