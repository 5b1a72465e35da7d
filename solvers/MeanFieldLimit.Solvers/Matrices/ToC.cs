using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Sums as they go into C: c = alpha s + beta f, where beta = 0 does not read f, which may be c.</summary>
internal static unsafe class ToC
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<double> s, double alpha, double beta, double* f, double* c) => (beta == 0 ? s * alpha
        : Vector512.MultiplyAddEstimate(s, Vector512.Create(alpha), Vector512.Load(f) * beta)).Store(c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector256<double> s, double alpha, double beta, double* f, double* c) => (beta == 0 ? s * alpha
        : Vector256.MultiplyAddEstimate(s, Vector256.Create(alpha), Vector256.Load(f) * beta)).Store(c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector128<double> s, double alpha, double beta, double* f, double* c) => (beta == 0 ? s * alpha
        : Vector128.MultiplyAddEstimate(s, Vector128.Create(alpha), Vector128.Load(f) * beta)).Store(c);

    public static void Put(double s, double alpha, double beta, double* f, double* c) =>
        *c = beta == 0 ? alpha * s : double.MultiplyAddEstimate(alpha, s, beta * *f);
}
