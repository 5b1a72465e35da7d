using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Functions;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>softmin_j (c_j - h_j) = -eps log sum_j exp((h_j - c_j) / eps), without overflow.</summary>
internal static class SoftMinimum
{
    // Smaller terms are nothing beside the largest, 1, and exp of them is slow.
    private const double LeastExponent = -650;

    /// <summary>The soft minimum, infinity if no h is finite. work has the length of h.</summary>
    public static double Of(double epsilon, ReadOnlySpan<double> c, ReadOnlySpan<double> h, Span<double> work)
    {
        var (least, sum) = Terms(epsilon, c, h, work);
        return least - epsilon * Math.Log(sum);
    }

    /// <summary>Leaves the terms of the sum, divided by it, in shares: exp((result + h_j - c_j) / eps), where that is
    /// above e^-650.</summary>
    public static double WithShares(double epsilon, ReadOnlySpan<double> c, ReadOnlySpan<double> h, Span<double> shares)
    {
        var (least, sum) = Terms(epsilon, c, h, shares);
        TensorPrimitives.Divide(shares, sum, shares);
        return least - epsilon * Math.Log(sum);
    }

    // min_j (c_j - h_j), and the sum of the terms exp((min + h_j - c_j) / eps).
    private static (double Least, double Sum) Terms(
        double epsilon, ReadOnlySpan<double> c, ReadOnlySpan<double> h, Span<double> terms)
    {
        TensorPrimitives.Subtract(h, c, terms);
        var largest = TensorPrimitives.Max<double>(terms);
        if (largest == double.NegativeInfinity) return (double.PositiveInfinity, 1);
        TensorPrimitives.Subtract(terms, largest, terms);
        TensorPrimitives.Divide(terms, epsilon, terms);
        TensorPrimitives.Max(terms, LeastExponent, terms);
        Elementwise.Exp(terms, terms);
        return (-largest, TensorPrimitives.Sum<double>(terms));
    }
}
