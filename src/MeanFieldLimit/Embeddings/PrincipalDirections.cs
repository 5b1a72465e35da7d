using MathNet.Numerics.LinearAlgebra;
using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Geometries;

namespace MeanFieldLimit.Embeddings;

/// <summary>
/// Orthonormal eigenvectors of the second-moment matrix E[x x^T] of inputs, the largest eigenvalue first. Layer 1 sees
/// w_1 through its products with inputs alone, whose variances along the directions are these eigenvalues times that of
/// a weight; a Gaussian w_1 with independent entries has independent components along them, of the same variance.
/// </summary>
internal sealed class PrincipalDirections
{
    // E[x x^T] in double precision knows no smaller eigenvalue. A direction left out keeps w_1 at its mean there, which
    // changes means over w_1 by about the eigenvalue.
    private const double Null = 1e-13;

    // Inputs smaller than the largest by more leave no eigenvalue: beside 1e7, 1 does not. What they see is kept.
    private const double Small = 1e-3;

    // All directions of patches are kept: a sample of images gives them an order.
    private const int MostImages = 4096;

    private readonly double[][] directions;

    private PrincipalDirections(double[][] directions, double[] moments) =>
        (this.directions, Moments) = (directions, moments);

    /// <summary>How many there are: at most d.</summary>
    public int Count => directions.Length;

    /// <summary>The eigenvalues, descending; infinite or 0 where a double has no place for them.</summary>
    public IReadOnlyList<double> Moments { get; }

    /// <summary>Direction number j from 0, of length d and norm 1.</summary>
    public ReadOnlySpan<double> Direction(int j) => directions[j];

    /// <summary>Those of inputs of data sets; points count by their masses, sets by their numbers of points.</summary>
    /// <param name="data">All inputs that the limit will see.</param>
    /// <param name="all">Whether directions that no input has a component in are kept: further inputs may.</param>
    /// <param name="taps">
    /// Those that w_1 sees images through: directions are all of those of patches. Null for none.
    /// </param>
    public static PrincipalDirections Of(IReadOnlyList<Dataset> data, bool all, LayerGeometry? taps = null)
    {
        if (PowerOfTwo.Factor(Size(data)) is var scale and not 1)
            return Of([.. data.Select(set => Scaled(set, scale))], all, taps).Over(scale);
        if (taps is not null) data = [.. data.Select(set => Patches(set.Spread(MostImages), taps))];
        var d = data[0].Inputs;
        var points = data.Sum(set => set.Count);
        var moments = Arrays.New("second moments", d, d);
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
        var kept = Enumerable.Range(0, d).Reverse().Where(j => all || taps is not null || values[j] > Null * values[^1]
            || data.Any(set => IsSeen(set, eigen.EigenVectors.Column(j).ToArray(), Size(data)))).ToArray();
        return new([.. kept.Select(j => eigen.EigenVectors.Column(j).ToArray())],
            [.. kept.Select(j => Math.Max(0, values[j]))]);
    }

    /// <summary>Whether an input too small or of too little mass for an eigenvalue has a component along it.</summary>
    private static bool IsSeen(Dataset set, double[] direction, double largest)
    {
        for (var n = 0; n < set.Count; n++)
        {
            var size = Math.Abs(TensorPrimitives.MaxMagnitude<double>(set.Input(n)));
            var along = Math.Abs(TensorPrimitives.Dot<double>(direction, set.Input(n)));
            if ((size < Small * largest || !set.HasEqualMasses) && along > Math.Sqrt(Null) * size) return true;
        }
        return false;
    }

    private static double Size(IReadOnlyList<Dataset> data) =>
        data.Max(set => Math.Abs(TensorPrimitives.MaxMagnitude<double>(set.X)));

    private static Dataset Scaled(Dataset set, double scale) => new(set.Inputs, set.Outputs,
        [.. set.X.Select(x => x * scale)], set.Y, set.Labels, set.Masses);

    /// <summary>The patches of images as points, [point u, c taps + d], from [point, neuron, position].</summary>
    private static Dataset Patches(Dataset set, LayerGeometry taps)
    {
        var channels = set.Inputs / taps.Below.Positions;
        var patches = Arrays.New("the patches of images", (long)set.Count * taps.Positions, channels * taps.Taps);
        for (var k = 0; k < patches.Length; k++)
        {
            var (u, place) = Math.DivRem(k, channels * taps.Taps);
            var (c, d) = Math.DivRem(place, taps.Taps);
            var (n, position) = Math.DivRem(u, taps.Positions);
            if (taps.Table.Source(position, d) is var source and >= 0)
                patches[k] = set.X[(n * channels + c) * taps.Below.Positions + source];
        }
        return new(channels * taps.Taps, 1, patches, new double[set.Count * taps.Positions], LabelKind.Real);
    }

    /// <summary>The same directions of inputs that are smaller by a factor.</summary>
    private PrincipalDirections Over(double scale) => new(directions, [.. Moments.Select(m => m / scale / scale)]);
}
