using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Functions;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>A cost matrix and its transpose: O(n m) per pass, one exponential per entry.</summary>
internal sealed class DenseSoftMinimum(double[] cost, double[] transposed) : ISoftMinimum
{
    public double Range { get; } = TensorPrimitives.Max<double>(cost) - TensorPrimitives.Min<double>(cost);

    public void Rows(double epsilon, double[] h, double[] result) => Reduce(epsilon, cost, h, result);

    public void Columns(double epsilon, double[] h, double[] result) => Reduce(epsilon, transposed, h, result);

    /// <summary>-eps log sum_j exp((h_j - c_j) / eps), without overflow; infinity if no h is
    /// finite. work has the length of h.</summary>
    public static double Of(double epsilon, ReadOnlySpan<double> c, ReadOnlySpan<double> h, Span<double> work)
    {
        TensorPrimitives.Subtract(h, c, work);
        var largest = TensorPrimitives.Max<double>(work);
        if (largest == double.NegativeInfinity) return double.PositiveInfinity;
        TensorPrimitives.Subtract(work, largest, work);
        TensorPrimitives.Divide(work, epsilon, work);
        Elementwise.Exp(work, work);
        return -largest - epsilon * Math.Log(TensorPrimitives.Sum<double>(work));
    }

    private static void Reduce(double epsilon, double[] cost, double[] h, double[] result) =>
        Parallel.For(0, result.Length, () => new double[h.Length], (i, _, work) =>
        {
            result[i] = Of(epsilon, cost.AsSpan(i * h.Length, h.Length), h, work);
            return work;
        }, _ => { });
}
