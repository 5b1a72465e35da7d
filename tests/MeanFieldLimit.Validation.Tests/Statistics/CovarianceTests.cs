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

    private static double[][] Draw(ulong stream, double scale) =>
        [.. Enumerable.Range(0, 200).Select(s => Enumerable.Range(0, 5)
            .Select(c => (c == 0 ? scale : 1) * new RandomStream(stream, 2).Normal((ulong)(5 * s + c))).ToArray())];
}
