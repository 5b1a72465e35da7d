using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// A probability density on a grid, by the masses of its cells; constant inside each. Where ends of the grid absorb, it
/// is that of what is still there, of mass 1 - <see cref="Left"/>; moments and quantiles are of the law given that.
/// </summary>
public sealed class Density
{
    private const int GaussNodes = 4;

    private readonly DiscreteMeasure? measure;

    /// <summary>A density; the array is the caller's and not copied.</summary>
    /// <param name="grid">The cells.</param>
    /// <param name="masses">m [cell], not negative, of sum 1.</param>
    /// <exception cref="ArgumentException">The length does not fit, a mass is negative or not finite, or they do not
    /// sum to 1.</exception>
    public Density(Grid grid, double[] masses) : this(grid, masses, new double[grid.Exits])
    {
    }

    /// <summary>A density of which mass has left.</summary>
    /// <param name="grid">The cells.</param>
    /// <param name="masses">m [cell], not negative.</param>
    /// <param name="exits">What left at each of <see cref="Grid.Exits"/>; with the masses of sum 1.</param>
    /// <exception cref="ArgumentException">A length does not fit, a mass is negative or not finite, or they do not sum
    /// to 1.</exception>
    public Density(Grid grid, double[] masses, double[] exits)
    {
        if (exits.Length != grid.Exits)
            throw new ArgumentException($"the grid has {grid.Exits} ends at which mass is counted, got {exits.Length}");
        // A measure asks of its masses what a density does: with what left, as points of the line.
        if (exits.Length == 0) measure = new(grid.Dimension, grid.Centres, masses);
        else if (masses.Length == grid.Count) _ = new DiscreteMeasure(1, new double[grid.Count + exits.Length],
            [.. masses, .. exits]);
        else throw new ArgumentException($"the grid has {grid.Count} cells, got {masses.Length} masses");
        (Grid, Masses, Exits) = (grid, masses, exits);
    }

    /// <summary>The cells.</summary>
    public Grid Grid { get; }

    /// <summary>m [cell].</summary>
    public double[] Masses { get; }

    /// <summary>The mass that left at the ends of the axes, [axis, lower and upper]; empty if none absorbs.</summary>
    public IReadOnlyList<double> Exits { get; }

    /// <summary>The sum of <see cref="Exits"/>.</summary>
    public double Left => Exits.Sum();

    /// <summary>The masses at the centres of the cells.</summary>
    /// <exception cref="InvalidOperationException">Ends absorb: it would not have mass 1.</exception>
    public DiscreteMeasure Measure => measure ?? throw new InvalidOperationException(
        $"a measure must have mass 1, of this density {Left:G6} has left where ends absorb: divide its masses by what "
        + "is there, or take walls");

    /// <summary>
    /// The masses of a density f over the cells, by Gauss's rule of 4 nodes an axis, divided by their sum.
    /// </summary>
    /// <param name="grid">The cells.</param>
    /// <param name="f">x [d] to f(x), not negative.</param>
    /// <param name="lost">How much the integral over the grid may differ from 1; infinite for an f that is not
    /// normalised.</param>
    /// <exception cref="ArgumentException">f is negative or not finite somewhere, or its integral is off.</exception>
    public static Density Of(Grid grid, Func<double[], double> f, double lost = 1e-6)
    {
        var masses = new double[grid.Count];
        var rule = GaussRule.Legendre(GaussNodes);
        var x = new double[grid.Dimension];
        var nodes = (int)Math.Pow(GaussNodes, grid.Dimension);
        var total = 0.0;
        for (var cell = 0; cell < grid.Count; cell++)
        {
            for (var node = 0; node < nodes; node++)
            {
                var weight = grid.CellVolume;
                for (int k = 0, rest = node; k < x.Length; k++, rest /= GaussNodes)
                {
                    var (at, w) = (rule.Nodes[rest % GaussNodes], rule.Weights[rest % GaussNodes]);
                    x[k] = grid.Centres[cell * x.Length + k] + 0.5 * grid.Axes[k].Spacing * at;
                    weight *= w;
                }
                var value = f(x);
                if (!(value >= 0 && double.IsFinite(value)))
                    throw new ArgumentException("a density must be finite and not negative, at "
                        + $"({string.Join(", ", x)}) it is {value}");
                masses[cell] += weight * value;
            }
            total += masses[cell];
        }
        if (!(total > 0) || Math.Abs(total - 1) > lost)
            throw new ArgumentException($"a density must integrate to 1, over the grid it does to {total:R}: widen the "
                + "grid if mass lies outside, refine it if peaks are narrower than a cell, or pass lost: "
                + "double.PositiveInfinity to have it normalised");
        for (var cell = 0; cell < masses.Length; cell++) masses[cell] /= total;
        return new(grid, masses);
    }

    /// <summary>sum_i g(x_i) m_i, which is int g rho up to O(h^2).</summary>
    public double Integral(Func<double[], double> g)
    {
        var x = new double[Grid.Dimension];
        var sum = 0.0;
        for (var cell = 0; cell < Masses.Length; cell++)
        {
            Array.Copy(Grid.Centres, cell * x.Length, x, 0, x.Length);
            sum += Masses[cell] * g(x);
        }
        return sum;
    }

    /// <summary>E x_k, with what <see cref="Covariance"/> says of cells.</summary>
    public double Mean(int axis = 0) => (Integral(x => x[axis]) + Inside(axis, _ => 1)) / There;

    private double There => Exits.Count == 0 ? 1 : Masses.Sum();

    /// <summary>
    /// Cov(x_k, x_l) of a smooth density with these masses as its integrals over cells: inside one, x - centre has the
    /// second moment h^2/12 and, by the slope of the density, the mean (h^2/12) rho'/rho. Where the density vanishes
    /// at the ends these sum to Sheppard's correction, -h^2/12 on the diagonal; at an end where it does not, they hold
    /// too. Of a density with jumps it is right up to O(h^2). Variances are not negative.
    /// </summary>
    public double Covariance(int k = 0, int l = 0)
    {
        var (a, b) = (Mean(k), Mean(l));
        var centres = Integral(x => (x[k] - a) * (x[l] - b)) / There;
        var means = (Inside(k, x => x[l] - b) + Inside(l, x => x[k] - a)) / There;
        return k == l ? Math.Max(0, centres + means + Grid.Axes[k].Spacing * Grid.Axes[k].Spacing / 12)
            : centres + means;
    }

    // sum_i g(x_i) int (x_k - x_ik) rho over cell i, rho with the slope that neighbouring cells show.
    private double Inside(int axis, Func<double[], double> g)
    {
        var x = new double[Grid.Dimension];
        var sum = 0.0;
        for (var cell = 0; cell < Masses.Length; cell++)
        {
            Array.Copy(Grid.Centres, cell * x.Length, x, 0, x.Length);
            sum += Slope(Masses, Grid.Axes[axis], Grid.Stride(axis), cell) * g(x);
        }
        return sum * Grid.Axes[axis].Spacing / 12;
    }

    /// <summary>How masses grow from cell to cell along an axis: the central difference, which extrapolates at ends.
    /// </summary>
    internal static double Slope(double[] masses, Axis axis, int stride, int cell)
    {
        var (n, i) = (axis.Cells, cell / stride % axis.Cells);
        double At(int j) => masses[cell + ((j + n) % n - i) * stride];
        return (axis.Periodic || (i > 0 && i < n - 1) ? At(i + 1) - At(i - 1)
            : i == 0 ? -3 * At(0) + 4 * At(1) - At(2) : 3 * At(i) - 4 * At(i - 1) + At(i - 2)) / 2;
    }

    /// <summary>-int rho log rho of the density that is constant inside cells: above that of a smooth one with the same
    /// masses by (h^2/24) int |grad rho|^2 / rho.</summary>
    public double Entropy => -Masses.Sum(m => m > 0 ? m * Math.Log(m / Grid.CellVolume) : 0);

    /// <summary>Mass in the outermost sixteenth of an axis at ends that are <see cref="AxisEnd.Cut"/>: more than would
    /// lie beyond where the density falls off like a Gaussian, and the same on finer grids.</summary>
    public double CutMass => Enumerable.Range(0, Masses.Length).Where(AtCut).Sum(cell => Masses[cell]);

    /// <summary>The density without it, of the same mass.</summary>
    internal Density WithoutCutMass()
    {
        var (there, cut) = (There, CutMass);
        return new(Grid, [.. Masses.Select((mass, cell) => AtCut(cell) ? 0 : mass * (there / (there - cut)))],
            [.. Exits]);
    }

    private bool AtCut(int cell)
    {
        for (var k = 0; k < Grid.Dimension; k++)
        {
            var (along, at) = (Grid.Axes[k], Grid.Index(cell, k));
            if ((16 * at < along.Cells && along.Lower == AxisEnd.Cut)
                || (16 * (along.Cells - 1 - at) < along.Cells && along.Upper == AxisEnd.Cut)) return true;
        }
        return false;
    }

    /// <summary>The law of one coordinate.</summary>
    /// <exception cref="InvalidOperationException">Mass may have left along the other one.</exception>
    public Density Marginal(int axis)
    {
        if (Enumerable.Range(0, Grid.Dimension).Any(k => k != axis && Grid.Axes[k].Absorbs))
            throw new InvalidOperationException("a marginal must have all mass along the other axis, an end of which "
                + "absorbs: sum the masses of its cells");
        var masses = new double[Grid.Axes[axis].Cells];
        for (var cell = 0; cell < Masses.Length; cell++) masses[Grid.Index(cell, axis)] += Masses[cell];
        return new(new(Grid.Axes[axis]), masses, Grid.Axes[axis].Absorbs ? [Exits[2 * axis], Exits[2 * axis + 1]] : []);
    }

    /// <summary>The same law on a grid of half as many cells along each axis.</summary>
    public Density Coarser()
    {
        var coarse = Grid.Coarser();
        var masses = new double[coarse.Count];
        for (var cell = 0; cell < Masses.Length; cell++)
        {
            var row = Grid.Index(cell, 0) / 2;
            masses[Grid.Dimension == 1 ? row : row * coarse.Axes[1].Cells + Grid.Index(cell, 1) / 2] += Masses[cell];
        }
        return new(coarse, masses, [.. Exits]);
    }

    /// <summary>int |rho - rho'| over a common grid, and the differences of what left: bounds |int g rho - int g rho'|
    /// for |g| at most 1.</summary>
    /// <exception cref="ArgumentException">The grids differ.</exception>
    public double Distance(Density other) => Grid.Axes.SequenceEqual(other.Grid.Axes)
        ? Masses.Zip(other.Masses, (a, b) => Math.Abs(a - b)).Sum()
            + Exits.Zip(other.Exits, (a, b) => Math.Abs(a - b)).Sum()
        : throw new ArgumentException("the distance is of densities on one grid, got "
            + $"{string.Join(" x ", Grid.Axes)} and {string.Join(" x ", other.Grid.Axes)}: refine or coarsen one");

    /// <summary>inf { x : P(X &lt;= x) >= u } of a density on one axis.</summary>
    /// <exception cref="InvalidOperationException">There are two axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">u is not within [0, 1].</exception>
    public double Quantile(double u)
    {
        if (Grid.Dimension != 1)
            throw new InvalidOperationException("quantiles are of laws on one axis: take a marginal first");
        if (!(u >= 0 && u <= 1))
            throw new ArgumentOutOfRangeException(nameof(u), $"a probability must lie within [0, 1], got {u}");
        u *= There;
        var below = 0.0;
        var cell = 0;
        while (cell < Masses.Length - 1 && below + Masses[cell] < u) below += Masses[cell++];
        var inside = Masses[cell] > 0 ? Math.Clamp((u - below) / Masses[cell], 0, 1) : 0;
        return Grid.Axes[0].Start + (cell + inside) * Grid.Axes[0].Spacing;
    }

    /// <summary>Independent points [point, d]: a cell by its mass, then uniform inside it. Their variance is h^2/6
    /// above that of a smooth density.</summary>
    public double[] Sample(int points, RandomStream stream)
    {
        var d = Grid.Dimension;
        var sums = new double[Masses.Length];
        var sum = 0.0;
        for (var cell = 0; cell < sums.Length; cell++) sums[cell] = sum += Masses[cell];
        var result = new double[ArraySize.Of("a sample", "draw fewer points", points, d)];
        for (var p = 0; p < points; p++)
        {
            var draw = (ulong)(p * (d + 1L));
            var found = Array.BinarySearch(sums, stream.Uniform(draw) * sum);
            var cell = Math.Min(found < 0 ? ~found : found, sums.Length - 1);
            for (var k = 0; k < d; k++)
                result[p * d + k] = Grid.Centres[cell * d + k]
                    + (stream.Uniform(draw + 1 + (ulong)k) - 0.5) * Grid.Axes[k].Spacing;
        }
        return result;
    }
}
