namespace MeanFieldLimit.Networks.Losses;

/// <summary>l = sum_k r_k^2 / 2 for |r_k| up to 1, |r_k| - 1/2 beyond; r = yhat - y (Huber 1964, delta = 1).</summary>
internal sealed class Huber : ISeparableLoss
{
    public string Name => "huber";

    public bool HasKinks => true;

    public bool IsConvex => true;

    public double Term(double yhat, double y)
    {
        var r = Math.Abs(yhat - y);
        return r <= 1 ? r * r / 2 : r - 0.5;
    }

    public double Slope(double yhat, double y) => Math.Clamp(yhat - y, -1, 1);

    public double Curvature(double yhat, double y) => Math.Abs(yhat - y) <= 1 ? 1 : 0;
}
