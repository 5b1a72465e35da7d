using MeanFieldLimit.Solvers.Densities;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Proximal;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Solvers.Transport;

namespace MeanFieldLimit.Validation.Densities;

/// <summary>The law of the neurons of a limit at the save times, as one way of solving it has it.</summary>
/// <param name="Name">The way: grid, particles, jko.</param>
/// <param name="Laws">The law at each save time: centres of cells, or particles.</param>
/// <param name="Energies">Risk, weight decay and entropy at each save time; NaN where there is no entropy of
/// particles.</param>
internal sealed record Description(string Name, IReadOnlyList<DiscreteMeasure> Laws, IReadOnlyList<double> Energies)
{
    // The exact transport of so many cells takes seconds.
    private const int MostCells = 2500;
    private const double LeastMass = 1e-10;

    /// <summary>yhat at the end [data point, K].</summary>
    internal required IReadOnlyList<double> Predictions { get; init; }

    /// <summary>The densities, of a grid.</summary>
    internal IReadOnlyList<Density> Densities { get; init; } = [];

    /// <summary>Steps along kinks without error control, of particles; null without any.</summary>
    internal Sliding? Slid { get; init; }

    /// <summary>The steps, of a minimizing-movement scheme.</summary>
    internal IReadOnlyList<ProximalStep> Steps { get; init; } = [];

    /// <summary>
    /// W_2 of two descriptions at save time k: exact between the densities that they stand for on the line, between
    /// particles and (coarser) cells in the plane.
    /// </summary>
    internal double Distance(Description other, int k)
    {
        if (Laws[k].Dimension == 1) return Line(k).Distance(other.Line(k));
        var cells = Math.Min(MostAlong, other.MostAlong);
        return ScaledDistance.Of(Few(k, cells), other.Few(k, cells), (a, b) => Wasserstein.Distance(a, b));
    }

    /// <summary>
    /// The cells along an axis that are few enough at all times: two grids are compared in the cells of the coarser
    /// one, and distances would jump where the cells changed.
    /// </summary>
    private int MostAlong
    {
        get
        {
            if (Densities.Count == 0) return int.MaxValue;
            var along = Densities[0].Grid.Axes[0].Cells;
            for (var most = Densities.Max(d => d.Masses.Count(m => m >= LeastMass)); most > MostCells; most /= 4)
                along /= 2;
            return along;
        }
    }

    private QuantileFunction Line(int k) =>
        Densities.Count > 0 ? QuantileFunction.Of(Densities[k]) : QuantileFunction.Of(Laws[k]);

    private DiscreteMeasure Few(int k, int along)
    {
        if (Densities.Count == 0) return Heavy(Laws[k], LeastMass);
        var density = Densities[k];
        while (density.Grid.Axes[0].Cells > along) density = density.Coarser();
        return Heavy(density.Measure, LeastMass);
    }

    /// <summary>The measure without points of no more than a mass.</summary>
    internal static DiscreteMeasure Heavy(DiscreteMeasure measure, double least)
    {
        int[] kept = [.. Enumerable.Range(0, measure.Count).Where(i => measure.Masses[i] > least)];
        var sum = kept.Sum(i => measure.Masses[i]);
        return new(measure.Dimension,
            [.. kept.SelectMany(i => measure.Points.Skip(i * measure.Dimension).Take(measure.Dimension))],
            [.. kept.Select(i => measure.Masses[i] / sum)]);
    }
}
