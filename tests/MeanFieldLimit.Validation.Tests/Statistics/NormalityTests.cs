using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Tests.Statistics;

public class NormalityTests
{
    [Fact]
    public void Normal_samples_pass_for_normal_as_often_as_they_should_and_others_do_not()
    {
        // 1000 samples of 60: 5 % +- 4 sqrt(0.05 0.95 / 1000) = 2.8 % are refused.
        var (refused, skewness, kurtosis) = (0, 0.0, 0.0);
        for (ulong k = 0; k < 1000; k++)
        {
            var n = Normality.Of([.. Enumerable.Range(0, 60).Select(i =>
                3 + 2 * new RandomStream(k, 1).Normal((ulong)i))]);
            if (n.Kolmogorov > Normality.Critical) refused++;
            skewness += Math.Pow(n.Skewness / n.SkewnessError, 2) / 1000;
            kurtosis += Math.Pow(n.Kurtosis / n.KurtosisError, 2) / 1000;
        }
        Assert.InRange(refused, 50 - 28, 50 + 28);
        // Exact variances over 6/n and 24/n at n = 60: (n-2) n/((n+1)(n+3)) = 0.905, and that of the kurtosis
        // n^2 (n-2)(n-3)/((n+1)^2 (n+3)(n+5)) = 0.782, about a mean of -6/(n+1), whose square adds 0.024.
        Assert.InRange(skewness, 0.905 - 0.3, 0.905 + 0.3);
        Assert.InRange(kurtosis, 0.806 - 0.3, 0.806 + 0.3);

        // Exponential samples have skewness 2 and kurtosis 6.
        var exponential = Normality.Of([.. Enumerable.Range(0, 400).Select(i => -Math.Log(1 - (i + 0.5) / 400))]);
        Assert.True(exponential.Kolmogorov > Normality.Critical);
        Assert.InRange(exponential.Skewness, 1.8, 2.0);
    }
}
