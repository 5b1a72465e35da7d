namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = 1/2 sum_k (yhat_k - y_k)^2.</summary>
internal sealed class HalfSquared : ISeparableLoss
{
    public string Name => "half-squared";

    public bool IsConvex => true;

    public double Term(double yhat, double y) => (yhat - y) * (yhat - y) / 2;

    public double Slope(double yhat, double y) => yhat - y;

    public double Curvature(double yhat, double y) => 1;
}
