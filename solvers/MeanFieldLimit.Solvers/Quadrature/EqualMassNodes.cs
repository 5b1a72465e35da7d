using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>What the rules of N equal masses share: their arrays, and the map from the unit cube to the laws.</summary>
internal static class EqualMassNodes
{
    public static int Positive(int count) =>
        count >= 1
            ? count
            : throw new ArgumentOutOfRangeException(
                nameof(count), count, $"count must be at least 1, got {count}: a law needs a node to stand on");

    /// <summary>Equal neurons merge: where nothing varies, one node is exact.</summary>
    public static int Count(int count, IReadOnlyList<ILaw> laws) => laws.All(law => law.GaussNodes(2) == 1) ? 1 : count;

    public static double[] NewPoints(long count, int dimension) =>
        count <= Array.MaxLength && count * dimension <= Array.MaxLength
            ? new double[count * dimension]
            : throw new ArgumentException(
                $"the nodes must fit into one array of {Array.MaxLength} numbers, got {count} nodes x {dimension} "
                + "coordinates: take fewer nodes, or a rule whose count does not grow with the dimension");

    /// <summary>Maps points of the open unit cube, in place, to points of the laws.</summary>
    public static Nodes FromUnitCube(double[] points, int count, IReadOnlyList<ILaw> laws)
    {
        for (int i = 0, at = 0; i < count; i++)
            for (var j = 0; j < laws.Count; j++, at++)
                points[at] = laws[j].Quantile(points[at]);

        var masses = new double[count];
        Array.Fill(masses, 1.0 / count);
        return new Nodes(laws.Count, points, masses);
    }
}
