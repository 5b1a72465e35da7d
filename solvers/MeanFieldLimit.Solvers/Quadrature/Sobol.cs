using System.Numerics;
using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// N points of a randomised Sobol' sequence of mass 1/N each, up to 1111 dimensions, in Gray code order; point i is
/// the same for every N. Each point alone is uniform, so every mean is unbiased; for smooth integrands the rms error
/// falls like N^-1.5 (log N)^((d-1)/2) along powers of two. Take N a power of two: other N break the balance of the
/// points and lose about half a power of N. Streams give independent randomisations.
/// </summary>
public sealed class Sobol : IQuadratureRule
{
    /// <summary>The most coordinates there are direction numbers for.</summary>
    public const int MostDimensions = JoeKuo.MaxDimension;

    private readonly int count;
    private readonly RandomStream stream;

    /// <summary>The rule of <paramref name="count"/> points, randomised by <paramref name="stream"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public Sobol(int count, RandomStream stream) =>
        (this.count, this.stream) = (EqualMassNodes.Positive(count), stream);

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws) => EqualMassNodes.Count(count, laws);

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws)
    {
        if (laws.Count > JoeKuo.MaxDimension)
            throw new ArgumentException(
                $"a Sobol rule must have at most {JoeKuo.MaxDimension} coordinates, got {laws.Count}: "
                + "take Monte Carlo, which has no such limit", nameof(laws));
        var nodes = EqualMassNodes.Count(count, laws);
        var points = EqualMassNodes.NewPoints(nodes, laws.Count);
        var directions = JoeKuo.Directions(laws.Count);
        var shift = new ulong[laws.Count];
        Scramble(directions, shift);
        Walk(directions, shift, points);
        return EqualMassNodes.FromUnitCube(points, nodes, laws);
    }

    /// <summary>Point i + 1 is point i with one direction number added, that of the lowest zero bit of i.</summary>
    internal static void Walk(ulong[] directions, ulong[] start, Span<double> points)
    {
        var digits = (ulong[])start.Clone();
        for (int i = 0, at = 0; at < points.Length; i++)
        {
            var column = BitOperations.TrailingZeroCount(~i);
            for (var j = 0; j < digits.Length; j++, at++)
            {
                points[at] = (digits[j] + 0.5) / (1L << JoeKuo.Digits);
                digits[j] ^= directions[j * JoeKuo.Columns + Math.Min(column, JoeKuo.Columns - 1)];
            }
        }
    }

    // A random lower triangular matrix L with unit diagonal times each coordinate's digits, then a random digital
    // shift. Alternatives: (1) a shift alone, unbiased, but the rate stays that of the plain net, N^-1; (2) nested
    // uniform scrambling (A. B. Owen, J. Complexity 14, 466-489, 1998), one random permutation per prefix of every
    // digit; (3) hashes that approximate it; (4) here: L and a shift (J. Matousek, J. Complexity 14, 527-556, 1998)
    // have the variance of (2) (A. B. Owen, ACM TOMACS 13, 363-378, 2003), and as the map is linear it acts on the
    // 31 direction numbers once, not on every point. Any L keeps the (t, m, d)-net.
    private void Scramble(Span<ulong> directions, Span<ulong> shift)
    {
        const ulong AllDigits = (1UL << JoeKuo.Digits) - 1;
        const int DrawsPerDimension = JoeKuo.Columns + 1;
        Span<ulong> columns = stackalloc ulong[JoeKuo.Columns];
        for (var j = 0; j < shift.Length; j++)
        {
            var draw = (ulong)j * DrawsPerDimension;
            for (var k = 0; k < columns.Length; k++)
            {
                var diagonal = 1UL << (JoeKuo.Digits - 1 - k);
                columns[k] = diagonal | (stream.Bits(draw + (ulong)k) & (diagonal - 1));
            }

            shift[j] = stream.Bits(draw + JoeKuo.Columns) & AllDigits;
            foreach (ref var v in directions.Slice(j * JoeKuo.Columns, JoeKuo.Columns))
                v = Product(columns, v);
        }
    }

    private static ulong Product(ReadOnlySpan<ulong> columns, ulong digits)
    {
        ulong product = 0;
        for (var k = 0; k < columns.Length; k++)
            if ((digits >> (JoeKuo.Digits - 1 - k) & 1) == 1)
                product ^= columns[k];
        return product;
    }
}
