namespace MeanFieldLimit.Networks.Losses;

/// <summary>A loss that is a sum over the outputs, l = sum_k term(yhat_k, y_k).</summary>
internal interface ISeparableLoss : ICurvedLoss
{
    double Term(double yhat, double y);

    /// <summary>d term / d yhat.</summary>
    double Slope(double yhat, double y);

    /// <summary>d^2 term / d yhat^2.</summary>
    double Curvature(double yhat, double y);

    double ILoss.Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var k = 0; k < y.Length; k++) sum += Term(yhat[k], y[k]);
        return sum;
    }

    void ILoss.Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient)
    {
        for (var k = 0; k < y.Length; k++) gradient[k] = Slope(yhat[k], y[k]);
    }

    void ICurvedLoss.HessianProduct(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, ReadOnlySpan<double> direction,
        Span<double> product)
    {
        for (var k = 0; k < y.Length; k++) product[k] = Curvature(yhat[k], y[k]) * direction[k];
    }
}
