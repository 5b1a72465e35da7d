namespace MeanFieldLimit.Solvers.Tests.Transport;

/// <summary>Gaussians, laws on the line and the sliced distance against closed forms.</summary>
public class ClosedFormTests
{
    [Fact]
    public void Gaussians_of_commuting_covariances()
    {
        // Diagonal: |m - n|^2 + sum (sqrt a - sqrt b)^2, and the map scales by sqrt(b / a).
        var w = WassersteinGaussian.Between([1, 2], [4, 0, 0, 9], [4, 6], [1, 0, 0, 25]);
        Assert.Equal(25 + 1 + 4, w.Cost, 1e-13);
        Assert.Equal(30, w.DualValue!.Value, 1e-13);
        Assert.Equal([4 + 0.5, 6 + 5 / 3.0], w.Apply([2, 3]), (x, y) => Math.Abs(x - y) < 1e-14);
        // Along a rotated axis of variances 4 -> 0: the target is singular, the map a projection, and there is no
        // way back.
        var flat = WassersteinGaussian.Between([0, 0], [2.5, 1.5, 1.5, 2.5], [0, 0], [0.5, -0.5, -0.5, 0.5]);
        Assert.Equal(4, flat.Cost, 1e-12);
        Assert.Null(flat.DualValue);
        Assert.Null(WassersteinGaussian.Between([0, 0], [0.5, -0.5, -0.5, 0.5], [0, 0], [1, 0, 0, 1]).Map);
    }

    [Theory, InlineData(2), InlineData(5), InlineData(30)]
    public void The_map_of_gaussians_moves_the_covariance_and_costs_the_distance(int d)
    {
        double[] Covariance(ulong seed)
        {
            var g = new double[d * (d + 2)];
            new RandomStream(seed, 0).FillNormal(0, g);
            return [.. Enumerable.Range(0, d * d).Select(at =>
                Enumerable.Range(0, d + 2).Sum(k => g[at / d * (d + 2) + k] * g[at % d * (d + 2) + k]))];
        }
        var (a, b) = (Covariance(1), Covariance(2));
        var zero = new double[d];
        var w = WassersteinGaussian.Between(zero, a, zero, b);
        Assert.Equal(1, w.DualValue!.Value / w.Cost, 1e-10);
        Assert.Equal(w.Cost, WassersteinGaussian.Between(zero, b, zero, a).Cost, 1e-10 * w.Cost);
        double[] Product(double[] x, double[] y) => [.. Enumerable.Range(0, d * d).Select(at =>
            Enumerable.Range(0, d).Sum(k => x[at / d * d + k] * y[k * d + at % d]))];
        var moved = Product(Product(w.Map!, a), w.Map!);
        for (var k = 0; k < d * d; k++) Assert.Equal(b[k], moved[k], 1e-9 * d);
        // E |x - M x|^2 = tr (I - M) A (I - M).
        double[] rest = [.. w.Map!.Select((m, k) => (k / d == k % d ? 1 : 0) - m)];
        var paid = Product(Product(rest, a), rest);
        Assert.Equal(w.Cost, Enumerable.Range(0, d).Sum(k => paid[k * d + k]), 1e-10 * w.Cost);
        Assert.InRange(WassersteinGaussian.Between(zero, a, zero, a).Distance, 0, 1e-12);
    }

    [Fact]
    public void Bad_covariances_are_refused()
    {
        void Refused(string part, double[] covariance) => Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(
            () => WassersteinGaussian.Between([0, 0], [1, 0, 0, 1], [0, 0], covariance)).Message);
        Refused("that of the target has the eigenvalue -1", [0, 1, 1, 0]);
        Refused("has 2 at (1, 0) and 1 at (0, 1)", [3, 1, 2, 3]);
        Refused("must be finite", [1, 0, 0, double.NaN]);
        Refused("must be 2 x 2, got 1 numbers", [1]);
        Assert.Contains("got 1 and 2", Assert.ThrowsAny<ArgumentException>(
            () => WassersteinGaussian.Between([0], [1], [0, 0], [1, 0, 0, 1])).Message);
    }

    [Fact]
    public void Distances_to_laws()
    {
        // A Dirac: the p-th moment about it. E |U - 0|^p = 1/(p + 1) on (0, 1); E |Z - 1|^2 = 2; E |Z| = sqrt(2/pi);
        // E Z^4 = 3.
        var origin = new DiscreteMeasure(1, [0], [1]);
        Assert.Equal(Math.Pow(1 / 4.5, 1 / 3.5), WassersteinToLaw.Distance(origin, new Uniform(0, 1), 3.5), 1e-10);
        Assert.Equal(Math.Sqrt(2), WassersteinToLaw.Distance(new(1, [1], [1]), new Gaussian(0, 1)), 1e-9);
        Assert.Equal(Math.Sqrt(2 / Math.PI), WassersteinToLaw.Distance(origin, new Gaussian(0, 1), 1), 1e-9);
        Assert.Equal(Math.Pow(3, 0.25), WassersteinToLaw.Distance(origin, new Gaussian(0, 1), 4), 1e-9);
        // n midpoints against the uniform law: every piece has the variance 1/(12 n^2).
        double[] middles = [.. Enumerable.Range(0, 50).Select(k => (k + 0.5) / 50)];
        Assert.Equal(1 / (50 * Math.Sqrt(12)),
            WassersteinToLaw.Distance(DiscreteMeasure.Uniform(1, middles), new Uniform(0, 1)), 1e-12);
        // Masses at 0 and 2 of 0.5, 0.5 against -1 and 1: both move by 1.
        Assert.Equal(1, WassersteinToLaw.Distance(new(1, [2, 0], [0.5, 0.5]), new Rademacher(0, 1)), 1e-9);
    }

    // By many quantiles of the law: another discrete measure, whose distance converges to that of the law.
    [Fact]
    public void Distance_to_a_law_is_that_to_its_quantiles()
    {
        var a = Clouds.Random(100, 1, 4);
        const int N = 200_000;
        double[] quantiles = [.. Enumerable.Range(0, N).Select(k => new Gaussian(0.2, 1.5).Quantile((k + 0.5) / N))];
        Assert.Equal(Wasserstein.Distance(a, DiscreteMeasure.Uniform(1, quantiles)),
            WassersteinToLaw.Distance(a, new Gaussian(0.2, 1.5)), 1e-4);
    }

    // Of a translation every direction gives |theta . s|^p: SW_2 = |s| / sqrt d, SW_1 = |s| E |theta_1|, in the plane
    // 2/pi |s|.
    [Fact]
    public void Sliced_distance_of_a_translation()
    {
        var a = Clouds.Random(40, 2, 6);
        var b = Clouds.Moved(a, (x, k) => x + 3 + k);
        var two = WassersteinSliced.Between(a, b, 4000, new(1, 2));
        Assert.InRange(two.Cost, 12.5 - 5 * two.StandardError, 12.5 + 5 * two.StandardError);
        // Var (|s|^2 cos^2) = |s|^4 / 8.
        Assert.Equal(25 / Math.Sqrt(8 * 4000), two.StandardError, 0.05 * two.StandardError);
        var one = WassersteinSliced.Between(a, b, 4000, new(1, 3), 1);
        Assert.InRange(one.Distance, 10 / Math.PI - 5 * one.DistanceError, 10 / Math.PI + 5 * one.DistanceError);
        Assert.Equal(two, WassersteinSliced.Between(a, b, 4000, new(1, 2)));
        var line = WassersteinSliced.Between(Clouds.Random(30, 1, 7), Clouds.Random(50, 1, 8), 5, new(1, 4));
        Assert.Equal(Wasserstein.Distance(Clouds.Random(30, 1, 7), Clouds.Random(50, 1, 8)), line.Distance, 1e-14);
        Assert.Contains("got 1", Assert.ThrowsAny<ArgumentException>(
            () => WassersteinSliced.Between(a, b, 1, new(1, 2))).Message);
    }
}
