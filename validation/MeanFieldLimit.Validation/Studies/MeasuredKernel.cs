namespace MeanFieldLimit.Validation.Studies;

/// <summary>Tangent kernels whose size and change are measured.</summary>
internal static class MeasuredKernel
{
    /// <summary>Points at which they are taken: no more of a data set, spread over it.</summary>
    internal const int MostPoints = 64;

    /// <summary>
    /// n sqrt(m_i m_j) Theta(x_i, x_j) at n points of masses m: its mean square is E_x E_x' Theta(x, x')^2.
    /// </summary>
    internal static double[] Of(Ensemble ensemble, double[] state, Dataset data, IReadOnlyList<double> rates,
        IMatrixEngine engine)
    {
        var points = data.Spread(MostPoints);
        var theta = TangentKernel.Of(ensemble, state, points, rates, engine);
        for (var i = 0; i < theta.Length; i++)
            theta[i] *= points.RootOfMass(i / points.Count) * points.RootOfMass(i % points.Count);
        return theta;
    }
}
