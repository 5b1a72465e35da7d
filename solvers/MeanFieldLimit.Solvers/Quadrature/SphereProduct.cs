using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// The uniform law on the unit sphere of R^d on a product of rules: x_1 = u_1, x_2 = sqrt(1 - u_1^2) u_2, ..., u_j on
/// the n nodes of <see cref="GaussRule.SphereCoordinate"/> for dimension d - j + 1, and 2 n equally spaced angles in
/// the plane of the last two coordinates. Exact for polynomials of degree up to 2 n - 1: powers of the square roots are
/// even where the factor that they stand before does not vanish by symmetry. (A. H. Stroud, Approximate Calculation of
/// Multiple Integrals (1971), section 2.6.)
/// </summary>
public sealed class SphereProduct
{
    private readonly int nodes, dimension;

    /// <summary>The rule.</summary>
    /// <param name="nodes">n.</param>
    /// <param name="dimension">d; the sphere of R is -1 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is outside 1..256, or d below 1.</exception>
    public SphereProduct(int nodes, int dimension)
    {
        this.nodes = GaussRule.Requested(nodes);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        this.dimension = dimension;
    }

    /// <summary>2 n^(d - 1), or 2 for d = 1; long.MaxValue stands for any number beyond.</summary>
    public long Count => dimension == 1 ? 2
        : Math.Pow(nodes, dimension - 1) is var half && half < 1e18 ? 2 * (long)half : long.MaxValue;

    /// <summary>The points and their masses, the angle varying fastest.</summary>
    /// <exception cref="ArgumentException">They do not fit into one array.</exception>
    public Nodes Discretise()
    {
        var count = Count;
        var points = EqualMassNodes.NewPoints(count, dimension);
        var (masses, left) = (new double[count], new double[count]);    // left: the length of the coordinates to come
        Array.Fill(masses, 1.0);
        Array.Fill(left, 1.0);
        var repeats = (int)count;
        for (var j = 0; j + 2 < dimension; j++)
        {
            var rule = GaussRule.SphereCoordinate(nodes, dimension - j);
            repeats /= nodes;
            for (var i = 0; i < masses.Length; i++)
            {
                var node = i / repeats % nodes;
                var u = rule.Nodes[node];
                points[i * dimension + j] = left[i] * u;
                left[i] *= Math.Sqrt((1 - u) * (1 + u));
                masses[i] *= rule.Weights[node];
            }
        }
        for (var i = 0; i < masses.Length; i++)
        {
            masses[i] /= repeats;
            if (dimension == 1) points[i] = i == 0 ? 1 : -1;
            else
            {
                var (sine, cosine) = Math.SinCos((i % repeats + 0.5) * Math.PI / nodes);
                points[(i + 1) * dimension - 2] = left[i] * cosine;
                points[(i + 1) * dimension - 1] = left[i] * sine;
            }
        }
        return new(dimension, points, masses);
    }
}
