namespace MeanFieldLimit.Networks.Losses;

/// <summary>A loss that has second derivatives, which Hessians of the risk need; at a jump those of one side.</summary>
public interface ICurvedLoss : ILoss
{
    /// <summary>product_k = sum_m d2l/dyhat_k dyhat_m direction_m; all spans have length K.</summary>
    void HessianProduct(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, ReadOnlySpan<double> direction,
        Span<double> product);
}
