using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MeanFieldLimit.Data;

namespace MeanFieldLimit.Embeddings;

/// <summary>
/// Orthonormal eigenvectors of the second-moment matrix E[x x^T] of inputs, the largest eigenvalue first. Layer 1 sees
/// w_1 through its products with inputs alone, whose variances along the directions are these eigenvalues times that of
/// a weight; a Gaussian w_1 with independent entries has independent components along them, of the same variance.
/// </summary>
public sealed class PrincipalDirections
{
    // E[x x^T] in double precision knows no smaller eigenvalue. A direction left out keeps w_1 at its mean there, which
    // changes means over w_1 by about the eigenvalue.
    private const double Null = 1e-13;

    private readonly double[][] directions;

    private PrincipalDirections(double[][] directions, double[] moments) =>
        (this.directions, Moments) = (directions, moments);

    /// <summary>How many there are: at most d.</summary>
    public int Count => directions.Length;

    /// <summary>The eigenvalues, descending.</summary>
    public IReadOnlyList<double> Moments { get; }

    /// <summary>Direction number j from 0, of length d and norm 1.</summary>
    public ReadOnlySpan<double> Direction(int j) => directions[j];

    /// <summary>
    /// The directions of the inputs of data sets, each point counting by its mass and each set by its number of points.
    /// </summary>
    /// <param name="data">All inputs that the limit will see.</param>
    /// <param name="all">Whether directions that no input has a component in are kept: further inputs may.</param>
    public static PrincipalDirections Of(IReadOnlyList<Dataset> data, bool all)
    {
        var d = data[0].Inputs;
        var points = data.Sum(set => set.Count);
        var moments = new double[d * d];
        foreach (var set in data)
            for (var n = 0; n < set.Count; n++)
            {
                var x = set.Input(n);
                var divisor = set.HasEqualMasses ? points : points / (set.Masses[n] * set.Count);
                for (var i = 0; i < d; i++)
                    TensorPrimitives.MultiplyAdd(x, x[i] / divisor, moments.AsSpan(i * d, d), moments.AsSpan(i * d, d));
            }
        // Rounding leaves entries i, j and j, i different in the last bit.
        for (var i = 0; i < d; i++)
            for (var j = 0; j < i; j++) moments[j * d + i] = moments[i * d + j];
        var eigen = Matrix<double>.Build.Dense(d, d, moments).Evd(Symmetricity.Symmetric);
        var values = eigen.EigenValues.Select(z => z.Real).ToArray();
        var kept = Enumerable.Range(0, d).Reverse().Where(j => all || values[j] > Null * values[^1]
            || data.Any(set => !set.HasEqualMasses && IsSeen(set, eigen.EigenVectors.Column(j).ToArray()))).ToArray();
        return new([.. kept.Select(j => eigen.EigenVectors.Column(j).ToArray())],
            [.. kept.Select(j => Math.Max(0, values[j]))]);
    }

    /// <summary>
    /// Whether a point has a component along a direction: one of little mass, alone in it, leaves no eigenvalue.
    /// </summary>
    private static bool IsSeen(Dataset set, double[] direction)
    {
        double largest = 0, longest = 0;
        for (var n = 0; n < set.Count; n++)
        {
            largest = Math.Max(largest, Math.Pow(TensorPrimitives.Dot<double>(direction, set.Input(n)), 2));
            longest = Math.Max(longest, TensorPrimitives.SumOfSquares<double>(set.Input(n)));
        }
        return largest > Null * longest;
    }
}
