using MathNet.Numerics;

namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = sum_k log(1 + e^(-y_k yhat_k)) for labels y_k = -1 or +1.</summary>
internal sealed class Logistic : ISeparableLoss
{
    public string Name => "logistic";

    public LabelKind Labels => LabelKind.Signs;

    public bool IsConvex => true;

    public double Term(double yhat, double y)
    {
        var margin = y * yhat;
        return Math.Max(-margin, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(margin)));
    }

    public double Slope(double yhat, double y) => -y / (1 + Math.Exp(y * yhat));

    public double Curvature(double yhat, double y)
    {
        var decay = Math.Exp(-Math.Abs(y * yhat));
        return y * y * decay / ((1 + decay) * (1 + decay));
    }
}
