using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>What a random problem is counted with.</summary>
/// <param name="Rule">The rule of its types.</param>
/// <param name="IsKinked">Whether its activation has a kink.</param>
/// <param name="IsFlow">Whether it is trained for a while, or hardly at all.</param>
public readonly record struct ProblemGroup(RuleFamily Rule, bool IsKinked, bool IsFlow)
{
    /// <summary>All groups; problem number n belongs to number n modulo their number.</summary>
    public static IReadOnlyList<ProblemGroup> All { get; } =
        [.. from rule in Enum.GetValues<RuleFamily>() from kinked in Both from flow in Both
            select new ProblemGroup(rule, kinked, flow)];

    private static bool[] Both => [false, true];
}

/// <summary>
/// A small problem drawn at random: two to five layers, any law, activation and loss, independent or correlated
/// weights, a few points, one kind of rule; and the same problem on two fine discretisations of different kinds.
/// </summary>
/// <param name="Problem">The problem.</param>
/// <param name="Finer">The same with fine grids, not of its own kind, and fine steps.</param>
/// <param name="Check">The same with other fine nodes, which show the error of <paramref name="Finer"/>.</param>
public sealed record RandomProblem(Problem Problem, Problem Finer, Problem Check)
{
    // A time in which nothing moves by more than a thousandth, and a tolerance that leaves the error of types alone.
    internal const double Start = 1e-3;
    private const double Instant = 1e-12;
    private static readonly string[] Smooth = ["tanh", "erf", "sigmoid", "gelu", "softplus", "sine"];
    private static readonly string[] Kinked = ["relu", "leaky-relu"];

    /// <summary>Its group.</summary>
    public ProblemGroup Group { get; private init; }

    /// <summary>Problem number <paramref name="index"/> of a seed.</summary>
    public static RandomProblem Draw(ulong seed, int index)
    {
        var group = ProblemGroup.All[index % ProblemGroup.All.Count];
        var draw = new Draws(new(seed, (ulong)index));
        var (problem, coordinates) = DrawNetwork(draw, group.IsKinked, index);
        var time = group.IsFlow ? draw.Between(0.5, 2) : Start;
        // Fixed steps at kinks, along which neurons on a line slide: adaptive ones have no error control there.
        var steps = 10 + draw.Below(30);
        LimitSpec limit = group.IsKinked
            ? new() { Method = "runge-kutta-4", Step = time / steps }
            : new() { Tolerance = group.IsFlow ? Math.Pow(10, -draw.Between(3, 8)) : Instant };
        var fine = group.IsKinked
            ? limit with { Step = time / steps / 2 }
            : limit with { Tolerance = group.IsFlow ? 1e-10 : Instant };
        var (finer, check) = FineRules.Of(coordinates, group.IsKinked, group.Rule);
        Problem With(LimitSpec l, IReadOnlyList<RuleSpec> types) => problem with
        {
            Training = problem.Training with { Time = time },
            Limit = l with { Types = types, Coordinates = Coordinates.Natural },
        };
        return new(With(limit, [.. coordinates.Select(n => draw.Rule(group.Rule, n))]), With(fine, finer),
            With(fine, check))
        { Group = group };
    }

    /// <summary>
    /// A problem without time and limit, and the random coordinates of the types of each hidden layer.
    /// </summary>
    internal static (Problem Problem, int[] Coordinates) DrawNetwork(Draws draw, bool kinked, int index)
    {
        var depth = draw.OneOf(2, 2, 2, 3, 3, 4, 5);
        var correlated = depth is 3 or 4 && draw.OneIn(3);
        var activation = draw.OneOf(kinked ? Kinked : Smooth);
        var biases = correlated ? BiasMode.None
            : draw.OneOf(BiasMode.None, BiasMode.None, BiasMode.Frozen, BiasMode.Trained);
        // Types keep to two coordinates where a second grid multiplies them, to three elsewhere.
        var inputs = correlated || biases != BiasMode.None ? 1 : 1 + draw.Below(2);
        var logistic = draw.OneIn(4);
        var frozen = draw.OneIn(5);
        var points = 3 + draw.Below(6);
        LayerSpec[] layers = [.. Enumerable.Range(1, depth).Select(i => new LayerSpec
        {
            Weights = i == 1 ? draw.Law(draw.OneOf(0, draw.Between(-1, 1)), continuous: true)
                : correlated && i < depth
                    ? new GaussianLaw { Mean = draw.Between(-1, 1.5), Std = draw.Between(0.3, 1.2) }
                : draw.Law(draw.Between(-1, 1.5)),
            Bias = i < depth && biases != BiasMode.None ? draw.Law(0) : null,
            Activation = i < depth ? activation : null,
            Rate = i == 1 && frozen ? new ConstantRate { Value = 0 } : null,
        })];
        var problem = new Problem
        {
            Name = $"random {index}",
            Seed = index,
            Data = draw.Points(points, inputs, signs: logistic),
            Network = new()
            {
                Biases = biases,
                Layers = layers,
                Embedding = correlated
                    ? new CorrelatedSpec
                    {
                        Mean = draw.OneOf<MeanSpec>(new RandomFeaturesMean(), new BilinearMean(),
                            new GaussianKernelMean { Length = 1 }),
                        Noise = draw.OneOf(0, 0.5),
                    }
                    : new IidSpec(),
            },
            Training = new() { Loss = logistic ? "logistic" : "half-squared", Time = 1 },
            Record = new() { Saves = 4 },
        };
        int Random(LawSpec? law) => law is null or ConstantLaw ? 0 : 1;
        int Latents(int i) => correlated ? (i > 1 ? 1 : 0) + (i < depth - 1 ? 1 : 0) : 0;
        return (problem, [.. Enumerable.Range(1, depth - 1).Select(i => (i == 1 ? inputs : 0)
            + Random(layers[i - 1].Bias) + (i == depth - 1 ? Random(layers[^1].Weights) : 0) + Latents(i))]);
    }
}
