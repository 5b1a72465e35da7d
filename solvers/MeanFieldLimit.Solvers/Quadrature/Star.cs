using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// Gauss rules of n nodes along one coordinate at a time, the others at their mean:
/// <c>U_1 + sum_j (U_{n,j} - U_1)</c>, U_1 the product of rules of one node and U_{n,j} with n in coordinate j. Exact
/// for sums of polynomials of one coordinate of degree up to 2n - 1; it costs n nodes a coordinate, whatever their
/// number. <b>Masses may be negative</b>; they sum to 1. Laws on finitely many points keep all of them.
/// </summary>
/// <param name="nodes">n.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="nodes"/> is outside 1..256.</exception>
public sealed class Star(int nodes) : IQuadratureRule
{
    private readonly int nodes = GaussRule.Requested(nodes);

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws) => Arms(laws).Aggregate(0L, (sum, arm) =>
        arm.Grid.CountNodes(laws) is var count && sum > long.MaxValue - count ? long.MaxValue : sum + count);

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws)
    {
        EqualMassNodes.NewPoints(CountNodes(laws), laws.Count);
        var arms = Arms(laws).Select(arm => (arm.Share, Nodes: arm.Grid.Discretise(laws))).ToArray();
        return new(laws.Count, [.. arms.SelectMany(arm => arm.Nodes.Points)],
            [.. arms.SelectMany(arm => Array.ConvertAll(arm.Nodes.Masses, mass => arm.Share * mass))]);
    }

    private List<(GaussTensor Grid, double Share)> Arms(IReadOnlyList<ILaw> laws)
    {
        ArgumentNullException.ThrowIfNull(laws);
        int[] varying = [.. Enumerable.Range(0, laws.Count).Where(j => laws[j].GaussNodes(1) != laws[j].GaussNodes(3))];
        var arms = varying.Select(j => (new GaussTensor([.. laws.Select((_, k) => k == j ? nodes : 1)]), 1.0)).ToList();
        if (varying.Length != 1) arms.Add((new([.. laws.Select(_ => 1)]), 1.0 - varying.Length));
        return arms;
    }
}
