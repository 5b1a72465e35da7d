using System.Globalization;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// Direction numbers of Sobol' sequences, new-joe-kuo-6: S. Joe and F. Y. Kuo, Constructing Sobol sequences with
/// better two-dimensional projections, SIAM J. Sci. Comput. 30, 2635-2654 (2008).
/// </summary>
internal static class JoeKuo
{
    public const int MaxDimension = 1111;

    /// <summary>Binary digits of a coordinate, the first the most significant.</summary>
    public const int Digits = 52;

    /// <summary>Direction numbers per dimension: enough for any int as point number.</summary>
    public const int Columns = 31;

    /// <summary>
    /// <c>v_k = m_k 2^(Digits - k)</c>, k = 1..Columns, [dimension, k]; dimension 1 has m_k = 1, the others
    /// <c>v_k = a_1 v_{k-1} ^ ... ^ a_{s-1} v_{k-s+1} ^ v_{k-s} ^ (v_{k-s} >> s)</c>.
    /// </summary>
    public static ulong[] Directions(int dimension)
    {
        var v = new ulong[dimension * Columns];
        for (var k = 0; k < Columns && dimension > 0; k++)
            v[k] = 1UL << (Digits - 1 - k);

        using var reader = new StreamReader(typeof(JoeKuo).Assembly.GetManifestResourceStream("joe-kuo-6.txt")!);
        for (var j = 1; j < dimension;)
        {
            var line = reader.ReadLine()!;
            if (!line.StartsWith('#'))
                Extend(Array.ConvertAll(line.Split(' '), m => ulong.Parse(m, CultureInfo.InvariantCulture)),
                    v.AsSpan(Columns * j++, Columns));
        }

        return v;
    }

    // line: the coefficients a_1 ... a_{s-1} as one binary number, then m_1 ... m_s.
    private static void Extend(ReadOnlySpan<ulong> line, Span<ulong> v)
    {
        var (a, degree) = (line[0], line.Length - 1);
        for (var k = 0; k < v.Length; k++)
        {
            if (k < degree)
            {
                v[k] = line[1 + k] << (Digits - 1 - k);
                continue;
            }

            v[k] = v[k - degree] ^ (v[k - degree] >> degree);
            for (var back = 1; back < degree; back++)
                if ((a >> (degree - 1 - back) & 1) == 1)
                    v[k] ^= v[k - back];
        }
    }
}
