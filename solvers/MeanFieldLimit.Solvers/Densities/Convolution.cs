using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Threads;

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

    private readonly int rows, columns, paddedRows, paddedColumns, blocks, threads;
    private readonly Fourier alongRows, alongColumns;
    private readonly ConcurrentBag<(double[] Re, double[] Im)> free = [];      // pairs of rows, [column, pair]
    private readonly SpanWork transform, takeBack;
    private readonly Action<int> convolve;
    private (int Rows, int Columns) given;                  // what is transformed
    private readonly double[] spectrumRe, spectrumIm;       // [block, row, column of the block]
    private readonly double[] symbol;                       // the same

    /// <exception cref="ArgumentException">The kernel is not even, or not finite, or cells are too many.</exception>
    internal Convolution(Grid grid, Func<double[], double> kernel)
    {
        threads = grid.Threads;
        (transform, convolve) = ((group, values, _, _) => Transform(group, values), Convolve);
        takeBack = (group, _, _, result) => TakeBack(group, result);
        (rows, columns) = (grid.Dimension == 1 ? 1 : grid.Axes[0].Cells, grid.Axes[^1].Cells);
        long twiceRows = rows == 1 ? 1 : (long)BitOperations.RoundUpToPowerOf2(2 * (ulong)rows);
        var twiceColumns = (long)BitOperations.RoundUpToPowerOf2(2 * (ulong)columns);
        ArraySize.Of("an interaction's transform", "take fewer cells", twiceRows, twiceColumns + 2 * Width);
        ArraySize.Of("an interaction's transform", "take fewer cells", Math.Max(twiceRows, twiceColumns), Width);
        (paddedRows, paddedColumns) = ((int)twiceRows, (int)twiceColumns);
        blocks = (paddedColumns / 2 + Width) / Width;
        (alongRows, alongColumns) = (new(paddedColumns, Pairs), new(paddedRows, Width));
        var size = blocks * paddedRows * Width;
        (spectrumRe, spectrumIm) = (new double[size], new double[size]);

        var values = Sample(grid, kernel);
        Largest = Math.Abs(TensorPrimitives.MaxMagnitude(values));
        Forward(values, paddedRows, paddedColumns);
        for (var block = 0; block < blocks; block++) TransformColumns(block);
        symbol = new double[size];
        TensorPrimitives.Divide(spectrumRe, (double)paddedRows * paddedColumns, symbol);
    }

    /// <summary>The largest |W|.</summary>
    internal double Largest { get; }

    /// <summary>result = W * masses.</summary>
    internal void Apply(ReadOnlySpan<double> masses, Span<double> result)
    {
        Forward(masses, rows, columns);
        Workers.Run(blocks, threads, convolve);
        Workers.Run(Groups(rows), threads, [], [], result, takeBack);
    }

    private void Forward(ReadOnlySpan<double> values, int rows, int columns)
    {
        Array.Clear(spectrumRe);
        Array.Clear(spectrumIm);
        given = (rows, columns);
        Workers.Run(Groups(rows), threads, values, [], [], transform);
    }

    private void Transform(int group, ReadOnlySpan<double> values)
    {
        var (row, pairs) = (group * 2 * Pairs, Take());
        Array.Clear(pairs.Re);
        Array.Clear(pairs.Im);
        for (var r = row; r < Math.Min(row + 2 * Pairs, given.Rows); r++)
        {
            var (target, pair) = (r % 2 == 0 ? pairs.Re : pairs.Im, (r - row) / 2);
            var from = values.Slice(r * given.Columns, given.Columns);
            for (var c = 0; c < from.Length; c++) target[c * Pairs + pair] = from[c];
        }
        alongRows.Transform(pairs.Re, pairs.Im, backward: false);
        Separate(row, pairs.Re, pairs.Im);
        free.Add(pairs);
    }

    private void TakeBack(int group, Span<double> result)
    {
        var (row, pairs) = (group * 2 * Pairs, Take());
        Join(row, pairs.Re, pairs.Im);
        alongRows.Transform(pairs.Re, pairs.Im, backward: true);
        for (var r = row; r < Math.Min(row + 2 * Pairs, rows); r++)
        {
            var (source, pair) = (r % 2 == 0 ? pairs.Re : pairs.Im, (r - row) / 2);
            var to = result.Slice(r * columns, columns);
            for (var c = 0; c < to.Length; c++) to[c] = source[c * Pairs + pair];
        }
        free.Add(pairs);
    }

    private void TransformColumns(int block)
    {
        if (paddedRows > 1)
            alongColumns.Transform(Of(spectrumRe, block), Of(spectrumIm, block), backward: false);
    }

    private void Convolve(int block)
    {
        TransformColumns(block);
        Span<double> re = Of(spectrumRe, block), im = Of(spectrumIm, block), factors = Of(symbol, block);
        TensorPrimitives.Multiply(re, factors, re);
        TensorPrimitives.Multiply(im, factors, im);
        if (paddedRows > 1) alongColumns.Transform(re, im, backward: true);
    }

    private Span<double> Of(double[] blocks, int block) => blocks.AsSpan(block * paddedRows * Width, paddedRows * Width);

    private static int Groups(int rows) => (rows - 1) / (2 * Pairs) + 1;

    private (double[] Re, double[] Im) Take() => free.TryTake(out var pairs) ? pairs
        : (new double[paddedColumns * Pairs], new double[paddedColumns * Pairs]);

    // Z = A + i B of real a, b: A_k = (Z_k + conj Z_{-k}) / 2, B_k = (Z_k - conj Z_{-k}) / (2 i).
    private void Separate(int row, double[] pairRe, double[] pairIm)
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

    private void Join(int row, double[] pairRe, double[] pairIm)
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
