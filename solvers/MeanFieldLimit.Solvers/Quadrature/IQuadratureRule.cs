using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// Replaces the joint law of independent coordinates by finitely many nodes with masses. Coordinates that are all
/// constant, in particular no coordinates, give one node of mass 1 under every rule.
/// </summary>
public interface IQuadratureRule
{
    /// <summary>
    /// How many nodes <see cref="Discretise"/> would return, without making them; long.MaxValue stands for any
    /// number beyond. For refusing a grid before it is allocated.
    /// </summary>
    /// <param name="laws">One law per coordinate.</param>
    long CountNodes(IReadOnlyList<ILaw> laws);

    /// <summary>The nodes of the product of <paramref name="laws"/>.</summary>
    /// <param name="laws">One law per coordinate.</param>
    /// <exception cref="ArgumentException">The nodes exceed one array, or the coordinates exceed the rule.</exception>
    Nodes Discretise(IReadOnlyList<ILaw> laws);
}
