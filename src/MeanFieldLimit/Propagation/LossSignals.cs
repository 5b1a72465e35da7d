using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Propagation;

/// <summary>Where the way back begins: D_L(x, k) = weight(x) dl/dyhat_k s_L'(H_L(x, k)).</summary>
internal static class LossSignals
{
    /// <summary>
    /// Sets D_L [point, K] at points from <paramref name="start"/> on, from yhat and s_L'(H_L) there; weights are of all
    /// points, 1 where absent.
    /// </summary>
    internal static void Set(ILoss loss, Dataset data, int start, ReadOnlySpan<double> weights, ReadOnlySpan<double> yhat,
        ReadOnlySpan<double> slopes, Span<double> d)
    {
        var k = data.Outputs;
        for (var n = 0; n < d.Length / k; n++)
        {
            var row = d.Slice(n * k, k);
            loss.Gradient(yhat.Slice(n * k, k), data.Label(start + n), row);
            var weight = weights.IsEmpty ? 1 : weights[start + n];
            for (var j = 0; j < k; j++) row[j] *= weight * slopes[n * k + j];
        }
    }
}
