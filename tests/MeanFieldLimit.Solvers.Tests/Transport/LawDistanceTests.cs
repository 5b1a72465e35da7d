namespace MeanFieldLimit.Solvers.Tests.Transport;

/// <summary>Distances to laws at large p, in tails and at extreme scales; references by mpmath 1.3.0 with 40 digits,
/// from integrals against the density.</summary>
public class LawDistanceTests
{
    private static readonly DiscreteMeasure Origin = new(1, [0], [1]);

    // (E |Z|^p)^(1/p), E |Z|^p = 2^(p/2) Gamma((p + 1)/2) / sqrt(pi).
    [Theory, InlineData(1, 0.79788456080286536), InlineData(2, 1), InlineData(20, 2.7593264334785622)]
    [InlineData(40, 3.869216342544296), InlineData(80, 5.4484570955302992)]
    public void Moments_of_the_normal_law(double p, double moment)
    {
        Assert.Equal(1, WassersteinToLaw.Distance(Origin, new Gaussian(0, 1), p) / moment, 1e-13);
        Assert.Equal(1, WassersteinToLaw.Distance(Origin, new Chi(1, 1), p) / moment, 1e-13);
        Assert.Equal(1, WassersteinToLaw.Distance(new(1, [3], [1]), new Gaussian(3, 7), p) / (7 * moment), 1e-13);
    }

    [Theory, InlineData(1.5), InlineData(80), InlineData(1e5)]
    public void Moments_of_the_uniform_law(double p) =>
        Assert.Equal(1, WassersteinToLaw.Distance(Origin, new Uniform(-2, 2), p) / (2 * Math.Pow(p + 1, -1 / p)),
            1e-13);

    [Theory, InlineData(1, 0.70537565882158788), InlineData(2.5, 0.98324068248971522)]
    [InlineData(40, 3.6118352111304205), InlineData(80, 5.1361389304512359)]
    public void Lengths_in_three_dimensions_from_1(double p, double distance) =>
        Assert.Equal(1, WassersteinToLaw.Distance(new(1, [1], [1]), new Chi(3, 1), p) / distance, 1e-13);

    [Theory, InlineData(1.5, 0.62735468629810023), InlineData(3, 0.82055095532038274)]
    [InlineData(20, 2.3821202890462769), InlineData(80, 5.1034469680263339)]
    public void Two_points(double p, double distance)
    {
        var measure = new DiscreteMeasure(1, [0.5, -1], [0.75, 0.25]);
        foreach (var scale in new[] { 1e-300, 1e-170, 1e-100, 1, 1e100, 1e160, 1e300 })
            Assert.Equal(1, WassersteinToLaw.Distance(Clouds.Moved(measure, (x, _) => scale * x),
                new Gaussian(0, scale), p) / (scale * distance), 1e-13);
    }

    // What the law has beyond its quantile at 1 - 1e-20, which no double below 1 tells from 1.
    [Theory, InlineData(2, 1), InlineData(20, 9.0633206098652345), InlineData(80, 50.968690585692765)]
    public void A_tiny_mass_in_the_tail(double p, double distance)
    {
        foreach (var far in new[] { -100, 100 })
            Assert.Equal(1, WassersteinToLaw.Distance(new(1, [0, far], [1, 1e-20]), new Gaussian(0, 1), p) / distance,
                1e-12);
    }

    [Theory, InlineData(1e-170), InlineData(1e160), InlineData(1e300)]
    public void Laws_on_two_points_and_laws_that_are_points_from_afar(double scale)
    {
        var measure = new DiscreteMeasure(1, [2 * scale, 0], [0.5, 0.5]);
        Assert.Equal(1, WassersteinToLaw.Distance(measure, new Rademacher(0, scale), 7) / scale, 1e-14);
        Assert.Equal(1, WassersteinToLaw.Distance(measure, new Constant(scale), 7) / scale, 1e-14);
        Assert.Equal(1, WassersteinToLaw.Distance(measure, new Gaussian(scale, 1e-20 * scale), 7) / scale, 1e-14);
        Assert.Equal(0, WassersteinToLaw.Distance(measure, new Rademacher(scale, scale), 7));
    }

    [Theory, InlineData(2), InlineData(20)]
    public void Many_points_at_the_middles_of_equal_pieces(double p)
    {
        const int n = 20_000;
        double[] middles = [.. Enumerable.Range(0, n).Select(k => (2 * k + 1.0) / n - 1)];
        Assert.Equal(1, WassersteinToLaw.Distance(DiscreteMeasure.Uniform(1, middles), new Uniform(-1, 1), p)
            * n * Math.Pow(p + 1, 1 / p), 1e-10);
    }

    [Fact]
    public void A_law_that_is_known_by_its_quantiles_alone()
    {
        var measure = new DiscreteMeasure(1, [0.5, -1], [0.75, 0.25]);
        foreach (var p in new[] { 1, 2, 3.5 })
            Assert.Equal(WassersteinToLaw.Distance(measure, new Gaussian(0.3, 2), p),
                WassersteinToLaw.Distance(measure, new ByQuantiles(new Gaussian(0.3, 2)), p), 1e-10);
    }

    /// <summary>|x|^p has two maxima, one at each end.</summary>
    [Theory, InlineData(1.5), InlineData(20), InlineData(150), InlineData(2000)]
    public void A_law_that_is_known_by_its_quantiles_alone_is_seen_on_both_sides(double p)
    {
        var law = new ByQuantiles(new Uniform(-2, 2));
        Assert.Equal(1, WassersteinToLaw.Distance(Origin, law, p) / (2 * Math.Pow(p + 1, -1 / p)), 1e-12);
        // Half of the law is nearer to each of two points: 1 at most, both ways.
        Assert.Equal(1, WassersteinToLaw.Distance(new(1, [-1, 1], [0.5, 0.5]), law, p) / Math.Pow(p + 1, -1 / p), 1e-12);
    }

    [Fact]
    public void What_has_no_number_is_refused() => Assert.Contains("differences of coordinates must be finite",
        Assert.Throws<ArgumentException>(
            () => WassersteinToLaw.Distance(new(1, [-1.5e308], [1]), new Constant(1.5e308))).Message);

    private sealed class ByQuantiles(ILaw law) : ILaw
    {
        public double Mean => law.Mean;

        public double StandardDeviation => law.StandardDeviation;

        public double Quantile(double u) => law.Quantile(u);

        public int GaussNodes(int requested) => requested;

        public GaussRule Gauss(int requested) => law.Gauss(requested);
    }
}
