using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Validation.Densities;

/// <summary>Particles down a functional: dx_i/dt = -grad (delta F / delta mu)(x_i), the state being [particle,
/// d].</summary>
internal sealed class FunctionalFlow(IFunctional functional, double[] masses) : IVectorField
{
    public int Dimension => masses.Length * functional.Dimension;

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        functional.Gradient(y, masses, velocity);
        System.Numerics.Tensors.TensorPrimitives.Negate(velocity, velocity);
    }
}
