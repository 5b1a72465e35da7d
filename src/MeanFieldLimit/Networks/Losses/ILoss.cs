namespace MeanFieldLimit.Networks.Losses;

/// <summary>A loss l(yhat, y) of one data point with K outputs; the risk is its expectation over the data.</summary>
public interface ILoss : INamed
{
    /// <summary>What labels it is defined on; of any kind but real numbers the error rate is counted.</summary>
    LabelKind Labels => LabelKind.Real;

    /// <summary>Whether its second derivative in yhat jumps.</summary>
    bool HasKinks => false;

    /// <summary>Whether it is convex in yhat; one that does not say so is not taken to be.</summary>
    bool IsConvex => false;

    /// <summary>l(yhat, y); both spans have length K.</summary>
    double Value(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y);

    /// <summary>gradient_k = dl/dyhat_k; all spans have length K.</summary>
    void Gradient(ReadOnlySpan<double> yhat, ReadOnlySpan<double> y, Span<double> gradient);
}
