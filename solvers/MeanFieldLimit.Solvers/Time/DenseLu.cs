using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>The factorization P A = L U of a small dense matrix by rows, with partial pivoting; it allocates
/// once.</summary>
internal sealed class DenseLu(int n)
{
    private const int Few = 8;

    private readonly int[] pivots = new int[n];

    /// <summary>A, [n, n] row-major; overwritten by its factors.</summary>
    internal double[] Matrix { get; } = new double[n * n];

    private Span<double> Row(int i, int from) => Matrix.AsSpan(i * n + from, n - from);

    /// <summary>Factors <see cref="Matrix"/>; false where it is singular or not finite.</summary>
    internal bool Factor()
    {
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
                if (Math.Abs(Matrix[i * n + k]) > Math.Abs(Matrix[pivot * n + k])) pivot = i;
            pivots[k] = pivot;
            if (pivot != k)
                for (var j = 0; j < n; j++)
                    (Matrix[k * n + j], Matrix[pivot * n + j]) = (Matrix[pivot * n + j], Matrix[k * n + j]);
            var diagonal = Matrix[k * n + k];
            if (diagonal == 0 || !double.IsFinite(diagonal)) return false;
            for (var i = k + 1; i < n; i++)
            {
                var factor = Matrix[i * n + k] /= diagonal;
                if (factor != 0) TensorPrimitives.MultiplyAdd(Row(k, k + 1), -factor, Row(i, k + 1), Row(i, k + 1));
            }
        }
        return true;
    }

    /// <summary>x = A^-1 x.</summary>
    internal void Solve(double[] x)
    {
        for (var k = 0; k < n; k++)
            if (pivots[k] != k) (x[k], x[pivots[k]]) = (x[pivots[k]], x[k]);
        for (var i = 1; i < n; i++)
            x[i] -= Dot(Matrix.AsSpan(i * n, i), x.AsSpan(0, i));
        for (var i = n - 1; i >= 0; i--)
            x[i] = (x[i] - Dot(Row(i, i + 1), x.AsSpan(i + 1))) / Matrix[i * n + i];
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        // Of a few numbers the call is most of the time.
        if (a.Length >= Few) return TensorPrimitives.Dot(a, b);
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
