namespace MeanFieldLimit.Solvers.Densities;

/// <summary>What an equation on a grid says of a density.</summary>
public static class GridEquations
{
    /// <summary>E(rho); NaN where the equation has none.</summary>
    public static double Energy(this IGridEquation equation, Density density)
    {
        if (equation.Energy is not { } energy) return double.NaN;
        var potential = energy.Potential(density.Masses, new double[density.Masses.Length]);
        return energy.Diffusion > 0 ? potential - energy.Diffusion * density.Entropy : potential;
    }

    /// <summary>
    /// fluxes[axis][face] = mass that passes in unit time: d/dt sum_i g_i m_i is the sum over axes and faces of
    /// flux (g_next - g_i), whatever g.
    /// </summary>
    /// <exception cref="ArgumentException">An end absorbs: mass passes it, and there is no next cell.</exception>
    public static double[][] Fluxes(this IGridEquation equation, double t, Density density)
    {
        if (equation.Grid.Exits > 0)
            throw new ArgumentException("fluxes must be between cells, on this grid mass leaves at ends that absorb: "
                + $"take {nameof(Density)}.{nameof(Density.Exits)} for what left, or walls");
        var faces = new FaceCoefficients(equation.Grid);
        equation.Evaluate(t, density.Masses, faces);
        faces.Complete(density.Masses);
        var fluxes = equation.Grid.Axes.Select(_ => new double[equation.Grid.Count]).ToArray();
        for (var k = 0; k < fluxes.Length; k++) faces.Flux(k, density.Masses, fluxes[k]);
        return fluxes;
    }

    /// <summary>
    /// currents[cell, k] = int rho u_k over the cell up to O(h^2), u being the velocity with d/dt rho = -div(rho u),
    /// that of diffusion included: d/dt int g rho is the sum of grad g(x_i) . currents[i] up to O(h^2).
    /// </summary>
    public static double[] Currents(this IGridEquation equation, double t, Density density)
    {
        var (grid, d) = (equation.Grid, equation.Grid.Dimension);
        var currents = new double[grid.Count * d];
        var fluxes = equation.Fluxes(t, density);
        for (var k = 0; k < d; k++)
            for (var face = 0; face < grid.Count; face++)
            {
                var half = 0.5 * grid.Axes[k].Spacing * fluxes[k][face];
                currents[face * d + k] += half;
                currents[grid.Next(k)[face] * d + k] += half;
            }
        return currents;
    }
}
