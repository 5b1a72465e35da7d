namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = sum_k (yhat_k - y_k)^2 (the convention of Nguyen, arXiv:1902.02880, section 4.2.1).</summary>
internal sealed class Squared : ILoss
{
    private readonly HalfSquared half = new();

    public string Name => "squared";

    public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y) => 2 * half.Value(yhat, y);

    public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient)
    {
        half.Gradient(yhat, y, gradient);
        TensorPrimitives.Multiply(gradient, 2, gradient);
    }
}
