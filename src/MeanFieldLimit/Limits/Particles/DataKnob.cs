using MeanFieldLimit.Data;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The error of a limit that its data make, where they stand for a continuous law: limits with other data, watched at
/// the same points. Of a sample: the difference to one other sample. Of the nodes of a Gauss rule: as the error of
/// types, from two smaller sizes, and no less than twice the difference to the first. Where anything has a kink, of
/// other rules, and where sizes below are too few, twice the largest difference to all of <see cref="Sizes"/>, or to
/// two other randomisations with half of the nodes. The noise of SGD has a path for each point: others have others,
/// which are in the difference.
/// </summary>
internal sealed class DataKnob(Model model) : IKnob
{
    private const int Panel = PanelTensor.PerPanel;
    private const double Safety = 2;

    private readonly RuleSpec? rule = (model.Problem.Data as IGeneratedData)?.Expectation;
    private readonly bool hasKinks = HasKinks(model);

    /// <summary>It, where there is such an error and no reduction to lengths, which have nodes of their own.</summary>
    internal static IReadOnlyList<IKnob> Of(Model model) =>
        model.HasDataError && model.Problem.Limit.Reduction == Reduction.None ? [new DataKnob(model)] : [];

    public ErrorPart Part => ErrorPart.Data;

    public string Name => "data";

    // The error of nodes may fall below what fewer types make of it; that of a sample does not.
    public bool OnSmallest => rule is null;

    private bool IsFitted => !hasKinks && rule is GaussSpec { Nodes: var size } && Sizes(rule, false)[0] < size;

    public IEnumerable<ILimit?> Others(ILimit limit)
    {
        if (rule is null) return [With(model.OnOtherSample())];
        var size = rule.Size;
        if (rule.IsRandom) return [.. Enumerable.Range(1, 2).Select(other => On((size + 1) / 2, other))];
        // The sphere of R is two points, which every grid has.
        return model.Problem.Data is SyntheticData { Inputs: InputLaw.Sphere, Dimension: 1 } ? []
            : Sizes(rule, hasKinks).Select(n => On(n, 0));

        ILimit? On(int n, int randomisation) => rule.Of(n) is var other
            && GeneratedData.Fits(model.Problem, other) ? With(model.OnNodes(other, randomisation)) : null;

        ILimit With(Model moved) =>
            limit is ParticleLimit particles ? particles with { Moved = moved } : limit.On(moved);
    }

    // A fit to two sizes alone falls below errors that do not decay evenly (tanh on the circle, 8 nodes against 7
    // and 5): of 300 random smooth problems each, of 1 to 3 inputs, it covers 85 to 99 %, with this floor 98 to
    // 100 %, at a median of 6 to 14 times the error (60 for the sine on spheres, where errors fall faster still).
    public double Estimate(IReadOnlyList<Comparison> comparisons)
    {
        double[] differences = [.. comparisons.Select(c => c.Difference)];
        if (rule is null) return differences[0];
        if (!IsFitted) return Safety * differences.Aggregate(0.0, Math.Max);
        var (size, sizes) = (rule.Size, Sizes(rule, false));
        return Math.Max(Safety * differences[0], new TypeKnob([], [], TypeKnob.SafetyOfGrids,
            new(size - sizes[0], size - sizes[1], TypeKnob.FastestNode)).Estimate(differences));
    }

    public (ILimit?, string) Finer(ILimit limit, double error, double share) => (null, rule is null
        ? "the points are a sample of a continuous law, and their number is the problem's"
        : "the nodes of the data are the problem's (data.expectation)");

    // Means over a sample err like 1/sqrt(points).
    public Cost? Needed(IReadOnlyList<LimitSolution> rounds, IReadOnlyList<IKnob> together, double share)
    {
        if (rule is not null) return null;
        var ratio = Math.Pow(rounds[^1].Error.Data / share, 2);
        return new(FormattableString.Invariant($"{Math.Ceiling(ratio * model.Data.Train.Count):N0} points"),
            rounds[^1].Limit.Bytes, ratio * rounds[^1].Work, ratio * rounds[^1].Seconds);
    }

    /// <summary>
    /// Sizes to compare with: one below and about two thirds, and, where there are kinks, two below, since at these the
    /// errors of one or two sizes agree by chance (of 800 random ReLU problems in 2 and 3 normal inputs and on two
    /// spheres, n from 3 to 14, 96 to 99.9 % are covered; by a fit to two sizes 83 to 91 %). Where these are too few
    /// sizes above. Panels one fewer and one more, which have no edge in common with them but the ends, or one and
    /// three fewer than the most.
    /// </summary>
    internal static int[] Sizes(RuleSpec rule, bool hasKinks) => (rule, rule.Size) switch
    {
        (PanelSpec, <= Panel) => [2 * Panel, 3 * Panel],
        (PanelSpec, > GaussRule.MaxNodes - Panel and var n) => [n - Panel, n - 3 * Panel],
        (PanelSpec, var n) => [n - Panel, n + Panel],
        (GaussSpec, 3) when hasKinks => [2, 1, 4],
        (GaussSpec, > 3 and var n) when hasKinks && TypeKnob.Fewer(n) is [var near, var far] =>
            [near, n - 2, far == n - 2 ? n - 3 : far],
        (GaussSpec, >= 3 and var n) => TypeKnob.Fewer(n),
        // Levels 2k - 1 and 2k of a sparse grid are the same along each coordinate.
        (SmolyakSpec, >= 3 and var level) => [level - 2 + level % 2, level - 3 + level % 2],
        (_, var n) => [n + 1, n + 2],
    };

    private static bool HasKinks(Model model) =>
        model.Embedding.Architecture.HasKinks || model.Loss.HasKinks
        || (model.Problem.Data is SyntheticData { Target: { } target } && Catalogue.Find<ITarget>(target).HasKinks)
        || model.Problem.Data is SyntheticData { Teacher: { } teacher }
            && Catalogue.Find<IActivation>(teacher.Activation) is IPiecewiseLinear;
}
