using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// N independent draws of mass 1/N each: coordinate j of node i is draw <c>i d + j</c> of the stream, so that node
/// i is the same for every N. The error of a mean is sigma / sqrt(N).
/// </summary>
public sealed class MonteCarlo : IQuadratureRule
{
    private readonly int count;
    private readonly RandomStream stream;

    /// <summary>The rule of <paramref name="count"/> draws from <paramref name="stream"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public MonteCarlo(int count, RandomStream stream) =>
        (this.count, this.stream) = (EqualMassNodes.Positive(count), stream);

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws) => EqualMassNodes.Count(count, laws);

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws)
    {
        var nodes = EqualMassNodes.Count(count, laws);
        var points = EqualMassNodes.NewPoints(nodes, laws.Count);
        stream.FillUniform(0, points);
        return EqualMassNodes.FromUnitCube(points, nodes, laws);
    }
}
