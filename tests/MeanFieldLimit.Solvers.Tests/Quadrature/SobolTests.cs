namespace MeanFieldLimit.Solvers.Tests.Quadrature;

public class SobolTests
{
    private const int Replicates = 100;

    private static readonly int[] exponents = [6, 7, 8, 9, 10, 11];

    // The first points of new-joe-kuo-6 in Gray code order, as printed by the program of Joe and Kuo; dimensions 4
    // and 5 from scipy.stats.qmc.Sobol, SciPy 1.10.1.
    [Fact]
    public void Unscrambled_points_are_the_published_ones()
    {
        double[] published =
        [
            0, 0, 0, 0, 0,
            0.5, 0.5, 0.5, 0.5, 0.5,
            0.75, 0.25, 0.25, 0.25, 0.75,
            0.25, 0.75, 0.75, 0.75, 0.25,
            0.375, 0.375, 0.625, 0.875, 0.375,
            0.875, 0.875, 0.125, 0.375, 0.875,
            0.625, 0.125, 0.875, 0.625, 0.625,
            0.125, 0.625, 0.375, 0.125, 0.125,
            0.1875, 0.3125, 0.9375, 0.4375, 0.5625,
            0.6875, 0.8125, 0.4375, 0.9375, 0.0625,
            0.9375, 0.0625, 0.6875, 0.1875, 0.3125,
            0.4375, 0.5625, 0.1875, 0.6875, 0.8125,
            0.3125, 0.1875, 0.3125, 0.5625, 0.9375,
            0.8125, 0.6875, 0.8125, 0.0625, 0.4375,
            0.5625, 0.4375, 0.0625, 0.8125, 0.1875,
            0.0625, 0.9375, 0.5625, 0.3125, 0.6875,
        ];
        var points = new double[published.Length];
        Sobol.Walk(JoeKuo.Directions(5), new ulong[5], points);
        Assert.All(published.Zip(points), pair => Assert.Equal(pair.First, pair.Second, 1e-15));
    }

    // sum of (1 + i mod 7) (j + 1) x_ij over the last 64 of the first 2^14 unscrambled points i and all dimensions j:
    // every tabulated direction number enters. From scipy.stats.qmc.Sobol, SciPy 1.10.1.
    [Fact]
    public void All_dimensions_agree_with_SciPy()
    {
        const int D = JoeKuo.MaxDimension, First = (1 << 14) - 64, GrayCode = First ^ (First >> 1);
        var directions = JoeKuo.Directions(D);
        var start = new ulong[D];
        for (var j = 0; j < D; j++)
            for (var k = 0; k < 14; k++)
                start[j] ^= (ulong)(GrayCode >> k & 1) * directions[j * JoeKuo.Columns + k];

        var points = new double[D * 64];
        Sobol.Walk(directions, start, points);
        double sum = 0;
        for (var i = 0; i < 64; i++)
            for (var j = 0; j < D; j++)
                sum += (j + 1) * points[i * D + j] * (1 + (First + i) % 7);
        Assert.Equal(79051839.03125, sum, 1e-4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(10)]
    public void Every_dyadic_interval_is_hit_once_in_every_dimension(int m)
    {
        const int D = JoeKuo.MaxDimension;
        var n = 1 << m;
        var nodes = UnitCube(D, n, 5);
        for (var j = 0; j < D; j++)
            Assert.Equal(n, Enumerable.Range(0, n).Select(i => (int)(nodes.Point(i)[j] * n)).Distinct().Count());
    }

    // Dimensions 1 and 2 are a (0, m, 2)-net in base 2: every box of sides 2^-k and 2^(k-m) holds one point. Also
    // for every aligned block of 2^m points of the sequence.
    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    public void First_two_dimensions_are_a_net(ulong id)
    {
        const int M = 8, N = 1 << M;
        var nodes = UnitCube(2, 4 * N, id);
        for (var block = 0; block < 4; block++)
            for (var k = 0; k <= M; k++)
            {
                var boxes = Enumerable.Range(block * N, N).Select(i =>
                    ((int)(nodes.Point(i)[0] * (1 << k)) << (M - k)) + (int)(nodes.Point(i)[1] * (1 << (M - k))));
                Assert.Equal(N, boxes.Distinct().Count());
            }
    }

    // One point of the net alone is uniform, so the mean of its k-th power over R randomisations has variance
    // (1/(2k+1) - 1/(k+1)^2) / R.
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Each_point_alone_is_uniform(int point)
    {
        const int R = 20_000;
        var x = Enumerable.Range(0, R).Select(r => UnitCube(3, 8, (ulong)r).Point(point)[2]).ToArray();
        for (var k = 1; k <= 4; k++)
        {
            var variance = 1.0 / (2 * k + 1) - 1.0 / ((k + 1) * (k + 1));
            Assert.Equal(1.0 / (k + 1), x.Average(v => Math.Pow(v, k)), 4.5 * Math.Sqrt(variance / R));
        }
    }

    [Fact]
    public void Means_are_unbiased()
    {
        const int R = 1000;
        var errors = Enumerable.Range(0, R).Select(r => Error(new Sobol(16, new RandomStream(9, (ulong)r)))).ToArray();
        Assert.Equal(0, errors.Average(), 4.5 * Math.Sqrt(errors.Average(e => e * e) / R));
    }

    [Fact]
    public void Scrambled_Sobol_beats_the_first_order() =>
        Assert.True(Slope((n, stream) => new Sobol(n, stream)) < -0.9);

    // log rms of R draws has the standard deviation 1/sqrt(2R) (kurtosis of the error near 3), the slope that over
    // the spread of log n.
    [Fact]
    public void Monte_Carlo_has_order_one_half()
    {
        var spread = Math.Log(2) * Math.Sqrt(exponents.Sum(m => Math.Pow(m - exponents.Average(), 2)));
        var bound = 4.5 / Math.Sqrt(2 * Replicates) / spread;
        Assert.Equal(-0.5, Slope((n, stream) => new MonteCarlo(n, stream)), bound);
    }

    private static double Slope(Func<int, RandomStream, IQuadratureRule> rule)
    {
        var logN = exponents.Select(m => m * Math.Log(2)).ToArray();
        var logError = exponents.Select(m => Math.Log(Enumerable.Range(0, Replicates)
            .Average(r => Math.Pow(Error(rule(1 << m, new RandomStream((ulong)m, (ulong)r))), 2))) / 2).ToArray();
        return MathNet.Numerics.Fit.Line(logN, logError).B;
    }

    // f(x) = exp(sum_j x_j / 3), x_j uniform on [0, 1], d = 5: E f = (3 (e^(1/3) - 1))^5.
    private static double Error(IQuadratureRule rule)
    {
        var nodes = rule.Discretise([.. Enumerable.Repeat(new Uniform(0, 1), 5)]);
        var mean = 0.0;
        for (var i = 0; i < nodes.Count; i++)
        {
            var sum = 0.0;
            foreach (var x in nodes.Point(i))
                sum += x;
            mean += nodes.Masses[i] * Math.Exp(sum / 3);
        }

        return mean - Math.Pow(3 * (Math.Exp(1.0 / 3) - 1), 5);
    }

    private static Nodes UnitCube(int dimension, int count, ulong id) =>
        new Sobol(count, new RandomStream(3, id)).Discretise([.. Enumerable.Repeat(new Uniform(0, 1), dimension)]);
}
