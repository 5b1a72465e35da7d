using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// The product of midpoint rules on [-reach, reach] in units of the standard deviation of Gaussian coordinates, masses
/// ~ exp(-z^2/2), and of Gauss rules in other coordinates and in the last. For analytic functions with poles off the
/// axis (tanh) it beats Gauss-Hermite rules of as many nodes; the last coordinate of a type is an outgoing weight,
/// which predictions start as linear functions of.
/// </summary>
public sealed class MidpointTensor : IQuadratureRule
{
    private readonly int nodes, last;
    private readonly double reach;

    /// <summary>So many nodes in each coordinate, and in the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside 1..256, or the reach not positive.</exception>
    public MidpointTensor(int nodes, double reach, int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reach);
        (this.nodes, this.reach, this.last) = (GaussRule.Requested(nodes), reach, GaussRule.Requested(last));
    }

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws) => Gauss(laws).CountNodes(laws);

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws) => Gauss(laws).Discretise(laws);

    private GaussTensor Gauss(IReadOnlyList<ILaw> laws) => new(
        [.. laws.Select((_, j) => j == laws.Count - 1 ? last : nodes)],
        (law, j, n) => law is Gaussian { StandardDeviation: > 0 } && j < laws.Count - 1
            ? Midpoint(n).Map(law.Mean, law.StandardDeviation)
            : law.Gauss(n));

    private GaussRule Midpoint(int n)
    {
        double[] z = [.. Enumerable.Range(0, n).Select(i => reach * ((2 * i + 1.0) / n - 1))];
        double[] masses = [.. z.Select(t => Math.Exp(-t * t / 2))];
        var sum = masses.Sum();
        return GaussRule.FromNodes(new(1, z, [.. masses.Select(m => m / sum)]));
    }
}
