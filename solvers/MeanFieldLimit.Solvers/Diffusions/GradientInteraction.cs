using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// felt[i, :] = grad (delta F / delta mu)(x_i). With drift -felt and noise sqrt(2 T) the particles make the mean-field
/// Langevin dynamics, the gradient flow of F(mu) + T int log mu d mu. Cost: one <see cref="IFunctional.Gradient"/>.
/// </summary>
public sealed class GradientInteraction(IFunctional functional) : IParticleInteraction
{
    /// <inheritdoc/>
    public int Dimension => functional.Dimension;

    /// <inheritdoc/>
    public int Size => functional.Dimension;

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> felt) =>
        functional.Gradient(points, masses, felt);
}
