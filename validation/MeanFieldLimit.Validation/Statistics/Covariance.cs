using MathNet.Numerics.LinearAlgebra;

namespace MeanFieldLimit.Validation.Statistics;

/// <summary>Covariances of vectors over replicates, [replicate][component].</summary>
internal static class Covariance
{
    // Their standard deviation to 5 %; a matrix for each would take long for 2000.
    private const int Resamples = 200;

    /// <summary>1/(S-1) sum_s (v_s - mean)(v_s - mean)^T over the replicates drawn.</summary>
    internal static Matrix<double> Of(double[][] vectors, IReadOnlyList<int> drawn)
    {
        var rows = Matrix<double>.Build.DenseOfRows(drawn.Select(s => vectors[s]));
        var mean = rows.ColumnSums() / drawn.Count;
        for (var s = 0; s < drawn.Count; s++) rows.SetRow(s, rows.Row(s) - mean);
        return rows.TransposeThisAndMultiply(rows) / (drawn.Count - 1);
    }

    /// <summary>
    /// |Cov a - Cov b| / |Cov b| in the Frobenius norm, and its statistical error: what sampling alone would make of
    /// it, the root mean square over bootstrap samples of the replicates of the change of Cov a - Cov b. Replicates are
    /// resampled as a whole, since a and b share them.
    /// </summary>
    internal static (double Distance, double Error) Distance(double[][] a, double[][] b, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, a.Length)];
        var reference = Of(b, all);
        var difference = Of(a, all) - reference;
        var square = Bootstrap.Draws(a.Length, seed, Resamples)
            .Select(drawn => (Of(a, drawn) - Of(b, drawn) - difference).FrobeniusNorm()).Sum(v => v * v / Resamples);
        return (difference.FrobeniusNorm() / reference.FrobeniusNorm(), Math.Sqrt(square) / reference.FrobeniusNorm());
    }

    /// <summary>
    /// |S - C| / |C| in the Frobenius norm for the covariance S of so many samples of a normal law with covariance C: its
    /// rms, E|S - C|^2 = (tr(C)^2 + |C|^2) / (samples - 1), and what it exceeds in about 5 %: the square is a sum of
    /// squares of normal variables, with the standard deviation 2 sqrt(|C^2|^2 + |C|^4) / (samples - 1) to first order,
    /// and two of these are added.
    /// </summary>
    internal static (double Rms, double Most) Sampling(Matrix<double> c, int samples)
    {
        var norm = c.FrobeniusNorm();
        var mean = (Math.Pow(c.Trace() / norm, 2) + 1) / (samples - 1);
        var deviation = 2 * Math.Sqrt(Math.Pow((c / norm * c / norm).FrobeniusNorm(), 2) + 1) / (samples - 1);
        return (Math.Sqrt(mean), Math.Sqrt(mean + 2 * deviation));
    }

    /// <summary>The <paramref name="count"/> leading eigenvectors, the largest first.</summary>
    internal static double[][] Leading(Matrix<double> covariance, int count) =>
        [.. covariance.Evd(Symmetricity.Symmetric).EigenVectors.ToColumnArrays().Reverse().Take(count)];
}
