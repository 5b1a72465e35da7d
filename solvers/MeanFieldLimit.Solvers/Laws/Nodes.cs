namespace MeanFieldLimit.Solvers.Laws;

/// <summary>A law on finitely many points: <c>sum_i Masses[i] f(Point(i))</c> stands for E f(X).</summary>
public sealed class Nodes
{
    /// <summary>Takes the arrays over; nobody else writes to them.</summary>
    /// <param name="dimension">Coordinates per point; 0 is the law of no variable.</param>
    /// <param name="points">Row-major, [node, coordinate].</param>
    /// <param name="masses">One mass per node.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public Nodes(int dimension, double[] points, double[] masses)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(masses);
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        if (points.LongLength != masses.LongLength * dimension)
            throw new ArgumentException(
                $"there must be {masses.Length} x {dimension} coordinates, one point per mass, got {points.Length}: "
                + "give the points row by row", nameof(points));
        (Dimension, Points, Masses) = (dimension, points, masses);
    }

    /// <summary>Coordinates per point.</summary>
    public int Dimension { get; }

    /// <summary>The number of nodes.</summary>
    public int Count => Masses.Length;

    /// <summary>The points, row-major [node, coordinate].</summary>
    public double[] Points { get; }

    /// <summary>The masses; they sum to 1 up to rounding.</summary>
    public double[] Masses { get; }

    /// <summary>The coordinates of node <paramref name="i"/>.</summary>
    public ReadOnlySpan<double> Point(int i) => Points.AsSpan(i * Dimension, Dimension);
}
