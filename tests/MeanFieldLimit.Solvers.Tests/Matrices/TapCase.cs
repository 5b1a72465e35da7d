namespace MeanFieldLimit.Solvers.Tests.Matrices;

/// <summary>Random images, weights and signals of a table of taps, and all products of them. Between the columns and the
/// strides stand NaN.</summary>
internal sealed class TapCase
{
    private readonly TapTable table;
    private readonly int images, below, above, padding;
    private readonly double[] a, d, w, p, q, bias, onto, ontoBelow;

    public TapCase(TapTable table, int images, int below, int above, int padding)
    {
        (this.table, this.images, this.below, this.above, this.padding) = (table, images, below, above, padding);
        var random = new Random(1);
        a = Fill(random, images * table.Below, below);
        d = Fill(random, images * table.Rows, above);
        w = Fill(random, below * table.Taps, above);
        (p, q, bias) = (Fill(random, 1, below)[..below], Fill(random, 1, above)[..above], Fill(random, 1, above)[..above]);
        onto = Fill(random, images * table.Rows, above);
        ontoBelow = Fill(random, images * table.Below, below);
    }

    /// <summary>Up onto a bias, onto C, and onto nothing from images by columns; down onto C and onto nothing; weights in
    /// parts.</summary>
    public double[][] All(ManagedEngine engine)
    {
        double[] one = [.. d], two = [.. onto], three = [.. d], down = [.. ontoBelow], fresh = [.. ontoBelow];
        var weights = new double[Parts * below * table.Taps * above];
        Array.Fill(weights, double.NaN);
        var byRow = Images.ByRow(Among(), table.Below, below + 2 * padding, padding, below);
        engine.Multiply(table, byRow, p, View(w, above), new(bias, 1, above), Write(one, above));
        engine.Multiply(table, Images.ByRow(a, table.Below, below + padding, 0, below), p, View(w, above), View(two, above), Write(two, above));
        engine.Multiply(table, Images.ByColumn(Turned(), table.Below, below, 0, below), [], View(w, above), default, Write(three, above));
        engine.MultiplyBack(table, View(d, above), q, View(w, above), View(down, below), Write(down, below));
        engine.MultiplyBack(table, View(d, above), [], View(w, above), default, Write(fresh, below));
        engine.MultiplyTransposed(table, byRow, View(d, above), Parts, weights);
        return [one, two, three, down, fresh, weights];
    }

    private int Parts => Math.Min(images, 2);

    /// <summary>Checks |error| at most 2 (k + 8) u sum |terms| for every entry, k the number of terms.</summary>
    public void Check()
    {
        (Sum[,] Sums, int Stride)[] expected =
        [
            (Up(p, (_, j) => bias[j]), above + padding),
            (Up(p, (r, j) => onto[r * (above + padding) + j]), above + padding),
            (Up(null, (_, _) => 0), above + padding),
            (Down(q, (r, c) => ontoBelow[r * (below + padding) + c]), below + padding),
            (Down(null, (_, _) => 0), below + padding),
            (Transposed(), above),
        ];
        foreach (var precision in Enum.GetValues<Precision>())
            foreach (var bits in new[] { 128, 256, 512 })
                foreach (var (got, (sums, stride)) in All(new(1, precision, bits)).Zip(expected))
                    Compare(sums, got, stride, precision == Precision.Double ? Math.Pow(2, -53) : Math.Pow(2, -24));
    }

    private Sum[,] Up(double[]? masses, Func<int, int, double> added)
    {
        var sums = Onto(images * table.Rows, above, added);
        Each((n, u, v, t) =>
        {
            for (var c = 0; c < below; c++)
                for (var j = 0; j < above; j++)
                    sums[n * table.Rows + u, j].Add(A(n, v, c) * (masses?[c] ?? 1) * W(c, t, j));
        });
        return sums;
    }

    private Sum[,] Down(double[]? masses, Func<int, int, double> added)
    {
        var sums = Onto(images * table.Below, below, added);
        Each((n, u, v, t) =>
        {
            for (var c = 0; c < below; c++)
                for (var j = 0; j < above; j++)
                    sums[n * table.Below + v, c].Add(D(n, u, j) * (masses?[j] ?? 1) * W(c, t, j));
        });
        return sums;
    }

    private Sum[,] Transposed()
    {
        var sums = new Sum[Parts * below * table.Taps, above];
        Each((n, u, v, t) =>
        {
            var part = Enumerable.Range(0, Parts).Last(k => n >= images * k / Parts);
            for (var c = 0; c < below; c++)
                for (var j = 0; j < above; j++)
                    sums[(part * below + c) * table.Taps + t, j].Add(A(n, v, c) * D(n, u, j));
        });
        return sums;
    }

    private static Sum[,] Onto(int rows, int columns, Func<int, int, double> added)
    {
        var sums = new Sum[rows, columns];
        for (var r = 0; r < rows; r++)
            for (var j = 0; j < columns; j++) sums[r, j].Add(added(r, j));
        return sums;
    }

    private void Each(Action<int, int, int, int> term)
    {
        for (var n = 0; n < images; n++)
            for (var u = 0; u < table.Rows; u++)
                for (var t = 0; t < table.Taps; t++)
                    if (table.Source(u, t) is var v and >= 0) term(n, u, v, t);
    }

    private static void Compare(Sum[,] sums, double[] got, int stride, double unit)
    {
        var columns = sums.GetLength(1);
        for (var r = 0; r < sums.GetLength(0); r++)
            for (var j = 0; j < columns; j++)
            {
                var sum = sums[r, j];
                var bound = 2 * (sum.Terms + 8) * unit * sum.Size;
                Assert.True(Math.Abs(got[r * stride + j] - sum.Value) <= bound,
                    $"({r}, {j}): {got[r * stride + j]}, expected {sum.Value} within {bound}");
            }
        for (var k = 0; k < got.Length; k++)
            if (k % stride >= columns) Assert.True(double.IsNaN(got[k]), $"written beyond the columns, at {k}");
    }

    private double A(int n, int v, int c) => a[(n * table.Below + v) * (below + padding) + c];

    private double D(int n, int u, int j) => d[(n * table.Rows + u) * (above + padding) + j];

    private double W(int c, int t, int j) => w[(c * table.Taps + t) * (above + padding) + j];

    /// <summary>The images as columns among others.</summary>
    private double[] Among()
    {
        var all = new double[images * table.Below * (below + 2 * padding)];
        Array.Fill(all, double.NaN);
        for (var n = 0; n < images; n++)
            for (var v = 0; v < table.Below; v++)
                for (var c = 0; c < below; c++) all[(n * table.Below + v) * (below + 2 * padding) + padding + c] = A(n, v, c);
        return all;
    }

    /// <summary>The images as [image, column, row].</summary>
    private double[] Turned()
    {
        var turned = new double[images * below * table.Below];
        for (var n = 0; n < images; n++)
            for (var v = 0; v < table.Below; v++)
                for (var c = 0; c < below; c++) turned[(n * below + c) * table.Below + v] = A(n, v, c);
        return turned;
    }

    private ReadOnlyMatrixView View(double[] data, int columns) => Write(data, columns);

    private MatrixView Write(double[] data, int columns) =>
        new(data, data.Length / (columns + padding), columns, columns + padding);

    private double[] Fill(Random random, int rows, int columns) => [.. Enumerable.Range(0, rows * (columns + padding))
        .Select(k => k % (columns + padding) < columns ? random.NextDouble() - 0.5 : double.NaN)];

    private struct Sum
    {
        public double Value, Size;
        public int Terms;

        public void Add(double term)
        {
            (Value, Size) = (Value + term, Size + Math.Abs(term));
            Terms++;
        }
    }
}
