using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Kernels;

/// <summary>Expectations of an activation over all pairs of points with jointly normal pre-activations.</summary>
internal interface IPairs
{
    /// <summary>A bound of the error of each expectation; 0 for rounding alone.</summary>
    double Error { get; }

    /// <summary>
    /// Row i of the covariances, of points 0..count - 1, becomes that of E s s; <paramref name="slopes"/> that of
    /// E s' s'.
    /// </summary>
    void Row(int i, Span<double> covariances, Span<double> slopes);

    /// <summary>
    /// In closed form where there is one, else by series, of half as many terms and nodes at most where
    /// <paramref name="coarser"/>; the variances are those of all points.
    /// </summary>
    static IPairs Of(IActivation activation, double[] variances, IMatrixEngine engine, bool coarser = false) =>
        activation is IClosedPairs closed ? new ClosedPairs(closed, variances)
            : MehlerSeries.Of(activation, variances, engine, coarser);

    private sealed class ClosedPairs(IClosedPairs activation, double[] variances) : IPairs
    {
        public double Error => 0;

        public void Row(int i, Span<double> covariances, Span<double> slopes) =>
            activation.Over(variances[i], variances.AsSpan(0, covariances.Length), covariances, slopes);
    }
}
