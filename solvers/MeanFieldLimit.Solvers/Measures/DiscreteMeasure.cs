namespace MeanFieldLimit.Solvers.Measures;

/// <summary>
/// The probability measure sum_i m_i delta_{x_i}: particles, quadrature nodes or cells of a grid, with masses.
/// </summary>
public sealed class DiscreteMeasure
{
    // Masses that are sums of a million roundings still pass.
    private const double MassTolerance = 1e-9;

    /// <summary>A measure; the arrays are the caller's and not copied.</summary>
    /// <param name="dimension">d, the number of coordinates of a point.</param>
    /// <param name="points">x [particle, d], row-major.</param>
    /// <param name="masses">m [particle], not negative, of sum 1.</param>
    /// <exception cref="ArgumentException">A length does not fit, a coordinate is not finite, a mass is negative or the
    /// masses do not sum to 1.</exception>
    public DiscreteMeasure(int dimension, double[] points, double[] masses)
    {
        if (dimension < 1) throw new ArgumentException($"the dimension must be at least 1, got {dimension}");
        if (points.Length != (long)masses.Length * dimension)
            throw new ArgumentException($"points must have {dimension} coordinates for each of {masses.Length} masses, "
                + $"got {points.Length} numbers");
        for (var i = 0; i < points.Length; i++)
            if (!double.IsFinite(points[i]))
                throw new ArgumentException($"coordinates must be finite, coordinate {i % dimension} of point "
                    + $"{i / dimension} is {points[i]}: leave the point out or mend it");
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++)
        {
            if (!(masses[i] >= 0))
                throw new ArgumentException($"masses must not be negative, mass {i} is {masses[i]}");
            sum += masses[i];
        }
        if (!(Math.Abs(sum - 1) <= MassTolerance))
            throw new ArgumentException($"masses must sum to 1, they sum to {sum:R}: divide them by their sum");
        (Dimension, Points, Masses) = (dimension, points, masses);
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>x [particle, d].</summary>
    public double[] Points { get; }

    /// <summary>m [particle].</summary>
    public double[] Masses { get; }

    /// <summary>The number of points.</summary>
    public int Count => Masses.Length;

    /// <summary>The points with masses 1 / n each.</summary>
    public static DiscreteMeasure Uniform(int dimension, double[] points)
    {
        var masses = new double[points.Length / Math.Max(dimension, 1)];
        Array.Fill(masses, 1.0 / masses.Length);
        return new(dimension, points, masses);
    }
}
