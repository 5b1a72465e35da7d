using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// The discrete Fourier transform X_k = sum_j x_j e^(-2 pi i jk/n), n a power of 2, of 8 r sequences side by side:
/// arrays [j, lane]. Stockham's order of the butterflies needs no bit reversal (Van Loan, Computational Frameworks for
/// the Fast Fourier Transform, 1992, section 1.7), and each root of unity serves a contiguous run of entries.
/// </summary>
internal sealed class Fourier
{
    private readonly int n, lanes;
    private readonly double[] cosines, sines;
    private readonly ConcurrentBag<(double[] Re, double[] Im)> free = [];

    internal Fourier(int n, int lanes)
    {
        (this.n, this.lanes) = (n, lanes);
        (cosines, sines) = (new double[Math.Max(n / 2, 1)], new double[Math.Max(n / 2, 1)]);
        for (var k = 0; k < cosines.Length; k++) (sines[k], cosines[k]) = Math.SinCos(-2 * Math.PI * k / n);
    }

    /// <summary>x + i y to its transform, in place; the one backward is not divided by n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Transform(Span<double> x, Span<double> y, bool backward)
    {
        if (!free.TryTake(out var scratch)) scratch = (new double[n * lanes], new double[n * lanes]);
        var (re, im) = scratch;
        Span<Vector512<double>> fromRe = Vectors(x), fromIm = Vectors(y), toRe = Vectors(re), toIm = Vectors(im);
        var swapped = false;
        for (int half = n / 2, run = lanes / Vector512<double>.Count; half >= 1; half /= 2, run *= 2)
        {
            for (var j = 0; j < half; j++)
            {
                var root = j * (n / (2 * half));
                var c = Vector512.Create(cosines[root]);
                var s = Vector512.Create(backward ? -sines[root] : sines[root]);
                int first = j * run, second = (j + half) * run, sum = 2 * j * run, difference = sum + run;
                for (var k = 0; k < run; k++)
                {
                    Vector512<double> a = fromRe[first + k], b = fromIm[first + k];
                    Vector512<double> p = fromRe[second + k], q = fromIm[second + k];
                    toRe[sum + k] = a + p;
                    toIm[sum + k] = b + q;
                    Vector512<double> u = a - p, v = b - q;
                    toRe[difference + k] = c * u - s * v;
                    toIm[difference + k] = s * u + c * v;
                }
            }
            Span<Vector512<double>> spareRe = fromRe, spareIm = fromIm;
            fromRe = toRe;
            fromIm = toIm;
            toRe = spareRe;
            toIm = spareIm;
            swapped = !swapped;
        }
        if (swapped)
        {
            re.CopyTo(x);
            im.CopyTo(y);
        }
        free.Add(scratch);
    }

    private static Span<Vector512<double>> Vectors(Span<double> values) =>
        MemoryMarshal.Cast<double, Vector512<double>>(values);
}
