using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Quadrature;

namespace MeanFieldLimit.Experiments;

/// <summary>The error of a limit that its data make, where they stand for a continuous law.</summary>
internal static class DataComparison
{
    private const int Panel = 8;

    /// <summary>
    /// From limits with other data, watched at the same points. Of a sample: the difference to one other sample. Of
    /// the nodes of a rule: as the error of types, from two other sizes (<see cref="Sizes"/>) or randomisations.
    /// </summary>
    /// <param name="experiment">The limit's.</param>
    /// <param name="difference">The largest rms distance to the limit of another experiment, NaN where it ended
    /// early.</param>
    internal static double Estimate(Experiment experiment, Func<Experiment, double> difference)
    {
        if (experiment.Problem.Data is not IGeneratedData { Expectation: { } rule })
            return difference(experiment.OfLimitWithOtherData());
        var size = TypeRules.Size(rule);
        if (TypeRules.IsRandom(rule))
            return Estimate([1, 2], [(size + 1) / 2, (size + 1) / 2], 0, 0);
        if (experiment.Problem.Data is SyntheticData { Inputs: InputLaw.Sphere, Dimension: 1 }) return 0;
        var sizes = Sizes(rule);
        return rule is PanelSpec || sizes[0] > size
            ? Estimate([0, 0], sizes, 0, 0)
            : Estimate([0, 0], sizes, size - sizes[0], size - sizes[1]);

        double Estimate(int[] randomisations, int[] sizes, int near, int far) =>
            new TypeComparison([], [], near, far, TypeComparison.FastestOf(rule)).Estimate([.. sizes.Select((n, i) =>
                difference(experiment.OnNodes(TypeRules.Resize(rule, n), randomisations[i])))]);
    }

    /// <summary>
    /// Sizes to compare with: two smaller ones, or where there are not two, two larger ones. Panels one fewer and one
    /// more (from 256 nodes on one and three fewer), which have no edge in common with them but the ends.
    /// </summary>
    internal static int[] Sizes(RuleSpec rule) => (rule, TypeRules.Size(rule)) switch
    {
        (PanelSpec, <= Panel) => [2 * Panel, 3 * Panel],
        (PanelSpec, > GaussRule.MaxNodes - Panel and var n) => [n - Panel, n - 3 * Panel],
        (PanelSpec, var n) => [n - Panel, n + Panel],
        (_, var n) => TypeComparison.Fewer(rule) is [_, _] fewer ? fewer : [n + 1, n + 2],
    };
}
