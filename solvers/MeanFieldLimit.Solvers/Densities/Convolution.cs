using System.Numerics;
using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// (W * m)_i = sum_j W(x_i - x_j) m_j over the cells of a grid, for a kernel with W(-z) = W(z), by Fourier transforms
/// on a grid padded with zeros to powers of 2 of at least twice the size, O(n log n). On a periodic axis x_i - x_j is
/// the shorter way round.
/// </summary>
/// <remarks>Rows are transformed two at a time, one as the real part and one as the imaginary part; the columns of the
/// half spectrum follow in blocks that stay in the second-level cache. The transform of an even kernel is
/// real.</remarks>
internal sealed class Convolution
{
    private const int Pairs = 8;        // pairs of rows transformed side by side
    private const int Width = 16;       // columns of the spectrum side by side

    private readonly int rows, columns, paddedRows, paddedColumns, blocks;
    private readonly Fourier alongRows, alongColumns;
    private readonly double[] pairRe, pairIm;               // [column, pair]
    private readonly double[] spectrumRe, spectrumIm;       // [block, row, column of the block]
    private readonly double[] symbol;                       // the same

    /// <exception cref="ArgumentException">The kernel is not even, or not finite, or cells are too many.</exception>
    internal Convolution(Grid grid, Func<double[], double> kernel)
    {
        (rows, columns) = (grid.Dimension == 1 ? 1 : grid.Axes[0].Cells, grid.Axes[^1].Cells);
        long twiceRows = rows == 1 ? 1 : (long)BitOperations.RoundUpToPowerOf2(2 * (ulong)rows);
        var twiceColumns = (long)BitOperations.RoundUpToPowerOf2(2 * (ulong)columns);
        ArraySize.Of("an interaction's transform", "take fewer cells", twiceRows, twiceColumns + 2 * Width);
        ArraySize.Of("an interaction's transform", "take fewer cells", Math.Max(twiceRows, twiceColumns), Width);
        (paddedRows, paddedColumns) = ((int)twiceRows, (int)twiceColumns);
        blocks = (paddedColumns / 2 + Width) / Width;
        (alongRows, alongColumns) = (new(paddedColumns, Pairs), new(paddedRows, Width));
        (pairRe, pairIm) = (new double[paddedColumns * Pairs], new double[paddedColumns * Pairs]);
        var size = blocks * paddedRows * Width;
        (spectrumRe, spectrumIm) = (new double[size], new double[size]);

        var values = Sample(grid, kernel);
        Largest = Math.Abs(TensorPrimitives.MaxMagnitude(values));
        Forward(values, paddedRows, paddedColumns);
        symbol = new double[size];
        TensorPrimitives.Divide(spectrumRe, (double)paddedRows * paddedColumns, symbol);
    }

    /// <summary>The largest |W|.</summary>
    internal double Largest { get; }

    /// <summary>result = W * masses.</summary>
    internal void Apply(ReadOnlySpan<double> masses, Span<double> result)
    {
        Forward(masses, rows, columns);
        TensorPrimitives.Multiply(spectrumRe, symbol, spectrumRe);
        TensorPrimitives.Multiply(spectrumIm, symbol, spectrumIm);
        Columns(backward: true);
        for (var row = 0; row < rows; row += 2 * Pairs)
        {
            Join(row);
            alongRows.Transform(pairRe, pairIm, backward: true);
            for (var r = row; r < Math.Min(row + 2 * Pairs, rows); r++)
            {
                var (source, pair) = (r % 2 == 0 ? pairRe : pairIm, (r - row) / 2);
                for (var c = 0; c < columns; c++) result[r * columns + c] = source[c * Pairs + pair];
            }
        }
    }

    private void Forward(ReadOnlySpan<double> values, int rows, int columns)
    {
        Array.Clear(spectrumRe);
        Array.Clear(spectrumIm);
        for (var row = 0; row < rows; row += 2 * Pairs)
        {
            Array.Clear(pairRe);
            Array.Clear(pairIm);
            for (var r = row; r < Math.Min(row + 2 * Pairs, rows); r++)
            {
                var (target, pair) = (r % 2 == 0 ? pairRe : pairIm, (r - row) / 2);
                for (var c = 0; c < columns; c++) target[c * Pairs + pair] = values[r * columns + c];
            }
            alongRows.Transform(pairRe, pairIm, backward: false);
            Separate(row);
        }
        Columns(backward: false);
    }

    private void Columns(bool backward)
    {
        if (paddedRows == 1) return;
        var length = paddedRows * Width;
        for (var block = 0; block < blocks; block++)
            alongColumns.Transform(spectrumRe.AsSpan(block * length, length), spectrumIm.AsSpan(block * length, length),
                backward);
    }

    // Z = A + i B of real a, b: A_k = (Z_k + conj Z_{-k}) / 2, B_k = (Z_k - conj Z_{-k}) / (2 i).
    private void Separate(int row)
    {
        for (var k = 0; k <= paddedColumns / 2; k++)
        {
            var (here, mirrored) = (k * Pairs, (paddedColumns - k) % paddedColumns * Pairs);
            for (var pair = 0; pair < Pairs; pair++)
            {
                var at = At(row + 2 * pair, k);
                if (at < 0) break;
                double a = pairRe[here + pair], b = pairIm[here + pair];
                double c = pairRe[mirrored + pair], d = pairIm[mirrored + pair];
                (spectrumRe[at], spectrumIm[at]) = (0.5 * (a + c), 0.5 * (b - d));
                if (row + 2 * pair + 1 < paddedRows)
                    (spectrumRe[at + Width], spectrumIm[at + Width]) = (0.5 * (b + d), 0.5 * (c - a));
            }
        }
    }

    private void Join(int row)
    {
        for (var k = 0; k <= paddedColumns / 2; k++)
        {
            var (here, mirrored) = (k * Pairs, (paddedColumns - k) % paddedColumns * Pairs);
            for (var pair = 0; pair < Pairs; pair++)
            {
                var at = At(row + 2 * pair, k);
                if (at < 0) break;
                var two = row + 2 * pair + 1 < paddedRows;
                double a = spectrumRe[at], b = spectrumIm[at];
                double c = two ? spectrumRe[at + Width] : 0, d = two ? spectrumIm[at + Width] : 0;
                (pairRe[mirrored + pair], pairIm[mirrored + pair]) = (a + d, c - b);
                (pairRe[here + pair], pairIm[here + pair]) = (a - d, b + c);
            }
        }
    }

    private int At(int row, int column) =>
        row < paddedRows ? (column / Width * paddedRows + row) * Width + column % Width : -1;

    private double[] Sample(Grid grid, Func<double[], double> kernel)
    {
        var values = new double[paddedRows * paddedColumns];
        double[] z = new double[grid.Dimension], minus = new double[grid.Dimension];
        for (var i = 1 - rows; i < rows; i++)
            for (var j = 1 - columns; j < columns; j++)
            {
                z[^1] = Displacement(grid.Axes[^1], j);
                if (z.Length == 2) z[0] = Displacement(grid.Axes[0], i);
                for (var k = 0; k < z.Length; k++) minus[k] = -z[k];
                double w = kernel(z), mirrored = kernel(minus);
                if (!double.IsFinite(w))
                    throw new ArgumentException($"the kernel must be finite, at the displacement "
                        + $"({string.Join(", ", z)}) it is {w}: a singular one needs its mean over a cell at 0");
                if (Math.Abs(w - mirrored) > 1e-12 * (Math.Abs(w) + Math.Abs(mirrored)))
                    throw new ArgumentException("the kernel must be even, W(-z) = W(z), at "
                        + $"({string.Join(", ", z)}) it is {w} and {mirrored}: only then has the equation an energy; "
                        + "take the even part");
                values[(i + paddedRows) % paddedRows * paddedColumns + (j + paddedColumns) % paddedColumns] = w;
            }
        return values;
    }

    private static double Displacement(Axis axis, int cells)
    {
        if (axis.Periodic && 2 * Math.Abs(cells) > axis.Cells) cells -= Math.Sign(cells) * axis.Cells;
        return cells * axis.Spacing;
    }
}
