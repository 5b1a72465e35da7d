namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = sum_k (yhat_k - y_k)^2 (the convention of Nguyen, arXiv:1902.02880, section 4.2.1).</summary>
internal sealed class Squared : ILoss
{
    public string Name => "squared";

    public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var k = 0; k < y.Length; k++) sum += (yhat[k] - y[k]) * (yhat[k] - y[k]);
        return sum;
    }

    public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient)
    {
        for (var k = 0; k < y.Length; k++) gradient[k] = 2 * (yhat[k] - y[k]);
    }
}
