using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Tests.Statistics;

/// <summary>Distances of normal laws, and what samples in groups tell of them, against closed forms.</summary>
public class LawDistanceTests
{
    private const int Groups = 10;
    private static readonly double[] One = [1];

    /// <summary>KL(N(1, 1) || N(0, 4)) = (log 4 + (1 + 1) / 4 - 1) / 2, W2^2 = 1 + (1 - 2)^2.</summary>
    [Fact]
    public void Distances_of_normal_laws_have_their_closed_forms()
    {
        NormalLaws a = new([1, 0], [1, 3]), b = new([0, 0], [4, 3]);
        Assert.Equal(0.25 * (Math.Log(4) - 0.5) / 2, a.Divergence(b, [0.25, 0.75]), 1e-15);
        Assert.Equal(0.25 * (Math.Log(0.25) + 5 - 1) / 2, b.Divergence(a, [0.25, 0.75]), 1e-15);
        Assert.Equal(0.25 * 2, a.SquaredWasserstein(b, [0.25, 0.75]), 1e-15);
    }

    [Fact]
    public void Divergence_is_infinite_where_one_of_two_laws_has_no_variance()
    {
        NormalLaws point = new([1], [0]), rounded = new([1], [1e-34]), law = new([1], [0.5]);
        Assert.Equal(double.PositiveInfinity, point.Divergence(law, One));
        Assert.Equal(double.PositiveInfinity, rounded.Divergence(law, One));
        Assert.Equal(double.PositiveInfinity, law.Divergence(point, One));
        Assert.Equal(0, point.Divergence(point, One));
        Assert.Equal(0.5, point.SquaredWasserstein(law, One), 1e-15);
    }

    [Fact]
    public void Moments_of_groups_are_those_of_all_samples()
    {
        double[][] samples = [[1, 5], [2, 5], [4, 5], [9, 8]];
        var together = GroupedLaws.Together([SampleMoments.Of(samples[..1]), SampleMoments.Of(samples[1..])]);
        Assert.Equal([4, 5.75], together.Normal.Means);
        Assert.Equal([38 / 3.0, 2.25], together.Normal.Variances);
        var laws = GroupedLaws.Of([.. samples.Select(s => SampleMoments.Of([s]))]);
        Assert.Equal([7 / 3.0, 5], laws.Without[3].Means, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    /// <summary>
    /// Two sets of normal samples, 1,000 times: the mean of corrected values is the distance of the laws within four of
    /// its standard errors, and that of plain values is not. The mean square of the errors is that many times the
    /// variance of values over the repetitions: a sum of terms of one sample, of the variance L, and of two, of the
    /// variance Q, has 1 + Q / (L + Q), as the jackknife counts the second ones twice (Efron and Stein 1981). By the
    /// derivatives of KL at 200 samples L = 0.0188 and Q = 0.0005; at equal laws L = 0. Within four standard errors,
    /// sqrt((2 + k) / 1000 + r / 1000), k the excess kurtosis of values, r the relative variance of the squared errors:
    /// k = 0.5 and r = 2 / 9 + 0.1 of chi-squares of 9 groups; at equal laws k = 12 and r = 2 of one of one degree.
    /// </summary>
    [Theory]
    [InlineData(0, 1, 2, 0.127)]
    [InlineData(0.8, 2, 1.03, 0.053)]
    public void The_jackknife_has_the_value_and_the_error_of_samples(double mean, double variance, double ratio,
        double error)
    {
        const int times = 1000, each = 20;
        var truth = new NormalLaws([mean], [variance]).Divergence(new([0], [1]), One);
        double[] values = new double[times], plain = new double[times], errors = new double[times];
        for (var n = 0; n < times; n++)
        {
            var limit = GroupedLaws.Of(Sample(2 * n, mean, variance));
            var jackknife = limit.To(GroupedLaws.Of(Sample(2 * n + 1, 0, 1)), Groups, (a, b) => a.Divergence(b, One));
            (values[n], plain[n], errors[n]) = (jackknife.Value, jackknife.All, jackknife.Error);
        }
        var deviation = MathNet.Numerics.Statistics.Statistics.StandardDeviation(values);
        var four = 4 * deviation / Math.Sqrt(times);
        Assert.InRange(values.Average(), truth - four, truth + four);
        Assert.True(plain.Average() > truth + four);
        Assert.InRange(errors.Average(e => e * e) / (deviation * deviation), ratio * (1 - 4 * error),
            ratio * (1 + 4 * error));

        SampleMoments[] Sample(int stream, double m, double v) => [.. Enumerable.Range(0, Groups).Select(g =>
            SampleMoments.Of([.. Enumerable.Range(0, each).Select(i => new[]
            {
                m + Math.Sqrt(v) * new RandomStream(7, (ulong)stream).Normal((ulong)(g * each + i)),
            })]))];
    }

    /// <summary>Of a mean the jackknife's error is s / sqrt(G), s the deviation of the means of groups.</summary>
    [Fact]
    public void The_error_of_a_mean_is_that_of_the_means_of_groups()
    {
        double[] groups = [1, 2, 4, 9];
        var without = groups.Select(g => (16 - g) / 3).ToArray();
        var jackknife = new Jackknife(4, [without]);
        Assert.Equal(4, jackknife.Value, 1e-14);
        Assert.Equal(Math.Sqrt(38 / 3.0 / 4), jackknife.Error, 1e-14);
        // t_{0.975} of 3 degrees of freedom, from tables.
        Assert.Equal(3.182446 * jackknife.Error, jackknife.HalfLength, 1e-5);
        var difference = jackknife - new Jackknife(3, [[.. without.Select(w => w - 1)]]);
        Assert.Equal((1, 0), (difference.Value, difference.Error));
    }
}
