using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// The sparse grid of level k, <c>sum over |l| &lt;= k of prod_j (U_{l_j} - U_{l_j - 1})</c>, U_l the Gauss rule of the
/// least odd number of nodes above l: exact for polynomials of total degree up to 2 k + 1. (S. A. Smolyak, Dokl. Akad.
/// Nauk SSSR 148, 1042-1045 (1963); E. Novak and K. Ritter, Constr. Approx. 15, 499-522 (1999).) For smooth integrands
/// of 4 to 10 coordinates that a polynomial of low degree resolves; where it does not, Sobol points are better and
/// sums of mixed signs amplify the rest. <b>Masses may be negative</b>; they sum to 1, and the sum of their
/// absolute values grows with level and dimension. Laws must be symmetric about their mean.
/// </summary>
/// <remarks>
/// Nodes are ordered by coordinate, the last one varying fastest. Rules of odd size share their middle node: levels 1
/// and 2, 3 and 4, ... have the same rule, so that the difference vanishes and the grid stays small. A law on finitely
/// many points has all its nodes at every level. (Nested rules of Genz and Keister or of Clenshaw and Curtis would need
/// about half the nodes, but one table for each law.)
/// </remarks>
public sealed class Smolyak : IQuadratureRule
{
    /// <summary>The highest level: that of the largest Gauss rule.</summary>
    public const int MaxLevel = GaussRule.MaxNodes - 2;

    private const double ExactlyCounted = 1L << 53;

    private readonly int level;

    /// <summary>The grid of the given level; level 0 is one node at the mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is outside 0..254.</exception>
    public Smolyak(int level)
    {
        if (level is < 0 or > MaxLevel)
            throw new ArgumentOutOfRangeException(nameof(level), level,
                $"level must be between 0 and {MaxLevel}, got {level}: take a number in this range");
        this.level = level;
    }

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws)
    {
        ArgumentNullException.ThrowIfNull(laws);
        if (laws.FirstOrDefault(law => Varies(law) && law.Gauss(3).Nodes[1] != law.Gauss(1).Nodes[0]) is { } skew)
            throw new ArgumentException(
                "a sparse grid needs laws symmetric about their mean, whose rules share their middle node, " +
                $"got {skew}; use another rule", nameof(laws));
        // all[s]: nodes whose coordinates enter at levels of sum s; outer[s]: those without a middle coordinate.
        double[] all = new double[level + 1], outer = new double[level + 1];
        all[0] = outer[0] = 1;
        foreach (var law in laws)
        {
            var entering = Entering(law);
            all = Times(all, entering);
            if (Varies(law)) entering[0] = 0;
            outer = Times(outer, entering);
        }
        var count = all.Sum() - outer.Take(level + 1 - VanishingFrom(laws)).Sum();
        return count < ExactlyCounted ? (long)count : long.MaxValue;
    }

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws)
    {
        var count = CountNodes(laws);
        var grid = new Grid(level, laws, EqualMassNodes.NewPoints(count, laws.Count), new double[count],
            VanishingFrom(laws));
        return grid.Fill();
    }

    /// <summary>Nodes of U_l asked of a law: exact to degree 2 l + 1.</summary>
    private static int Size(int l) => l + 1 + l % 2;

    private static bool Varies(ILaw law) => law.GaussNodes(3) != law.GaussNodes(1);

    /// <summary>
    /// The nodes (w z^f - w z^(f + 2) for each outer coordinate that enters at f, z counting levels) without a middle
    /// coordinate cancel where this much of the level is left over: (1 - z^2)^d has no terms beyond.
    /// </summary>
    private int VanishingFrom(IReadOnlyList<ILaw> laws) =>
        laws.Count(Varies) is var varying and > 0 ? Math.Min(level + 1, 2 * varying) : level + 1;

    /// <summary>How many nodes of a coordinate enter at each level.</summary>
    private double[] Entering(ILaw law)
    {
        var entering = new double[level + 1];
        entering[0] = law.GaussNodes(1);
        for (var l = 1; l <= level && Varies(law); l += 2) entering[l] = Size(l) - 1;
        return entering;
    }

    private static double[] Times(double[] a, double[] b)
    {
        var product = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
            for (var j = 0; i + j < a.Length; j++) product[i + j] += a[i] * b[j];
        return product;
    }

    /// <summary>
    /// A node of one coordinate: the level at which it enters, and its weight in U_l - U_{l-1} for each l.
    /// </summary>
    private sealed record Line(double Value, int Enters, bool IsOuter, double[] Differences);

    private sealed class Grid(int level, IReadOnlyList<ILaw> laws, double[] points, double[] masses, int vanishing)
    {
        private readonly Line[][] lines = [.. laws.Select(law => Lines(law, level))];
        private readonly double[] point = new double[laws.Count];
        private int next;

        internal Nodes Fill()
        {
            var one = new double[level + 1];
            one[0] = 1;
            Visit(0, level, true, one);
            return new(laws.Count, points, masses);
        }

        // The mass of a node is the sum of the coefficients up to z^level of prod_j sum_l (U_l - U_{l-1})(node_j) z^l.
        private void Visit(int coordinate, int left, bool outer, double[] product)
        {
            if (coordinate == laws.Count)
            {
                if (outer && left >= vanishing) return;
                point.CopyTo(points, next * laws.Count);
                masses[next++] = product.Sum();
                return;
            }
            foreach (var line in lines[coordinate])
            {
                if (line.Enters > left) continue;
                point[coordinate] = line.Value;
                Visit(coordinate + 1, left - line.Enters, outer && line.IsOuter, Times(product, line.Differences));
            }
        }

        private static Line[] Lines(ILaw law, int level)
        {
            var lines = new List<Line>();
            var varies = Varies(law);
            for (var l = 0; l <= (varies ? level : 0); l += l == 0 ? 1 : 2)
            {
                var rule = law.Gauss(Size(l));
                for (var i = 0; i < rule.Nodes.Length; i++)
                {
                    var middle = varies && 2 * i + 1 == rule.Nodes.Length;
                    var line = lines.Find(known => middle && !known.IsOuter);
                    if (line is null) lines.Add(line = new(rule.Nodes[i], l, !middle, new double[level + 1]));
                    line.Differences[l] += rule.Weights[i];
                    var replaced = l == 0 ? 1 : l + 2;
                    if (varies && replaced <= level) line.Differences[replaced] -= rule.Weights[i];
                }
            }
            return [.. lines];
        }
    }
}
