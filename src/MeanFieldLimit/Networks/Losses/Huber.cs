namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = sum_k r_k^2 / 2 for |r_k| up to 1, |r_k| - 1/2 beyond; r = yhat - y (Huber 1964, delta = 1).</summary>
internal sealed class Huber : ILoss
{
    public string Name => "huber";

    public bool HasKinks => true;

    public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var k = 0; k < y.Length; k++)
        {
            var r = Math.Abs(yhat[k] - y[k]);
            sum += r <= 1 ? r * r / 2 : r - 0.5;
        }
        return sum;
    }

    public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient)
    {
        for (var k = 0; k < y.Length; k++) gradient[k] = Math.Clamp(yhat[k] - y[k], -1, 1);
    }
}
