namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = -sum_k y_k log softmax(yhat)_k for y a probability vector (one-hot labels).</summary>
internal sealed class SoftmaxCrossEntropy : ILoss
{
    public string Name => "softmax-cross-entropy";

    public LabelKind Labels => LabelKind.OneHot;

    public bool IsConvex => true;

    public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y)
    {
        var largest = TensorPrimitives.Max(yhat);
        double sum = 0, chosen = 0, mass = 0;
        for (var k = 0; k < y.Length; k++)
        {
            sum += Math.Exp(yhat[k] - largest);
            chosen += y[k] * (yhat[k] - largest);
            mass += y[k];
        }
        return mass * Math.Log(sum) - chosen;
    }

    public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient)
    {
        TensorPrimitives.Subtract(yhat, TensorPrimitives.Max(yhat), gradient);
        Elementwise.Exp(gradient, gradient);
        TensorPrimitives.Divide(gradient, TensorPrimitives.Sum<double>(gradient), gradient);
        var mass = TensorPrimitives.Sum(y);
        for (var k = 0; k < y.Length; k++) gradient[k] = mass * gradient[k] - y[k];
    }
}
