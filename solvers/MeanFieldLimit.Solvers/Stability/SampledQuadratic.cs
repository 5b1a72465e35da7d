using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MeanFieldLimit.Solvers.Stability;

/// <summary>
/// A mean of n quadratics with one minimiser, f(e) = (1/n) sum_i f_i(e), f_i(e) = sum_k &lt;a_ik, e>^2 / 2: least
/// squares that fit exactly, e being the distance from a fit. Its Hessians are A_i = sum_k a_ik a_ik^T and H, their
/// mean. All is in the coordinates of the span of the a_ik along eigenvectors of H: nothing else moves.
/// </summary>
public sealed class SampledQuadratic
{
    // Of the largest eigenvalue; a double knows no smaller ones.
    private const double Null = 1e-13;

    // Of the largest number or eigenvalue: what rounding makes of a Gram matrix.
    private const double Rounding = 1e-10;

    private readonly double[] rows, curvatures;

    private SampledQuadratic(int points, int outputs, double[] rows, double[] curvatures) =>
        (Points, Outputs, this.rows, this.curvatures) = (points, outputs, rows, curvatures);

    /// <summary>n.</summary>
    public int Points { get; }

    /// <summary>Numbers of k, the same for each i.</summary>
    public int Outputs { get; }

    /// <summary>The dimension r of the span of the a_ik, to rounding: directions in which H is below 1e-13 of its
    /// largest eigenvalue are left out.</summary>
    public int Rank => curvatures.Length;

    /// <summary>Eigenvalues of H that are not 0, the largest, the sharpness, first.</summary>
    public ReadOnlySpan<double> Curvatures => curvatures;

    /// <summary>a_ik [(i, k), r].</summary>
    internal ReadOnlySpan<double> Rows => rows;

    /// <summary>By the products of its rows alone, which all of its stability depends on.</summary>
    /// <param name="gram">&lt;a_ik, a_jl> [(i, k), (j, l)]; of a network its tangent kernel.</param>
    /// <param name="points">n.</param>
    /// <exception cref="ArgumentException">The matrix is not that of n points, not symmetric, not finite, 0, or has a
    /// negative eigenvalue.</exception>
    public static SampledQuadratic OfGram(ReadOnlySpan<double> gram, int points)
    {
        var size = (int)Math.Round(Math.Sqrt(gram.Length));
        if (points < 1 || size < points || size * size != gram.Length || size % points != 0)
            throw new ArgumentException($"a Gram matrix of {points} points must be square, with as many rows for " +
                $"each, got {gram.Length} numbers", nameof(gram));
        var most = TensorPrimitives.MaxMagnitude(gram);
        for (var i = 0; i < size; i++)
            for (var j = 0; j < i; j++)
                if (Math.Abs(gram[i * size + j] - gram[j * size + i]) > Rounding * Math.Abs(most))
                    throw new ArgumentException($"a Gram matrix must be symmetric, got {gram[i * size + j]} and " +
                        $"{gram[j * size + i]} for rows {i} and {j}; give products of rows", nameof(gram));
        var evd = new DenseMatrix(size, size, gram.ToArray()).Evd(Symmetricity.Symmetric);
        double[] values = [.. evd.EigenValues.Select(v => v.Real)];
        if (!(double.IsFinite(values[^1]) && values[^1] > 0))
            throw new ArgumentException($"a Gram matrix must have a positive eigenvalue, got {values[^1]} as the " +
                "largest; its rows must be finite and not all 0", nameof(gram));
        if (values[0] < -Rounding * values[^1])
            throw new ArgumentException($"a Gram matrix must have no negative eigenvalue, got {values[0]}; give " +
                "products of rows", nameof(gram));
        int[] kept = [.. Enumerable.Range(0, size).Reverse().Where(j => values[j] > Null * values[^1])];
        var rows = new double[size * kept.Length];
        for (var i = 0; i < size; i++)
            for (var j = 0; j < kept.Length; j++)
                rows[i * kept.Length + j] = Math.Sqrt(values[kept[j]]) * evd.EigenVectors[i, kept[j]];
        return new(points, size / points, rows, [.. kept.Select(j => values[j] / points)]);
    }

    /// <summary>Of rows a_ik [(i, k), dimension].</summary>
    /// <inheritdoc cref="OfGram"/>
    public static SampledQuadratic OfRows(ReadOnlySpan<double> rows, int points, int dimension)
    {
        if (dimension < 1 || rows.Length % dimension != 0)
            throw new ArgumentException($"rows must have {dimension} numbers each, got {rows.Length}", nameof(rows));
        var count = rows.Length / dimension;
        var gram = new double[count * count];
        for (var i = 0; i < count; i++)
            for (var j = 0; j <= i; j++)
                gram[i * count + j] = gram[j * count + i] = TensorPrimitives.Dot(
                    rows.Slice(i * dimension, dimension), rows.Slice(j * dimension, dimension));
        return OfGram(gram, points);
    }

    /// <summary>s = lambda_max(Sigma)^(1/2), Sigma = (1/n) sum_i A_i^2 - H^2: the non-uniformity.</summary>
    public double NonUniformity => Math.Sqrt(Math.Max(0,
        (Squares() - H * H).Evd(Symmetricity.Symmetric).EigenValues[Rank - 1].Real));

    internal DiagonalMatrix H => new(Rank, Rank, curvatures);

    /// <summary>(1/n) sum_i A_i^2 [r, r].</summary>
    internal DenseMatrix Squares()
    {
        var identity = new double[Rank * Rank];
        for (var j = 0; j < Rank; j++) identity[j * (Rank + 1)] = 1;
        var squares = new double[identity.Length];
        AddMean(identity, 1, squares);
        return new(Rank, Rank, squares);
    }

    /// <summary>result += factor (1/n) sum_i A_i M A_i for symmetric M [r, r].</summary>
    internal void AddMean(ReadOnlySpan<double> m, double factor, Span<double> result)
    {
        var (r, k) = (Rank, Outputs);
        double[] products = new double[k * r], sums = new double[k * r];
        for (var i = 0; i < Points; i++)
        {
            var a = rows.AsSpan(i * k * r, k * r);
            Array.Clear(sums);
            for (var o = 0; o < k; o++)
            {
                var product = products.AsSpan(o * r, r);
                for (var j = 0; j < r; j++)
                    product[j] = TensorPrimitives.Dot(m.Slice(j * r, r), a.Slice(o * r, r));
                // A_i M A_i = sum_ol a_il (a_il^T M a_io) a_io^T.
                for (var l = 0; l < k; l++)
                {
                    var sum = sums.AsSpan(o * r, r);
                    var q = TensorPrimitives.Dot<double>(a.Slice(l * r, r), product);
                    TensorPrimitives.MultiplyAdd(a.Slice(l * r, r), factor / Points * q, sum, sum);
                }
            }
            for (var o = 0; o < k; o++)
                for (var j = 0; j < r; j++)
                {
                    var row = result.Slice(j * r, r);
                    TensorPrimitives.MultiplyAdd(sums.AsSpan(o * r, r), a[o * r + j], row, row);
                }
        }
    }

    /// <summary>sum += A_i e.</summary>
    internal void AddGradient(int point, ReadOnlySpan<double> e, Span<double> sum)
    {
        for (var o = 0; o < Outputs; o++)
        {
            var a = rows.AsSpan((point * Outputs + o) * Rank, Rank);
            TensorPrimitives.MultiplyAdd(a, TensorPrimitives.Dot(a, e), sum, sum);
        }
    }
}
