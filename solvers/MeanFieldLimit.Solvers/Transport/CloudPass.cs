using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Functions;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// Passes over a cost matrix by scalings of a kernel K_ij = exp((alpha_i + beta_j - c_ij) / eps) that has absorbed
/// potentials (Chizat, Peyre, Schmitzer and Vialard 2018; Schmitzer 2019): no exponential per entry, and both halves
/// of an iteration in one way through the memory. Where scalings leave K without digits, it absorbs the potentials
/// anew, and logarithms give what it does not know.
/// </summary>
/// <param name="cost">c [source, target].</param>
/// <param name="a">The masses of the source.</param>
/// <param name="b">The masses of the target.</param>
/// <param name="threads">At most so many; the bits do not depend on it.</param>
internal sealed class CloudPass(double[] cost, double[] a, double[] b, int threads = int.MaxValue) : IEntropicPass
{
    // Smaller entries of K are 0, lest products are denormal, which is slow. Sums of entries with scalings of at most 1
    // have all digits from here on.
    private const double Least = 1e-280, LeastSum = 1e-250;

    // Rows are summed by pieces, whatever the threads.
    private const int Pieces = 64, LeastRows = 16;

    private readonly int rows = Math.Max(LeastRows, (a.Length + Pieces - 1) / Pieces);
    private readonly double[] kernel = new double[cost.Length];
    private readonly double[] alpha = new double[a.Length], beta = new double[b.Length];
    private readonly double[] weighted = new double[b.Length];
    // P = diag(u) K diag(v), up to a factor that cancels; sums_i = (K v)_i.
    private readonly double[] u = new double[a.Length], v = new double[b.Length], sums = new double[a.Length];
    private readonly double[] scaled = new double[b.Length], columns = new double[b.Length];
    private readonly double[] fromSource = new double[a.Length];
    private double[]? pieceSums;
    private double absorbed;    // eps of K, 0 while there is none

    public double Range { get; } = TensorPrimitives.Max<double>(cost) - TensorPrimitives.Min<double>(cost);

    public void Evaluate(double epsilon, double[] g, double[] f, double[] next)
    {
        for (var j = 0; j < b.Length; j++)
            weighted[j] = b[j] > 0 ? g[j] + epsilon * Math.Log(b[j]) : double.NegativeInfinity;
        if (!(epsilon == absorbed && Scale(epsilon, out var logarithm)))
        {
            Absorb(epsilon);
            logarithm = 0;
        }
        for (var i = 0; i < a.Length; i++) f[i] = alpha[i] - epsilon * (Math.Log(sums[i]) + logarithm);
        var least = LeastSum * TensorPrimitives.Max<double>(u);
        for (var j = 0; j < b.Length; j++)
            next[j] = b[j] > 0 && columns[j] >= least
                ? beta[j] - epsilon * (Math.Log(columns[j]) - logarithm)
                : double.NaN;
        FillByLogarithms(epsilon, f, next);
    }

    public void Multiply(double[] x, double[] result)
    {
        TensorPrimitives.Multiply(v, x, scaled);
        Sweep((i, row) => u[i] * (TensorPrimitives.Dot(row, scaled) / sums[i]));
        TensorPrimitives.Multiply(v, columns, result);
    }

    // The scalings of the potentials against those in K; v is divided by e^logarithm. False if they leave no digits.
    private bool Scale(double epsilon, out double logarithm)
    {
        for (var j = 0; j < b.Length; j++)
            v[j] = b[j] > 0 ? (weighted[j] - beta[j]) / epsilon : double.NegativeInfinity;
        logarithm = TensorPrimitives.Max<double>(v);
        TensorPrimitives.Subtract(v, logarithm, v);
        Elementwise.Exp(v, v);
        Sweep((i, row) => u[i] = a[i] / (sums[i] = TensorPrimitives.Dot(row, v)));
        return TensorPrimitives.Min<double>(sums) >= LeastSum;
    }

    private void Absorb(double epsilon)
    {
        absorbed = epsilon;
        weighted.CopyTo(beta, 0);
        for (var j = 0; j < b.Length; j++) v[j] = b[j] > 0 ? 1 : 0;
        Array.Fill(sums, 1);
        Sweep((i, row) =>
        {
            alpha[i] = SoftMinimum.WithShares(epsilon, cost.AsSpan(i * b.Length, b.Length), beta, row);
            TensorPrimitives.Subtract(row, Least, row);
            TensorPrimitives.Max(row, 0, row);
            return u[i] = a[i];
        });
    }

    private delegate double RowFactor(int i, Span<double> row);

    // columns_j = sum_i factor(i, K_i) K_ij.
    private void Sweep(RowFactor factor)
    {
        var m = b.Length;
        var pieces = (a.Length + rows - 1) / rows;
        pieceSums ??= new double[pieces * m];
        Workers.Run(pieces, threads, piece =>
        {
            var sum = pieceSums.AsSpan(piece * m, m);
            sum.Clear();
            for (var i = piece * rows; i < Math.Min(a.Length, (piece + 1) * rows); i++)
            {
                var row = kernel.AsSpan(i * m, m);
                TensorPrimitives.MultiplyAdd(row, factor(i, row), sum, sum);
            }
        });
        Array.Clear(columns);
        for (var piece = 0; piece < pieces; piece++)
            TensorPrimitives.Add(columns, pieceSums.AsSpan(piece * m, m), columns);
    }

    // next_j where it is NaN.
    private void FillByLogarithms(double epsilon, double[] f, double[] next)
    {
        if (!Array.Exists(next, double.IsNaN)) return;
        var (n, m) = (a.Length, b.Length);
        for (var i = 0; i < n; i++)
            fromSource[i] = a[i] > 0 ? f[i] + epsilon * Math.Log(a[i]) : double.NegativeInfinity;
        Parallel.For(0, m, new() { MaxDegreeOfParallelism = threads }, () => new double[2 * n], (j, _, work) =>
        {
            if (!double.IsNaN(next[j])) return work;
            for (var i = 0; i < n; i++) work[i] = cost[i * m + j];
            next[j] = SoftMinimum.Of(epsilon, work.AsSpan(0, n), fromSource, work.AsSpan(n, n));
            return work;
        }, _ => { });
    }
}
