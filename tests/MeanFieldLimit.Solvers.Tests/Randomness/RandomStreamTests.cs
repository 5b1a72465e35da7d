using CsCheck;

namespace MeanFieldLimit.Solvers.Tests.Randomness;

public class RandomStreamTests
{
    private const int Draws = 1_000_000;

    // Two-sided probability 7e-6 under a normal law.
    private const double Z = 4.5;

    private static readonly RandomStream stream = new(20, 26);

    [Fact]
    public void Draws_are_the_halves_of_the_blocks()
    {
        var block = Philox.Block(3, stream.Stream, stream.Seed);
        Assert.Equal(block.Low, stream.Bits(6));
        Assert.Equal(block.High, stream.Bits(7));
        Assert.Equal(((block.Low >> 12) + 0.5) / (1L << 52), stream.Uniform(6));
    }

    [Fact]
    public void Bulk_and_single_draws_have_the_same_bits() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.Int[0, 70]).Sample((seed, id, first, length) =>
        {
            var one = new RandomStream(seed, id);
            var indices = Enumerable.Range(0, length).Select(j => first + (ulong)j).ToArray();
            double[] uniform = new double[length], normal = new double[length];
            one.FillUniform(first, uniform);
            one.FillNormal(first, normal);
            Assert.Equal(indices.Select(one.Uniform), uniform);
            Assert.Equal(indices.Select(one.Normal), normal);
        });

    [Fact]
    public void Bulk_draws_beyond_one_chunk_have_the_same_bits()
    {
        var normal = new double[2500];
        stream.FillNormal(7, normal);
        Assert.Equal(Enumerable.Range(7, 2500).Select(i => stream.Normal((ulong)i)), normal);
    }

    // Var of the sample mean of X^k is (E X^2k - (E X^k)^2) / n.
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 0, 15)]
    [InlineData(4, 3, 105)]
    public void Normal_moments(int k, double moment, double momentOfSquare)
    {
        var x = new double[Draws];
        stream.FillNormal(0, x);
        AssertMean(x.Select(v => Math.Pow(v, k)), moment, momentOfSquare - moment * moment);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Uniform_moments(int k)
    {
        var x = new double[Draws];
        stream.FillUniform(0, x);
        var moment = 1.0 / (k + 1);
        AssertMean(x.Select(v => Math.Pow(v, k)), moment, 1.0 / (2 * k + 1) - moment * moment);
        Assert.All(x, v => Assert.True(v is > 0 and < 1));
    }

    // P(sqrt(n) D > 2.51) = 2 exp(-2 2.51^2) and P(sqrt(n) D < 0.29) = sqrt(2 pi)/0.29 exp(-pi^2 / (8 0.29^2)) are
    // both below 1e-5 (Kolmogorov).
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kolmogorov_Smirnov(bool normal)
    {
        var u = new double[Draws];
        if (normal)
        {
            stream.FillNormal(0, u);
            for (var i = 0; i < u.Length; i++)
                u[i] = MathNet.Numerics.SpecialFunctions.Erfc(-u[i] / Math.Sqrt(2)) / 2;
        }
        else
        {
            stream.FillUniform(0, u);
        }

        Array.Sort(u);
        var distance = u.Select((v, i) => Math.Max((i + 1.0) / Draws - v, v - (double)i / Draws)).Max();
        Assert.InRange(Math.Sqrt(Draws) * distance, 0.29, 2.51);
    }

    [Theory]
    [InlineData(20, 27, 0)] // next stream
    [InlineData(21, 26, 0)] // next seed
    [InlineData(26, 20, 0)] // the two swapped
    [InlineData(20, 26, 1)] // next draw
    [InlineData(20, 26, 2)] // next block
    public void Different_draws_are_uncorrelated(ulong seed, ulong id, ulong lag)
    {
        double[] x = new double[Draws], y = new double[Draws];
        stream.FillNormal(0, x);
        new RandomStream(seed, id).FillNormal(lag, y);
        AssertMean(x.Zip(y, (a, b) => a * b), 0, 1);
        AssertMean(x.Zip(y, (a, b) => (a * a - 1) * (b * b - 1)), 0, 4);
    }

    [Fact]
    public void Each_bit_is_fair()
    {
        for (var bit = 0; bit < 64; bit++)
            AssertMean(Enumerable.Range(0, 100_000).Select(i => (double)(stream.Bits((ulong)i) >> bit & 1)), 0.5, 0.25);
    }

    [Fact]
    public void Below_reaches_every_value_equally_often()
    {
        const int N = 7;
        for (var value = 0; value < N; value++)
            AssertMean(
                Enumerable.Range(0, Draws).Select(i => stream.Below((ulong)i, N) == value ? 1.0 : 0),
                1.0 / N, 1.0 / N * (1 - 1.0 / N));
        Assert.Equal(0, stream.Below(5, 1));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => stream.Below(5, 0));
        Assert.Contains("n must be at least 1, got 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var x = new double[5000];
        Draw(x);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Draw(x);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Draw(double[] x)
        {
            stream.FillUniform(3, x);
            stream.FillNormal(3, x);
            x[0] = stream.Normal(8) + stream.Uniform(9) + stream.Below(10, 3);
        }
    }

    private static void AssertMean(IEnumerable<double> values, double mean, double variance)
    {
        var all = values.ToArray();
        var bound = Z * Math.Sqrt(variance / all.Length);
        Assert.InRange(all.Average(), mean - bound, mean + bound);
    }
}
