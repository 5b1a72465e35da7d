using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>The cells of a regular grid in two dimensions, row-major; their centres are (r, c) times the spacings.
/// </summary>
/// <param name="Rows">At least 1.</param>
/// <param name="Columns">At least 1.</param>
/// <param name="RowSpacing">Between rows, positive.</param>
/// <param name="ColumnSpacing">Between columns, positive.</param>
public sealed record GridCells(int Rows, int Columns, double RowSpacing, double ColumnSpacing)
{
    /// <inheritdoc cref="GridCells"/>
    public int Rows { get; } = AtLeastOne(Rows, nameof(Rows));

    /// <inheritdoc cref="GridCells"/>
    public int Columns { get; } = AtLeastOne(Columns, nameof(Columns));

    /// <inheritdoc cref="GridCells"/>
    public double RowSpacing { get; } = Positive(RowSpacing, nameof(RowSpacing));

    /// <inheritdoc cref="GridCells"/>
    public double ColumnSpacing { get; } = Positive(ColumnSpacing, nameof(ColumnSpacing));

    /// <summary>Rows * Columns.</summary>
    public int Count { get; } = ArraySize.Of("the points of a grid", "take fewer cells", Rows, Columns, 2) / 2;

    /// <summary>The cells with these masses, as points; cells without mass are left out.</summary>
    /// <param name="masses">[row, column], not negative, of sum 1: densities times the area of a cell.</param>
    /// <exception cref="ArgumentException">The length does not fit, a mass is negative or they do not sum to 1.
    /// </exception>
    public DiscreteMeasure Measure(double[] masses)
    {
        var all = Checked(masses);
        int[] kept = [.. Enumerable.Range(0, Count).Where(k => masses[k] > 0)];
        return new(2, [.. kept.SelectMany(k => all.Points[(2 * k)..(2 * k + 2)])], [.. kept.Select(k => masses[k])]);
    }

    internal DiscreteMeasure Checked(double[] masses)
    {
        if (masses.Length != Count)
            throw new ArgumentException($"a grid of {Rows} x {Columns} cells has {Count} masses, got {masses.Length}");
        var points = new double[2 * Count];
        for (var k = 0; k < Count; k++)
            (points[2 * k], points[2 * k + 1]) = (k / Columns * RowSpacing, k % Columns * ColumnSpacing);
        return new(2, points, masses);
    }

    private static int AtLeastOne(int value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1, got {value}");

    private static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be positive and finite, got {value}");
}
