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
        var count = a.Length;
        int[] all = [.. Enumerable.Range(0, count)];
        var reference = Of(b, all);
        var difference = Of(a, all) - reference;
        var stream = Streams.Bootstrap(seed);
        var squares = 0.0;
        for (var r = 0; r < Resamples; r++)
        {
            int[] drawn = [.. all.Select(s => stream.Below((ulong)r * (ulong)count + (ulong)s, count))];
            var change = (Of(a, drawn) - Of(b, drawn) - difference).FrobeniusNorm();
            squares += change * change / Resamples;
        }
        return (difference.FrobeniusNorm() / reference.FrobeniusNorm(), Math.Sqrt(squares) / reference.FrobeniusNorm());
    }

    /// <summary>The <paramref name="count"/> leading eigenvectors, the largest first.</summary>
    internal static double[][] Leading(Matrix<double> covariance, int count) =>
        [.. covariance.Evd(Symmetricity.Symmetric).EigenVectors.ToColumnArrays().Reverse().Take(count)];
}
