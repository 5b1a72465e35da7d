using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// Limits to compare with for one part of the error of types: the layers whose nodes differ, their rules, and how the
/// differences of the predictions become an estimate.
/// </summary>
/// <param name="Layers">The hidden layers concerned.</param>
/// <param name="Rules">The rules of the limits to compare with, all hidden layers each.</param>
/// <param name="Safety">What the largest difference is multiplied by.</param>
/// <param name="Decay">How the error falls with size, where the layer is smooth and the comparisons have two sizes
/// below its own.</param>
internal sealed record TypeKnob(IReadOnlyList<int> Layers, IReadOnlyList<IReadOnlyList<IQuadratureRule>> Rules,
    double Safety, TypeKnob.Sizes? Decay) : IKnob
{
    // SafetyOfFit and the fastest decays were chosen on random problems (benchmarks/Certificates, seeds 1001, 2 and 3),
    // to be judged by others. SafetyOfRandom and SafetyAtKinks are those at which one number, the error of a mean or of
    // one kink at a random place, is covered in 97 %.
    internal const double SafetyOfGrids = 1.5, FastestNode = 0.05;
    private const double SafetyOfFit = 3, SafetyOfRandom = 2, SafetyAtKinks = 2, FastestLevel = 0.5, FastestUp = 0.1;

    // Shares of a panel, far from 1/2 and from each other's reflection; 0.02 more or less covers as many kinks.
    internal const double OneShift = 0.10178, OtherShift = 0.82208;
    private const int Panel = PanelTensor.PerPanel;
    private const int CheapUp = 2, FarReach = 16;
    private const double ShareOfCoarse = 0.5;

    /// <summary>Of the second difference where no decay is fitted: half of one to a much coarser sparse grid.</summary>
    public double ShareOfSecond { get; init; } = 1;

    public ErrorPart Part => ErrorPart.Types;

    public string Name => $"types of {(Layers.Count == 1 ? "layer" : "layers")} {string.Join(" and ", Layers)}";

    public bool IsChancy { get; private init; }

    /// <summary>
    /// Sizes from the limit's rule down to those of the two comparisons, negative where the first is larger, and the
    /// least factor that one more node or level is believed to bring.
    /// </summary>
    internal readonly record struct Sizes(int Near, int Far, double Fastest);

    /// <summary>One a layer with a grid, one for all with random nodes; finitely many types have no error.</summary>
    public static IEnumerable<TypeKnob> All(Model model)
    {
        var specs = model.Problem.Limit.Types!;
        var asked = model.Rules;
        for (var i = 0; i < specs.Count; i++)
        {
            if (specs[i].IsRandom) continue;
            var laws = model.LimitModel.Embedding.TypeLaws(i + 1);
            if (laws.All(law => law.GaussNodes(1) == law.GaussNodes(3))) continue;
            var kinked = IsKinked(model, i + 1);
            var (grids, decay) = Grids(specs[i], laws, kinked);
            // A kink beyond the outermost node, in the tail of the law, is seen by none of these.
            if (kinked && specs[i] is SmolyakSpec or GaussSpec { Nodes: < FarReach / 2 })
                grids = [.. grids, new Star(FarReach)];
            yield return new([i + 1], [.. grids.Select(grid => With(asked, i, grid))],
                kinked ? SafetyAtKinks : SafetyOfGrids, kinked ? null : decay)
            {
                ShareOfSecond = specs[i] is SmolyakSpec ? ShareOfCoarse : 1,
                IsChancy = kinked,
            };
        }
        int[] random = [.. Enumerable.Range(0, specs.Count).Where(i => specs[i].IsRandom
            && model.LimitModel.Embedding.TypeLaws(i + 1).Any(l => l.StandardDeviation > 0))];
        RuleSpec Half(int i) => specs[i].Of((specs[i].Size + 1) / 2);
        if (random.Length > 0)
            yield return new([.. random.Select(i => i + 1)], [.. Enumerable.Range(1, 2).Select(randomisation =>
                (IReadOnlyList<IQuadratureRule>)[.. asked.Select((rule, i) => random.Contains(i)
                    ? TypeRules.Build(Half(i), model, i + 1, randomisation)
                    : rule)])], SafetyOfRandom, null)
            {
                IsChancy = true,
            };
    }

    public IEnumerable<ILimit?> Others(ILimit limit) => Rules.Select(rules =>
        (ParticleLimit)limit with { Rules = rules } is { Fits: true } other ? other : null);

    public (ILimit?, string) Finer(ILimit limit, double error, double share)
    {
        var types = limit.Model.Problem.Limit.Types!.ToArray();
        foreach (var layer in Layers)
        {
            if (TypeRules.Refined(types[layer - 1], IsKinked(limit.Model, layer)) is not { } refined)
                return (null, "its rule has no larger size");
            types[layer - 1] = refined;
        }
        return (With(limit, types), "");
    }

    public ILimit Neighbour(ILimit limit)
    {
        var types = limit.Model.Problem.Limit.Types!.ToArray();
        foreach (var layer in Layers) types[layer - 1] = TypeRules.Neighbour(types[layer - 1]);
        return With(limit, types);
    }

    public Cost? Needed(IReadOnlyList<LimitSolution> rounds, IReadOnlyList<IKnob> together, double share) =>
        TypeGrowth.Needed(rounds, [.. together.OfType<TypeKnob>()], share);

    /// <summary>
    /// A rule with other nodes to compare laws with, for a hidden layer: another randomisation, or the first or second
    /// grid that the error of types at kinks is told by: the first has nodes as dense as the rule's own, for what is
    /// compared is the law of the neurons as well as smooth means over it.
    /// </summary>
    internal static IQuadratureRule OtherRule(Model model, int layer, int which) =>
        model.Problem.Limit.Types![layer - 1] is var spec && spec.IsRandom
            ? TypeRules.Build(spec, model, layer, randomisation: which)
            : Grids(spec, model.LimitModel.Embedding.TypeLaws(layer), kinked: true).Rules[which - 1];

    private static ParticleLimit With(ILimit limit, RuleSpec[] types) =>
        ((ParticleLimit)limit).With(limit.Model.Problem.Limit with { Types = types });

    /// <summary>
    /// Whether predictions have kinks, and velocities jumps, as functions of the types of a layer; directions of
    /// weights jump where these are 0.
    /// </summary>
    public static bool IsKinked(Model model, int layer) => model.LimitModel.Embedding.Architecture is var architecture
        && (architecture.HasKinksIn(layer) || (layer == 1 && architecture.Constraint != WeightConstraint.None));

    /// <summary>
    /// The error from the differences to the comparisons. Two randomisations with half of the nodes: twice the larger
    /// difference. Two smooth grids of fewer nodes or lower levels: the error A q^n that both differences fit, three
    /// times, but no more than 1.5 times the larger difference, which stands alone where no q below 1 fits. At a kink
    /// (ReLU) errors have no such law: that of a Gauss rule goes like 1/n with a sign that alternates with n, those of
    /// panels change sign with the place of the kink in its panel, and each difference can vanish by chance. Hence
    /// twice the larger one of two that do not vanish together, and of one to nodes far out in the tails of the laws
    /// where a rule has few.
    /// </summary>
    public double Estimate(IReadOnlyList<Comparison> comparisons) =>
        Estimate([.. comparisons.Select(c => c.Difference)]);

    internal double Estimate(double[] differences)
    {
        if (differences.Any(double.IsNaN)) return double.NaN;
        if (Decay is not var (steps, farther, fastest))
            return Safety * differences.Select((d, i) => i == 1 ? ShareOfSecond * d : d).Max();
        var largest = differences.Max();
        var (near, far) = (differences[0], differences[1]);
        if (far * Math.Abs(steps) <= farther * near) return Safety * largest;
        // far / near = |q^-Far - 1| / |q^-Near - 1|, decreasing in q.
        double low = fastest, high = 1;
        for (var i = 0; i < 50; i++)
        {
            var q = (low + high) / 2;
            if (near * (Math.Pow(q, -farther) - 1) / Math.Abs(Math.Pow(q, -steps) - 1) > far) low = q;
            else high = q;
        }
        // Where q is at its bound, a larger rule may agree with this one by chance, a smaller one does not.
        return Math.Min(Safety * largest, SafetyOfFit * (steps > 0
            ? near / (Math.Pow(low, -steps) - 1)
            : far / (Math.Pow(low, -farther) - 1)));
    }

    /// <summary>
    /// Grids to compare with. Gauss: one node fewer and about a third fewer; stars where there are not as many below.
    /// Panels at kinks: two layouts of three quarters as many, no two of the three with a common end inside; on smooth
    /// layers Gauss rules, which converge faster. Levels 2k - 1 and 2k of a sparse grid have the same rule along each
    /// coordinate, hence the same error there: they are compared with 2k - 2 and with 2k + 1, or where that has more
    /// than twice the nodes with about half of 2k - 2; the lowest with their neighbour, for functions of two
    /// coordinates, and stars, for those of one. Of any other rule the next two sizes.
    /// </summary>
    private static (IQuadratureRule[] Rules, Sizes? Decay) Grids(RuleSpec spec, IReadOnlyList<ILaw> laws, bool kinked)
    {
        var (n, panels) = (spec.Size, (spec.Size + Panel - 1) / Panel);
        var fewer = Panel * (panels < 3 ? panels + 1 : (3 * panels + 3) / 4);
        return spec switch
        {
            GaussSpec when n == 1 => ([new GaussTensor(2), new Star(3)], null),
            GaussSpec when n == 2 => ([new Star(3), new GaussTensor(1)], new(-1, 1, FastestNode)),
            GaussSpec when Fewer(n) is [var near, var far] =>
                ([new GaussTensor(near), new GaussTensor(far)], new(n - near, n - far, FastestNode)),
            PanelSpec when kinked => ([new PanelTensor(fewer, OneShift), new PanelTensor(fewer, OtherShift)], null),
            PanelSpec => ([new GaussTensor(2 * n / 3), new GaussTensor(2 * n / 3 + 1)], null),
            MidpointSpec { Reach: var reach, Last: var last } => ([
                new MidpointTensor(Math.Max(1, 2 * n / 3), reach, Math.Max(1, last - 1)),
                new MidpointTensor(Math.Max(1, 3 * n / 4), 0.8 * reach, last)], null),
            SmolyakSpec when n <= 2 => ([new Smolyak(n == 2 ? 1 : 2), new Star(2), new Star(4)], null),
            SmolyakSpec when !kinked && IsUpCheap(n, laws) =>
                ([new Smolyak(Above(n)), new Smolyak(Below(n))], new(n - Above(n), n - Below(n), FastestUp)),
            SmolyakSpec => ([new Smolyak(Below(n)), new Smolyak(Below(n) / 4 * 2)],
                new(n - Below(n), n - Below(n) / 4 * 2, FastestLevel)),
            _ => ([TypeRules.Build(spec.Of(n + 1), 0, 0, 0), TypeRules.Build(spec.Of(n + 2), 0, 0, 0)], null),
        };
    }

    // Levels 2k - 1 and 2k are the same along each coordinate: the nearest that are not.
    private static int Below(int level) => level - 2 + level % 2;

    private static int Above(int level) => level + 1 + level % 2;

    private static bool IsUpCheap(int level, IReadOnlyList<ILaw> laws) => Above(level) <= Smolyak.MaxLevel
        && new Smolyak(Above(level)).CountNodes(laws) <= CheapUp * new Smolyak(level).CountNodes(laws);

    /// <summary>Gauss grids, of at least 3 nodes, to compare with: one node fewer and about a third fewer.</summary>
    internal static int[] Fewer(int nodes) => [nodes - 1, nodes - 1 - Math.Max(1, nodes / 3)];

    private static IReadOnlyList<IQuadratureRule> With(IReadOnlyList<IQuadratureRule> asked, int at,
        IQuadratureRule other) => [.. asked.Select((rule, i) => i == at ? other : rule)];
}
