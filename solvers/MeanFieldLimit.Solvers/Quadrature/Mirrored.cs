using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// The nodes of a rule, each as two neighbours of half of its mass: as it is, and with some coordinates, of symmetric
/// laws, reflected about their means. Means of functions that are odd in these coordinates are then 0.
/// </summary>
public sealed class Mirrored : IQuadratureRule
{
    private readonly IQuadratureRule rule;
    private readonly int first, count;

    /// <summary>The nodes of <paramref name="rule"/> and their mirror images.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="first">The first coordinate that is reflected.</param>
    /// <param name="count">How many are.</param>
    public Mirrored(IQuadratureRule rule, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        (this.rule, this.first, this.count) = (rule, first, count);
    }

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws) =>
        rule.CountNodes(laws) is var n && n > long.MaxValue / 2 ? long.MaxValue : 2 * n;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A coordinate to be reflected has no law.</exception>
    public Nodes Discretise(IReadOnlyList<ILaw> laws)
    {
        ArgumentNullException.ThrowIfNull(laws);
        if (laws.Count - first < count)
            throw new ArgumentException($"coordinates {first} to {(long)first + count - 1} are reflected, got " +
                $"{laws.Count} laws", nameof(laws));
        var (nodes, d) = (rule.Discretise(laws), laws.Count);
        var points = EqualMassNodes.NewPoints(2L * nodes.Count, d);
        var masses = new double[2 * nodes.Count];
        // Neighbours, and not one list behind the other: sums in lanes of vectors then cancel to the last bit.
        for (var i = 0; i < nodes.Count; i++)
        {
            var image = points.AsSpan((2 * i + 1) * d, d);
            nodes.Point(i).CopyTo(points.AsSpan(2 * i * d));
            nodes.Point(i).CopyTo(image);
            for (var j = first; j < first + count; j++) image[j] = 2 * laws[j].Mean - image[j];
            masses[2 * i] = masses[2 * i + 1] = nodes.Masses[i] / 2;
        }
        return new(d, points, masses);
    }
}
