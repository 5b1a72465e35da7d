namespace MeanFieldLimit.Solvers.Tests.Sparse;

/// <summary>F(nu) = mean_n l(int s(cos(phi) x_n1 + sin(phi) x_n2) d nu(phi), y_n), written down plainly.</summary>
internal sealed class Ridges : ISmoothFunctional
{
    private readonly double[][] x;
    private readonly double[] y;
    private readonly bool smooth, logistic;

    private Ridges(double[][] x, double[] y, bool smooth, bool logistic) =>
        (this.x, this.y, this.smooth, this.logistic) = (x, y, smooth, logistic);

    /// <summary>The problem of an independent program: 8 points, ReLU, half the squared loss.</summary>
    internal static Ridges Reference { get; } = new(
        [[1.2, 0.3], [0.4, 1.1], [-0.9, 0.8], [-1.1, -0.6], [0.2, -1.3], [1.0, -0.7], [-0.3, 0.5], [0.6, 0.2]],
        [1.0, -0.6, 0.8, -1.0, 0.5, -0.4, 0.3, 0.9], smooth: false, logistic: false);

    internal static Ridges Random(int seed, int points, bool smooth = false, bool logistic = false)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
        double[][] x = [.. Enumerable.Range(0, points).Select(_ => new[] { Normal(), Normal() })];
        return new(x, [.. x.Select(_ => logistic ? random.Next(2) * 2 - 1 : Normal())], smooth, logistic);
    }

    public int Dimension => 1;

    internal double AtNothing => Value([], []);

    /// <summary>Bounds of tanh'' and tanh' are 0.77 and 1; ReLU has kinks where h changes its sign.</summary>
    internal Circle Circle => new(smooth ? [] : x.SelectMany(p => new[] { 1, -1 }.Select(s =>
        Math.Atan2(p[1], p[0]) + s * Math.PI / 2)), Bend);

    internal double Bend(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        var signals = Signals(points, masses);
        return x.Zip(signals, (p, c) => Math.Abs(c) * Norm(p) * (smooth ? 1 + 0.77 * Norm(p) : 1)).Sum();
    }

    public double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        var f = Predict(points, masses);
        return f.Zip(y, (f, y) => logistic ? Math.Log(1 + Math.Exp(-y * f)) : (f - y) * (f - y) / 2).Average();
    }

    public void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation)
    {
        var signals = Signals(points, masses);
        for (var i = 0; i < points.Length; i++)
        {
            var direction = Math.SinCos(points[i]);
            variation[i] = 0;
            for (var n = 0; n < y.Length; n++) variation[i] += signals[n] * Feature(direction, n);
        }
    }

    public void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient)
    {
        var signals = Signals(points, masses);
        for (var i = 0; i < points.Length; i++)
        {
            var (sin, cos) = Math.SinCos(points[i]);
            gradient[i] = 0;
            for (var n = 0; n < y.Length; n++)
            {
                var (h, turned) = (cos * x[n][0] + sin * x[n][1], cos * x[n][1] - sin * x[n][0]);
                gradient[i] += signals[n] * turned * (smooth ? 1 - Math.Tanh(h) * Math.Tanh(h) : h > 0 ? 1 : 0);
            }
        }
    }

    public void SecondVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> second)
    {
        double[] bends = [.. Predict(points, masses).Zip(y, (f, y) => !logistic ? 1
            : 1 / (2 + Math.Exp(y * f) + Math.Exp(-y * f)))];
        for (var i = 0; i < points.Length; i++)
            for (var j = 0; j < points.Length; j++)
            {
                var (a, b) = (points[i], points[j]);
                second[i * points.Length + j] = bends.Select((c, n) => c * Feature(a, n) * Feature(b, n)).Average();
            }
    }

    internal double Feature(double angle, int n) => Feature(Math.SinCos(angle), n);

    private double Feature((double Sin, double Cos) u, int n)
    {
        var h = u.Cos * x[n][0] + u.Sin * x[n][1];
        return smooth ? Math.Tanh(h) : Math.Max(h, 0);
    }

    /// <summary>
    /// The penalised infimum over multiples of 2 pi / count by cyclic descent in one mass after the other, half the
    /// squared loss, with its duality gap over all angles: that on the grid and what lies between its angles.
    /// </summary>
    internal (double Value, double Gap) Descend(int count, double price, int sweeps)
    {
        double[] angles = [.. Enumerable.Range(0, count).Select(k => k * Math.Tau / count)], masses = new double[count];
        double[][] features = [.. angles.Select(a => y.Select((_, n) => Feature(a, n)).ToArray())];
        double[] left = [.. y];
        for (var sweep = 0; sweep < sweeps; sweep++)
            for (var k = 0; k < count; k++)
            {
                double square = 0, product = 0;
                for (var n = 0; n < y.Length; n++)
                    (square, product) = (square + features[k][n] * features[k][n], product + features[k][n] * left[n]);
                if (square == 0) continue;
                var aim = product + square * masses[k];
                var next = Math.Sign(aim) * Math.Max(0, Math.Abs(aim) - y.Length * price) / square;
                for (var n = 0; n < y.Length; n++) left[n] -= (next - masses[k]) * features[k][n];
                masses[k] = next;
            }
        var (mass, variation) = (masses.Sum(Math.Abs), new double[count]);
        FirstVariation(angles, masses, variation);
        var value = Value(angles, masses) + price * mass;
        // Kinks make V fall or rise by no more than its slope, a mean of |signal| |x|, times half a cell.
        var between = Bend(angles, masses) * (smooth ? Math.Tau / count / 8 : 0.5) * Math.Tau / count;
        var gap = variation.Zip(masses, (v, m) => v * m).Sum() + price * mass
            + value / price * Math.Max(0, variation.Max(Math.Abs) + between - price);
        return (value, gap);
    }

    private double[] Predict(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        var f = new double[y.Length];
        for (var i = 0; i < points.Length; i++)
        {
            if (masses[i] == 0) continue;
            var direction = Math.SinCos(points[i]);
            for (var n = 0; n < y.Length; n++) f[n] += masses[i] * Feature(direction, n);
        }
        return f;
    }

    /// <summary>d l / d f_n / count.</summary>
    private double[] Signals(ReadOnlySpan<double> points, ReadOnlySpan<double> masses) => [.. Predict(points, masses)
        .Zip(y, (f, y) => (logistic ? -y / (1 + Math.Exp(y * f)) : f - y) / this.y.Length)];

    private static double Norm(double[] p) => Math.Sqrt(p[0] * p[0] + p[1] * p[1]);
}
