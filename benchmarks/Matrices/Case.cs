using System.Diagnostics;

namespace MeanFieldLimit.Benchmarks.Matrices;

/// <summary>One product to time: C (m x n) = alpha op(A) diag(p) op(B), k terms per entry.</summary>
internal sealed record Case(string Name, int M, int K, int N, Op OpA, Op OpB, bool Diagonal)
{
    private const int Rounds = 15;
    private const double SecondsPerRound = 0.05;

    public static IEnumerable<Case> All =>
    [
        .. Layer(16, 1600, 1600), .. Layer(12, 576, 576), .. Layer(16, 100, 100), .. Layer(100, 784, 400),
        .. Layer(100, 1600, 1600), .. Layer(100, 784, 10000), .. Layer(1000, 784, 400), .. Layer(1000, 1600, 1600),
        .. Layer(64, 64, 64), .. Layer(100, 100, 100), .. Layer(256, 256, 256),
        .. Layer(16, 576, 12), .. Layer(16, 2, 576), .. Layer(16, 576, 1), .. Layer(1000, 400, 10), .. Layer(1024, 1024, 1024),
    ];

    public double Flops => 2.0 * M * N * K;

    /// <summary>The three products of a layer with <paramref name="from"/> and <paramref name="to"/> neurons.</summary>
    private static IEnumerable<Case> Layer(int points, int from, int to) =>
    [
        new($"{points} x {from} x {to} forward", points, from, to, Op.Plain, Op.Plain, true),
        new($"{points} x {from} x {to} backward", points, to, from, Op.Plain, Op.Transposed, true),
        new($"{points} x {from} x {to} gradient", from, points, to, Op.Transposed, Op.Plain, false),
    ];

    /// <summary>Seconds per product of each engine, the median over alternating rounds.</summary>
    public double[] Median(params IMatrixEngine[] engines)
    {
        double[] a = Fill(M * K), b = Fill(K * N), c = new double[M * N], p = Diagonal ? Fill(K) : [];
        var repeats = engines.Select(e => Repeats(e, a, b, p, c)).ToArray();
        var times = engines.Select(_ => new double[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var e = 0; e < engines.Length; e++)
            {
                // OpenBLAS's threads spin for some 30 ms after their last product, on the next engine's time. Then
                // both start alike: from rest, with one product that is not counted.
                Thread.Sleep(60);
                Time(engines[e], a, b, p, c, 1);
                times[e][round] = Time(engines[e], a, b, p, c, repeats[e]);
            }
        }
        return [.. times.Select(t => t.Order().ElementAt(Rounds / 2))];
    }

    private int Repeats(IMatrixEngine engine, double[] a, double[] b, double[] p, double[] c)
    {
        Time(engine, a, b, p, c, 2);
        return Math.Max(1, (int)(SecondsPerRound / Time(engine, a, b, p, c, 2)));
    }

    private double Time(IMatrixEngine engine, double[] a, double[] b, double[] p, double[] c, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var r = 0; r < repeats; r++)
            engine.Multiply(
                -1, new(View(a, M, K, OpA), OpA), p, new(View(b, K, N, OpB), OpB), 0, new MatrixView(c, M, N));
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }

    private static ReadOnlyMatrixView View(double[] data, int rows, int columns, Op op) =>
        op == Op.Plain ? new(data, rows, columns) : new(data, columns, rows);

    private static double[] Fill(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }
}
