using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// The cells of one axis or of two, row-major: cell (i, j) of two has the index i * n_1 + j. The face of a cell along
/// an axis is the one that it shares with the next cell, and has the cell's index; at the end of an axis that is not
/// periodic no next cell exists, and nothing passes.
/// </summary>
public sealed class Grid
{
    /// <summary>A multiple of the lines that a sweep solves side by side.</summary>
    internal const int LinesOfPiece = 32;

    private readonly int[][] next;

    /// <summary>A grid.</summary>
    /// <exception cref="ArgumentException">There are not one or two axes, or too many cells.</exception>
    public Grid(params Axis[] axes)
    {
        if (axes.Length is not (1 or 2))
            throw new ArgumentException($"a grid has one axis or two, got {axes.Length}: in more dimensions use "
                + "particles");
        Axes = axes;
        Count = ArraySize.Of("the centres of a grid", "take fewer cells", [.. axes.Select(axis => (long)axis.Cells),
            axes.Length]) / axes.Length;
        CellVolume = axes.Aggregate(1.0, (product, axis) => product * axis.Spacing);
        Centres = new double[Count * Dimension];
        for (var cell = 0; cell < Count; cell++)
            for (var k = 0; k < Dimension; k++) Centres[cell * Dimension + k] = axes[k].Centre(Index(cell, k));
        next = [.. axes.Select((axis, k) => Enumerable.Range(0, Count)
            .Select(cell => cell + Stride(k) * (Index(cell, k) < axis.Cells - 1 ? 1 : 1 - axis.Cells)).ToArray())];
    }

    private Grid(Grid same)
    {
        (Axes, Count, CellVolume) = (same.Axes, same.Count, same.CellVolume);
        (Centres, next) = (same.Centres, same.next);
    }

    /// <summary>The axes.</summary>
    public IReadOnlyList<Axis> Axes { get; }

    /// <summary>How many threads share the work on its lines; no bit depends on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Threads
    {
        get;
        init => field = value >= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"threads must be at least 1, got {value}");
    } = 1;

    /// <summary>d, 1 or 2.</summary>
    public int Dimension => Axes.Count;

    /// <summary>Number of cells.</summary>
    public int Count { get; }

    /// <summary>Length or area of a cell.</summary>
    public double CellVolume { get; }

    /// <summary>Centres of the cells [cell, d]: the points at which functionals of a measure see the density.</summary>
    public double[] Centres { get; }

    /// <summary>How many ends are counted for mass that left: two an axis, the lower one first, or 0 where none
    /// absorbs.</summary>
    public int Exits => Axes.Any(axis => axis.Absorbs) ? 2 * Dimension : 0;

    /// <summary>The same domain in cells of twice the length: each is a block of cells of this grid.</summary>
    /// <exception cref="ArgumentException">A number of cells is odd or below 8.</exception>
    public Grid Coarser()
    {
        foreach (var axis in Axes)
            if (axis.Cells % 2 != 0 || axis.Cells < 8)
                throw new ArgumentException($"a grid that is to be halved for its error estimate needs even numbers of "
                    + $"cells, at least 8, got {axis.Cells}");
        return new([.. Axes.Select(axis => new Axis(axis.Start, axis.End, axis.Cells / 2, axis.Lower, axis.Upper))])
        {
            Threads = Threads,
        };
    }

    /// <summary>The same cells, on so many threads.</summary>
    public Grid WithThreads(int threads) => new(this) { Threads = threads };

    /// <summary>Position of a cell along an axis.</summary>
    public int Index(int cell, int axis) => cell / Stride(axis) % Axes[axis].Cells;

    /// <summary>Distance of neighbours along an axis in the array of cells.</summary>
    internal int Stride(int axis) => axis == Dimension - 1 ? 1 : Axes[1].Cells;

    /// <summary>The first cell of a line of cells along an axis; there are Count / Cells lines.</summary>
    internal int LineStart(int axis, int line) => axis == Dimension - 1 ? line * Axes[axis].Cells : line;

    /// <summary>Pieces of work on the lines along an axis, which touch each other's cells nowhere.</summary>
    internal int Pieces(int axis) => (Lines(axis) - 1) / LinesOfPiece + 1;

    /// <summary>The cells of such a piece.</summary>
    internal PieceOfLines Piece(int axis, int number)
    {
        var (n, first) = (Axes[axis].Cells, number * LinesOfPiece);
        var lines = Math.Min(LinesOfPiece, Lines(axis) - first);
        return Stride(axis) == 1 ? new(first * n, lines * n, 1, 0) : new(first, lines, n, Stride(axis));
    }

    /// <summary>How many lines of cells there are along an axis.</summary>
    internal int Lines(int axis) => Count / Axes[axis].Cells;

    /// <summary>The cell after each along an axis; after the last one the first.</summary>
    internal int[] Next(int axis) => next[axis];
}

/// <summary>Runs r = 0..Runs - 1 of the cells First + r Apart + 0..Length - 1; those of a line come in its order.</summary>
internal readonly record struct PieceOfLines(int First, int Length, int Runs, int Apart);
