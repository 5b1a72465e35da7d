using MathNet.Numerics;

namespace MeanFieldLimit.Solvers.Tests.Randomness;

public class NormalDistributionTests
{
    // From a Newton iteration on the series and the continued fraction of the distribution function, in decimal
    // arithmetic of 120 digits, at the double nearest to u.
    [Theory]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(1e-100, -21.273453560965326)]
    [InlineData(1e-20, -9.262340089798407)]
    [InlineData(1e-11, -6.706023155495137)]
    [InlineData(1.3e-11, -6.667611456510741)]
    [InlineData(1e-10, -6.361340902404057)]
    [InlineData(1e-05, -4.264890793922825)]
    [InlineData(0.001, -3.0902323061678136)]
    [InlineData(0.025, -1.9599639845400543)]
    [InlineData(0.074, -1.4466320671589785)]
    [InlineData(0.076, -1.4325027208258116)]
    [InlineData(0.1, -1.2815515655446004)]
    [InlineData(0.25, -0.6744897501960817)]
    [InlineData(0.3, -0.5244005127080408)]
    [InlineData(0.45, -0.12566134685507402)]
    [InlineData(0.499, -0.002506630899571766)]
    public void Known_values(double u, double x) => Assert.Equal(1, NormalDistribution.Quantile(u) / x, 1e-15);

    [Fact]
    public void Symmetric()
    {
        for (var i = 1; i < 1 << 12; i++)
            Assert.Equal(-NormalDistribution.Quantile(i / 4096.0), NormalDistribution.Quantile(1 - i / 4096.0));
        Assert.Equal(0, NormalDistribution.Quantile(0.5));
    }

    // The relative error of the probability is |x| phi(x)/Phi(x) ~ x^2 times that of x.
    [Fact]
    public void Round_trip_through_erfc()
    {
        for (var exponent = 0.31; exponent < 290; exponent *= 1.01)
        {
            var u = Math.Pow(10, -exponent);
            var x = NormalDistribution.Quantile(u);
            Assert.Equal(1, SpecialFunctions.Erfc(-x / Math.Sqrt(2)) / 2 / u, (x * x + 4) * 1e-15);
        }
    }

    [Fact]
    public void Increasing_across_the_seams()
    {
        foreach (var seam in new[] { 0.075, 0.925, Math.Exp(-25), 1 - Math.Exp(-25) })
        {
            var x = Enumerable.Range(-50, 101)
                .Select(i => NormalDistribution.Quantile(seam * (1 + i * 1e-14))).ToArray();
            Assert.All(x.Zip(x.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 4e-15 * Math.Abs(pair.First)));
        }
    }

    [Fact]
    public void Ends_and_outside()
    {
        Assert.Equal(double.NegativeInfinity, NormalDistribution.Quantile(0));
        Assert.Equal(double.PositiveInfinity, NormalDistribution.Quantile(1));
        Assert.All(new[] { -0.1, 1.1, double.NaN }, u => Assert.Equal(double.NaN, NormalDistribution.Quantile(u)));
    }

    [Fact]
    public void Bulk_has_the_same_bits_in_place_and_refuses_another_length()
    {
        var u = Enumerable.Range(0, 1003).Select(i => i / 1002.0).ToArray();
        var expected = u.Select(NormalDistribution.Quantile).ToArray();
        NormalDistribution.Quantile(u, u);
        Assert.Equal(expected, u);
        Assert.Throws<ArgumentException>(() => NormalDistribution.Quantile(u, u.AsSpan(1)));
    }
}
