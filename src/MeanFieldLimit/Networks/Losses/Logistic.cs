using MathNet.Numerics;

namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = sum_k log(1 + e^(-y_k yhat_k)) for labels y_k = -1 or +1.</summary>
internal sealed class Logistic : ILoss
{
    public string Name => "logistic";

    public LabelKind Labels => LabelKind.Signs;

    public double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var k = 0; k < y.Length; k++)
        {
            var margin = y[k] * yhat[k];
            sum += Math.Max(-margin, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(margin)));
        }
        return sum;
    }

    public void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient)
    {
        for (var k = 0; k < y.Length; k++) gradient[k] = -y[k] / (1 + Math.Exp(y[k] * yhat[k]));
    }
}
