using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Statistics;

public class CovarianceTests
{
    [Fact]
    public void Equal_covariances_are_as_far_apart_as_sampling_makes_them_and_unequal_ones_farther()
    {
        // Two independent samples of 200 normal vectors in 5 dimensions: E|C_a - C_b|^2 = 2 (25 + 5)/199 for the
        // identity, so a distance of sqrt(60/199)/sqrt(5) = 0.246 and an error estimate of the same.
        var (distance, error) = Covariance.Distance(Draw(1, 1), Draw(2, 1), 1);
        Assert.InRange(error, 0.19, 0.30);
        Assert.InRange(distance, 0.12, 0.37);
        // A variance of 4 in one of 5 directions: 3/sqrt(5) = 1.34 of the norm.
        Assert.InRange(Covariance.Distance(Draw(1, 2), Draw(2, 1), 1).Distance, 1.0, 1.7);
        Assert.Equal(0, Covariance.Distance(Draw(1, 1), Draw(1, 1), 1).Distance);
    }

    [Fact]
    public void Fluctuations_of_one_law_at_every_width_are_told_to_be_one() =>
        Assert.Contains("0 differ by more than twice", FluctuationStudy.Analyse([10, 20, 40],
            [Draw(3, 1), Draw(4, 1), Draw(5, 1)], 0, 1).Headline, StringComparison.Ordinal);

    [Fact]
    public void Sampling_makes_the_distance_that_its_formula_has()
    {
        // C = diag(4, 1, 1, 1, 1): E|S - C|^2 = (64 + 20)/199 by Wishart's law.
        var c = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfDiagonalArray([4, 1, 1, 1, 1]);
        var (rms, most) = Covariance.Sampling(c, 200);
        Assert.Equal(Math.Sqrt(84 / 199.0 / 20), rms, 12);
        int[] every = [.. Enumerable.Range(0, 200)];
        double[] distances = [.. Enumerable.Range(0, 1000).Select(s =>
            (Covariance.Of(Draw(100 + (ulong)s, 2), every) - c).FrobeniusNorm() / Math.Sqrt(20))];
        // The square has the relative standard deviation 0.52: five times 0.52/sqrt(1000) for its mean.
        Assert.InRange(distances.Average(d => d * d) / (rms * rms), 0.918, 1.082);
        Assert.InRange(distances.Count(d => d > most) / 1000.0, 0.02, 0.08);
    }

    private static double[][] Draw(ulong stream, double scale) =>
        [.. Enumerable.Range(0, 200).Select(s => Enumerable.Range(0, 5)
            .Select(c => (c == 0 ? scale : 1) * new RandomStream(stream, 2).Normal((ulong)(5 * s + c))).ToArray())];
}
