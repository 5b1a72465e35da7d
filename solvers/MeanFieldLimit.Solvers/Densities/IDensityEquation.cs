namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// An equation d/dt rho = -div(v rho) + div(D grad rho) for a density, whose v and D may depend on the density itself.
/// It knows no grid.
/// </summary>
public interface IDensityEquation
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>The equation on the cells of a grid.</summary>
    /// <exception cref="ArgumentException">The dimensions differ, or a coefficient is not finite somewhere.</exception>
    IGridEquation On(Grid grid);
}

/// <summary>An equation on the cells of a grid. Not for two threads at once: it may keep scratch.</summary>
public interface IGridEquation
{
    /// <summary>The cells.</summary>
    Grid Grid { get; }

    /// <summary>Sets v . e and D at the faces, as the masses at time t determine them.</summary>
    void Evaluate(double t, ReadOnlySpan<double> masses, FaceCoefficients faces);

    /// <summary>The energy that the equation dissipates, null where there is none.</summary>
    IDensityEnergy? Energy { get; }
}

/// <summary>E(rho) = P(rho) + D int rho log rho, with P differentiable.</summary>
public interface IDensityEnergy
{
    /// <summary>P, and at each cell its first variation.</summary>
    double Potential(ReadOnlySpan<double> masses, Span<double> variation);

    /// <summary>v . e at the faces: the slope of -variation; and D.</summary>
    void Descend(ReadOnlySpan<double> variation, FaceCoefficients faces);

    /// <summary>D.</summary>
    double Diffusion { get; }

    /// <summary>A bound on the magnitudes whose rounding enters P.</summary>
    double Magnitude { get; }
}
