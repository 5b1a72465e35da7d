using MeanFieldLimit.Solvers.Spectra;

namespace MeanFieldLimit.Solvers.Stability;

/// <summary>
/// A symmetric map of symmetric matrices [r, r], for &lt;M, M'> = tr M M', as one of vectors of length r (r + 1) / 2
/// and their own product: elements on the diagonal, and sqrt(2) times those below it.
/// </summary>
/// <param name="rank">r.</param>
/// <param name="map">Sets its second argument to the map of its first; both are used again.</param>
internal sealed class SymmetricMap(int rank, Action<double[], double[]> map) : ISymmetricOperator
{
    private static readonly double Both = Math.Sqrt(2);
    private readonly double[] of = new double[rank * rank], to = new double[rank * rank];

    public int Dimension => Count(rank);

    /// <summary>r (r + 1) / 2.</summary>
    internal static int Count(int rank) => rank * (rank + 1) / 2;

    public void Apply(ReadOnlySpan<double> v, Span<double> result)
    {
        Unpack(v, of);
        map(of, to);
        for (int i = 0, at = 0; i < rank; i++)
        {
            for (var j = 0; j < i; j++) result[at++] = Both * to[i * rank + j];
            result[at++] = to[i * (rank + 1)];
        }
    }

    /// <summary>The matrix of a vector.</summary>
    internal static void Unpack(ReadOnlySpan<double> v, Span<double> m)
    {
        var rank = (int)Math.Sqrt(m.Length);
        for (int i = 0, at = 0; i < rank; i++)
        {
            for (var j = 0; j < i; j++) m[i * rank + j] = m[j * rank + i] = v[at++] / Both;
            m[i * (rank + 1)] = v[at++];
        }
    }
}
