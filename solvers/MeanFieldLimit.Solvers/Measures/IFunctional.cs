namespace MeanFieldLimit.Solvers.Measures;

/// <summary>
/// A functional F of measures on R^d that is differentiable: a potential energy int V d mu, an interaction energy
/// 1/2 int int W(x - y) d mu d mu, the risk of a two-layer network over the law of its neurons. Its Wasserstein
/// gradient flow moves x with the velocity -grad (delta F / delta mu)(x).
/// </summary>
/// <remarks>Spans rather than a <see cref="DiscreteMeasure"/>: this is called in inner loops, on points that move.
/// </remarks>
public interface IFunctional
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>F(mu).</summary>
    /// <param name="points">x [particle, d].</param>
    /// <param name="masses">m [particle].</param>
    double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses);

    /// <summary>
    /// variation[i] = (delta F / delta mu)(x_i) with lim (F(mu + e chi) - F(mu)) / e = int (delta F / delta mu) d chi,
    /// where each constant that could be added is left as the formula gives it.
    /// </summary>
    void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation);

    /// <summary>gradient[i, :] = grad (delta F / delta mu)(x_i), [particle, d]; = (d F / d x_i) / m_i where m_i > 0.
    /// </summary>
    void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient);
}
