using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>c_ij = |x_i - y_j|^p, by differences: near points lose no digits.</summary>
internal static class CostMatrix
{
    // Targets per pass: their coordinates stay in the first cache.
    private const int Block = 512;

    /// <param name="dimension">d.</param>
    /// <param name="x">[source, d].</param>
    /// <param name="y">[target, d].</param>
    /// <param name="p">At least 1.</param>
    public static double[] OfDistances(int dimension, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double p)
    {
        var (n, m) = (x.Length / dimension, y.Length / dimension);
        var size = ArraySize.Of("the cost matrix", "take fewer points or the sliced distance", n, m);
        TransportArguments.Extent(dimension, x, y, p);
        var cost = new double[size];
        var columns = new double[ArraySize.Of("a block of points", "take fewer coordinates", dimension, Block)];
        var difference = new double[Block];
        for (var from = 0; from < m; from += Block)
        {
            var width = Math.Min(Block, m - from);
            for (var j = 0; j < width; j++)
                for (var k = 0; k < dimension; k++)
                    columns[k * Block + j] = y[(from + j) * dimension + k];
            for (var i = 0; i < n; i++)
            {
                var row = cost.AsSpan(i * m + from, width);
                for (var k = 0; k < dimension; k++)
                {
                    var d = difference.AsSpan(0, width);
                    TensorPrimitives.Subtract(columns.AsSpan(k * Block, width), x[i * dimension + k], d);
                    TensorPrimitives.MultiplyAdd(d, d, row, row);
                }
                Power(row, p);
            }
        }
        return cost;
    }

    // Squares to p-th powers of distances.
    private static void Power(Span<double> squares, double p)
    {
        if (p == 2) return;
        TensorPrimitives.Sqrt(squares, squares);
        if (p != 1) TensorPrimitives.Pow(squares, p, squares);
    }
}
