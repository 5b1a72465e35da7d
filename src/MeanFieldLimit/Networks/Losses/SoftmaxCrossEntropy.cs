namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = -sum_k y_k log softmax(yhat)_k for y a probability vector (one-hot labels).</summary>
internal sealed class SoftmaxCrossEntropy : ICurvedLoss
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
        Softmax(yhat, gradient);
        var mass = TensorPrimitives.Sum(y);
        for (var k = 0; k < y.Length; k++) gradient[k] = mass * gradient[k] - y[k];
    }

    // With p = softmax(yhat): sum_k y_k (diag(p) - p p^T).
    public void HessianProduct(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, ReadOnlySpan<double> direction,
        Span<double> product)
    {
        Softmax(yhat, product);
        var (mass, mean) = (TensorPrimitives.Sum(y), TensorPrimitives.Dot(product, direction));
        for (var k = 0; k < y.Length; k++) product[k] *= mass * (direction[k] - mean);
    }

    private static void Softmax(ReadOnlySpan<double> yhat, Span<double> p)
    {
        TensorPrimitives.Subtract(yhat, TensorPrimitives.Max(yhat), p);
        Elementwise.Exp(p, p);
        TensorPrimitives.Divide(p, TensorPrimitives.Sum<double>(p), p);
    }
}
