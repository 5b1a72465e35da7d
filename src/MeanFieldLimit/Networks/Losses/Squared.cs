namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = sum_k (yhat_k - y_k)^2 (the convention of Nguyen, arXiv:1902.02880, section 4.2.1).</summary>
internal sealed class Squared : ISeparableLoss
{
    public string Name => "squared";

    public bool IsConvex => true;

    public double Term(double yhat, double y) => (yhat - y) * (yhat - y);

    public double Slope(double yhat, double y) => 2 * (yhat - y);

    public double Curvature(double yhat, double y) => 2;
}
