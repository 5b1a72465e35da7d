using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// The product of one Gauss rule per coordinate: <c>mass(i_1, ..., i_d) = prod_j weight_j(i_j)</c>, the last
/// coordinate varying fastest. Exact for polynomials of degree up to 2 n_j - 1 in coordinate j.
/// </summary>
public sealed class GaussTensor : IQuadratureRule
{
    private readonly int[] nodes;
    private readonly bool sameForAll;
    private readonly Func<ILaw, int, int, GaussRule> rule = static (law, _, n) => law.Gauss(n);

    /// <summary>The same number of nodes for every coordinate.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="nodes"/> is outside 1..256.</exception>
    public GaussTensor(int nodes)
    {
        this.nodes = [GaussRule.Requested(nodes)];
        sameForAll = true;
    }

    /// <summary>Another rule than that of Gauss in each coordinate, with as many nodes.</summary>
    internal GaussTensor(int nodes, Func<ILaw, int, GaussRule> rule) : this(nodes) =>
        this.rule = (law, _, n) => rule(law, n);

    /// <summary>Nodes and a rule for each coordinate: that of a law, its place, and so many nodes.</summary>
    internal GaussTensor(IReadOnlyList<int> nodesPerCoordinate, Func<ILaw, int, int, GaussRule> rule)
        : this(nodesPerCoordinate) => this.rule = rule;

    /// <summary>One number of nodes for each coordinate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside 1..256.</exception>
    public GaussTensor(IReadOnlyList<int> nodesPerCoordinate) =>
        nodes = [.. nodesPerCoordinate.Select((n, j) => GaussRule.Requested(n, $"nodesPerCoordinate[{j}]"))];

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws)
    {
        Check(laws);
        long product = 1;
        for (var j = 0; j < laws.Count; j++)
        {
            var factor = laws[j].GaussNodes(Requested(j));
            if (product > long.MaxValue / factor)
                return long.MaxValue;
            product *= factor;
        }

        return product;
    }

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws)
    {
        var count = CountNodes(laws);
        var points = EqualMassNodes.NewPoints(count, laws.Count);
        var masses = new double[count];
        Array.Fill(masses, 1.0);

        // A coordinate repeats each of its nodes once per node of the coordinates after it.
        var repeats = (int)count;
        for (var j = 0; j < laws.Count; j++)
        {
            var rule = this.rule(laws[j], j, Requested(j));
            repeats /= rule.Nodes.Length;
            for (var i = 0; i < masses.Length; i++)
            {
                var node = i / repeats % rule.Nodes.Length;
                points[i * laws.Count + j] = rule.Nodes[node];
                masses[i] *= rule.Weights[node];
            }
        }

        return new Nodes(laws.Count, points, masses);
    }

    private int Requested(int coordinate) => nodes[sameForAll ? 0 : coordinate];

    private void Check(IReadOnlyList<ILaw> laws)
    {
        ArgumentNullException.ThrowIfNull(laws);
        if (!sameForAll && nodes.Length != laws.Count)
            throw new ArgumentException(
                $"there must be one number of nodes per coordinate, got {nodes.Length} for {laws.Count} coordinates: "
                + "list one for each, constants included, or give a single number", nameof(laws));
    }
}
