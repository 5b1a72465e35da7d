using MathNet.Numerics.LinearAlgebra;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// How diverse the neurons of a layer are. Global convergence (Nguyen and Pham 2020) rests on the full support of
/// w_1(C_1) and of the pairs (w_i(., C_i), w_{i+1}(C_i, .)), kept at all finite times; these are what finitely many
/// nodes can show of it. Tracers do not count.
/// </summary>
internal static class Diversity
{
    /// <summary>
    /// The effective rank of the neurons of hidden layer i, exp(-sum_k q_k log q_k), with q the eigenvalues, scaled to
    /// the sum 1, of the covariance of (w_i(., C_i), w_{i+1}(C_i, .)) in L2(P_{i-1}) x L2(P_{i+1}): the number of
    /// directions in which the neurons differ (O. Roy and M. Vetterli, The effective rank, EUSIPCO 2007). 0 where all
    /// neurons are the same.
    /// </summary>
    public static double EffectiveRank(Ensemble ensemble, ReadOnlySpan<double> state, int layer)
    {
        // One row a neuron c: sqrt(p_{i-1}(a)) w_i(a, c) and sqrt(p_{i+1}(b)) w_{i+1}(c, b).
        double[] sources = [.. ensemble.Masses(layer - 1)], targets = [.. ensemble.Masses(layer + 1)];
        var before = Transposed(ensemble.Weights(state, layer)).MapIndexed((_, a, w) => Math.Sqrt(sources[a]) * w);
        var after = Transposed(ensemble.Weights(state, layer + 1)).MapIndexed((b, _, w) => Math.Sqrt(targets[b]) * w);
        var particles = Centre(before.Append(after.Transpose()), ensemble.Masses(layer));
        // Through the smaller of the two Gram matrices.
        var values = Eigenvalues(particles.RowCount < particles.ColumnCount
            ? particles.TransposeAndMultiply(particles)
            : particles.TransposeThisAndMultiply(particles));
        // What rounding leaves of an eigenvalue 0 is no direction.
        var floor = 1e-14 * values.Max() * values.Length;
        double[] variances = [.. values.Where(v => v > floor)];
        var total = variances.Sum();
        return total > 0 ? Math.Exp(-variances.Sum(v => v / total * Math.Log(v / total))) : 0;
    }

    /// <summary>
    /// The smallest standard deviation of a . w_1(C_1) over directions |a| = 1 of the inputs: 0 if w_1 stays on a
    /// hyperplane.
    /// </summary>
    public static double LeastDeviation(Ensemble ensemble, ReadOnlySpan<double> state)
    {
        var centred = Centre(Transposed(ensemble.Weights(state, 1)), ensemble.Masses(1));
        return Math.Sqrt(Math.Max(0, Eigenvalues(centred.TransposeThisAndMultiply(centred)).Min()));
    }

    /// <summary>
    /// Puts every w_1(c) on the first axis of the inputs: w_1 has full support no more. Where the law of the data is
    /// symmetric under x_j -> -x_j, j > 1, the labels included, it stays on the axis for all time, the network remains
    /// a function of x_1, and the risk of the (half) squared loss stays above that of E[y | x_1].
    /// </summary>
    public static Subject OnFirstAxis(Subject limit)
    {
        limit.Ensemble.Weights(1).Data[limit.Ensemble.Size(1)..].Clear();
        return limit;
    }

    /// <summary>The eigenvalues of A A^T, the smallest first, of A with so many rows, row-major.</summary>
    public static double[] Spectrum(double[] a, int rows)
    {
        var matrix = Matrix<double>.Build.DenseOfRowMajor(rows, a.Length / rows, a);
        return Eigenvalues(matrix.TransposeAndMultiply(matrix));
    }

    /// <summary>Centred, each row times the root of its mass.</summary>
    private static Matrix<double> Centre(Matrix<double> particles, ReadOnlySpan<double> masses)
    {
        var p = Vector<double>.Build.Dense(masses.ToArray());
        var mean = particles.LeftMultiply(p);
        return particles.MapIndexed((c, j, v) => Math.Sqrt(p[c]) * (v - mean[j]));
    }

    private static double[] Eigenvalues(Matrix<double> symmetric) =>
        [.. symmetric.Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real)];

    private static Matrix<double> Transposed(ReadOnlyMatrixView w) =>
        Matrix<double>.Build.Dense(w.Columns, w.Rows, w.Data.ToArray());      // by columns: those are the rows of w
}
