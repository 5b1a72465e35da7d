namespace MeanFieldLimit.Solvers.Measures;

/// <summary>A functional with a second variation.</summary>
public interface ISmoothFunctional : IFunctional
{
    /// <summary>
    /// second[i, j] = (delta^2 F / delta mu^2)(x_i, x_j), [particle, particle]: F(mu + e chi) = F(mu) + e int
    /// (delta F / delta mu) d chi + e^2 / 2 int (delta^2 F / delta mu^2) d chi d chi + o(e^2).
    /// </summary>
    void SecondVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> second);
}
