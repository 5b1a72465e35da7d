namespace MeanFieldLimit.Runs;

/// <summary>The law of neurons of two-layer limits or networks at the save times: particles, or cells.</summary>
/// <param name="Dimension">d, the coordinates of a neuron.</param>
/// <param name="Points">x [point, d], one array a save time or one for all.</param>
/// <param name="Masses">m [point], likewise.</param>
/// <param name="Energies">Risk, weight decay and entropy, one entry a save time; NaN where there is no entropy of
/// particles.</param>
public sealed record NeuronLaw(int Dimension, IReadOnlyList<double[]> Points, IReadOnlyList<double[]> Masses,
    IReadOnlyList<double> Energies)
{
    // The exact transport of so many cells takes seconds.
    private const int MostCells = 2500;
    private const double LeastMass = 1e-10;

    /// <summary>The axes of the grid whose cells the points are; empty for particles.</summary>
    public IReadOnlyList<Axis> Axes { get; init; } = [];

    /// <summary>The steps, of minimizing movements.</summary>
    public IReadOnlyList<ProximalStep> Steps { get; init; } = [];

    /// <summary>The law at save time number k.</summary>
    public DiscreteMeasure At(int k) => new(Dimension, Of(Points, k), Of(Masses, k));

    /// <summary>The density at save time number k, of a grid.</summary>
    public Density DensityAt(int k) => new(new([.. Axes]), Of(Masses, k));

    /// <summary>
    /// W_2 to another law at a save time, or at the end of both: exact between the densities that they stand for on the
    /// line, between particles and (coarser) cells in the plane.
    /// </summary>
    public double Distance(NeuronLaw other, int? save = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (k, l) = (save ?? Energies.Count - 1, save ?? other.Energies.Count - 1);
        if (Dimension == 1) return Line(k).Distance(other.Line(l));
        var cells = Math.Min(MostAlong, other.MostAlong);
        return Scaled(Few(k, cells), other.Few(l, cells), (a, b) => Wasserstein.Distance(a, b));
    }

    /// <summary>A measure without points of no more than a mass.</summary>
    public static DiscreteMeasure Heavy(DiscreteMeasure measure, double least)
    {
        ArgumentNullException.ThrowIfNull(measure);
        int[] kept = [.. Enumerable.Range(0, measure.Count).Where(i => measure.Masses[i] > least)];
        var sum = kept.Sum(i => measure.Masses[i]);
        return new(measure.Dimension,
            [.. kept.SelectMany(i => measure.Points.Skip(i * measure.Dimension).Take(measure.Dimension))],
            [.. kept.Select(i => measure.Masses[i] / sum)]);
    }

    /// <summary>A distance that a common factor multiplies, also where squares overflow or vanish.</summary>
    public static double Scaled(DiscreteMeasure a, DiscreteMeasure b,
        Func<DiscreteMeasure, DiscreteMeasure, double> distance)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(distance);
        var scale = PowerOfTwo.Factor(a.Points.Concat(b.Points).Max(Math.Abs));
        return scale == 1 ? distance(a, b) : distance(Scaled(a), Scaled(b)) / scale;

        DiscreteMeasure Scaled(DiscreteMeasure m) => new(m.Dimension, [.. m.Points.Select(x => x * scale)], m.Masses);
    }

    /// <summary>The cells along an axis that are few enough at all times: distances would jump with them.</summary>
    private int MostAlong
    {
        get
        {
            if (Axes.Count == 0) return int.MaxValue;
            var along = Axes[0].Cells;
            for (var most = Masses.Max(all => all.Count(m => m >= LeastMass)); most > MostCells; most /= 4) along /= 2;
            return along;
        }
    }

    private QuantileFunction Line(int k) =>
        Axes.Count > 0 ? QuantileFunction.Of(DensityAt(k)) : QuantileFunction.Of(At(k));

    private DiscreteMeasure Few(int k, int along)
    {
        if (Axes.Count == 0) return Heavy(At(k), LeastMass);
        var density = DensityAt(k);
        while (density.Grid.Axes[0].Cells > along) density = density.Coarser();
        return Heavy(density.Measure, LeastMass);
    }

    private static double[] Of(IReadOnlyList<double[]> arrays, int k) => arrays[Math.Min(k, arrays.Count - 1)];
}
