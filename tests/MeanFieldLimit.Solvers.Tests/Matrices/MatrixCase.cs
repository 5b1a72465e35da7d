using MathNet.Numerics.LinearAlgebra;

namespace MeanFieldLimit.Solvers.Tests.Matrices;

/// <summary>A random product C = alpha op(A) diag(p) op(B) + beta C. The entries between the columns and the stride
/// are NaN: a result that used one of them, or lost one of C's, shows it.</summary>
internal sealed class MatrixCase
{
    private readonly int m, n, k, padding;
    private readonly Op opA, opB;
    private readonly double alpha, beta;
    private readonly double[] a, b, p, c;

    public MatrixCase(
        int m, int n, int k, Op opA = Op.Plain, Op opB = Op.Plain, bool diagonal = true,
        double alpha = 1, double beta = 0, int padding = 0, int seed = 1)
    {
        (this.m, this.n, this.k, this.opA, this.opB) = (m, n, k, opA, opB);
        (this.alpha, this.beta, this.padding) = (alpha, beta, padding);
        var random = new Random(seed);
        a = opA == Op.Plain ? Fill(random, m, k) : Fill(random, k, m);
        b = opB == Op.Plain ? Fill(random, k, n) : Fill(random, n, k);
        c = Fill(random, m, n);
        p = diagonal ? [.. Enumerable.Range(0, k).Select(_ => random.NextDouble())] : [];
    }

    public void Run(IMatrixEngine engine, double[] into) =>
        engine.Multiply(
            alpha, new(View(a, m, k, opA), opA), p, new(View(b, k, n, opB), opB), beta, new(into, m, n, n + padding));

    public double[] Run(IMatrixEngine engine)
    {
        var result = (double[])c.Clone();
        Run(engine, result);
        return result;
    }

    /// <summary>The result with a C that holds only NaN, legal for beta = 0.</summary>
    public double[] RunOverNaN(IMatrixEngine engine)
    {
        var result = new double[c.Length];
        Array.Fill(result, double.NaN);
        Run(engine, result);
        return result;
    }

    /// <summary>The same with beta = 1, C being read in one place and the result, NaN at first and with rows farther
    /// apart, written in another.</summary>
    public double[] RunBeside(IMatrixEngine engine)
    {
        const int farther = 2;
        var stride = n + padding;
        var result = new double[c.Length + (m - 1) * farther];
        Array.Fill(result, double.NaN);
        engine.MultiplyAdd(alpha, new(View(a, m, k, opA), opA), p, new(View(b, k, n, opB), opB), View(c, m, n, Op.Plain),
            new(result, m, n, stride + farther));
        return [.. result.Where((_, at) => at % (stride + farther) < stride)];
    }

    /// <summary>Checks |error| at most 2 (k + 8) u (|alpha| |A| diag|p| |B| + |beta| |C|) for every entry.</summary>
    /// <remarks>A term meets at most k additions and 8 other roundings (alpha, p, beta, blocks), each 1 + u; the
    /// factor 2 is the reference's own error.</remarks>
    public void Check(double[] result, double unit)
    {
        var (left, right) = (Dense(a, m, k, opA), Dense(b, k, n, opB));
        if (p.Length > 0)
            right.MapIndexedInplace((i, _, x) => p[i] * x);
        var before = Dense(c, m, n, Op.Plain);
        var product = k == 0 ? before * 0 : alpha * (left * right);
        var size = k == 0 ? before * 0 : Math.Abs(alpha) * (left.PointwiseAbs() * right.PointwiseAbs());
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var got = result[i * (n + padding) + j];
                var bound = 2 * (k + 8) * unit * (size[i, j] + Math.Abs(beta * before[i, j]));
                Assert.True(
                    Math.Abs(got - (product[i, j] + beta * before[i, j])) <= bound,
                    $"{this}: C[{i}, {j}] = {got}, expected {product[i, j] + beta * before[i, j]} within {bound}");
            }
            for (var j = n; j < n + padding && i < m - 1; j++)
                Assert.True(double.IsNaN(result[i * (n + padding) + j]), $"{this}: written beyond row {i}");
        }
    }

    public override string ToString() =>
        $"{m} x {k} x {n}, {opA} {opB}, p {p.Length}, alpha {alpha}, beta {beta}, padding {padding}";

    private ReadOnlyMatrixView View(double[] data, int rows, int columns, Op op) => op == Op.Plain
        ? new(data, rows, columns, columns + padding)
        : new(data, columns, rows, rows + padding);

    private Matrix<double> Dense(double[] data, int rows, int columns, Op op) =>
        rows == 0 || columns == 0 ? null! : op == Op.Plain
            ? Matrix<double>.Build.Dense(rows, columns, (i, j) => data[i * (columns + padding) + j])
            : Matrix<double>.Build.Dense(rows, columns, (i, j) => data[j * (rows + padding) + i]);

    private double[] Fill(Random random, int rows, int columns)
    {
        var stride = columns + padding;
        var length = rows == 0 || columns == 0 ? 0 : stride * (rows - 1) + columns;
        return [.. Enumerable.Range(0, length).Select(i =>
            i % stride < columns ? random.NextDouble() - 0.5 : double.NaN)];
    }
}
