namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = 1/2 sum_k (yhat_k - y_k)^2.</summary>
internal sealed class HalfSquared : ILoss
{
    public string Name => "half-squared";

    public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var k = 0; k < y.Length; k++) sum += (yhat[k] - y[k]) * (yhat[k] - y[k]);
        return sum / 2;
    }

    public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient) =>
        TensorPrimitives.Subtract(yhat, y, gradient);
}
