using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>The fits of the studies on numbers whose law is known.</summary>
public class StatisticsTests
{
    private static readonly int[] Widths = [50, 200, 800];
    private static readonly double[] Steps = [0, 0.001, 0.01, 0.1];

    [Theory, InlineData(0.7, 0.7), InlineData(1.3, 0.2), InlineData(0.4, 0)]
    public void The_constants_of_width_and_step_are_recovered(double ofWidth, double ofStep)
    {
        const double delta = 0.1;
        JointPoint[] grid = [.. Widths.SelectMany(n => Steps.Select(eps => new JointPoint(n, eps,
            Math.Sqrt(Math.Log(n / delta)) * (ofWidth / Math.Sqrt(n) + ofStep * Math.Sqrt(eps)))))];
        var (a, b) = JointPoint.Separate(grid, delta);
        Assert.Equal(ofWidth, a, 1e-12);
        Assert.Equal(ofStep, b, 1e-12);
        // One constant for both is the larger one: the bound is met with equality where eps = 0.
        Assert.Equal(ofWidth, grid.Max(p => p.Ratio(delta)), 1e-12);
    }

    [Theory, InlineData(0.1, 9), InlineData(0.05, 10), InlineData(0.5, 5), InlineData(0.95, 1)]
    public void The_quantile_is_the_smallest_value_that_the_asked_part_does_not_exceed(double delta, double expected) =>
        Assert.Equal(expected, JointPoint.QuantileOf([3, 1, 2, 10, 9, 8, 7, 4, 5, 6], delta));

    [Fact]
    public void A_constant_of_the_gap_and_a_growth_in_time_are_recovered()
    {
        var values = new double[Widths.Length, 3];
        for (var i = 0; i < Widths.Length; i++)
            for (var s = 0; s < 3; s++) values[i, s] = 1.5 / Math.Sqrt(Widths[i]);
        var (value, low, high) = DepthStudy.Constant([.. Widths.Select(GapQuantity.Prediction.Theory)], values, 1);
        Assert.Equal((1.5, 1.5, 1.5), (Math.Round(value, 12), Math.Round(low, 12), Math.Round(high, 12)));

        // Largest gaps carry sqrt(log N): 1.32, 1.34 and 1.36 sqrt(log N / N) are one constant, not three.
        var largest = GapQuantity.Pathwise.Single(q => q.Name == "parameters-max");
        for (var i = 0; i < Widths.Length; i++)
            for (var s = 0; s < 3; s++)
                values[i, s] = (1.32 + 0.02 * i) * Math.Sqrt(Math.Log(Widths[i]) / Widths[i]);
        Assert.Equal(1.34, DepthStudy.Constant([.. Widths.Select(largest.Theory)], values, 1).Value, 1e-3);
        Assert.Equal([1.32, 1.34, 1.36], Rate.Fit(largest, Widths, values, 1).OverTheory.Select(v => Math.Round(v, 9)));

        double[] times = [.. Enumerable.Range(0, 31).Select(k => (double)k)];
        double[][] sups = [.. new[] { 1.0, 2 }.Select(c => times.Select(t => c * Math.Pow(t, 0.3)).ToArray())];
        var (curve, exponent, half) = TimeStudy.Growth(times, sups, 1);
        Assert.Equal(0.3, exponent, 1e-12);
        Assert.Equal(0, half, 1e-12);
        Assert.Equal(Math.Sqrt(2.5) * Math.Pow(30, 0.3), curve[^1], 1e-12);
    }

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

    [Fact]
    public void Equal_covariances_are_as_far_apart_as_sampling_makes_them_and_unequal_ones_farther()
    {
        // Two independent samples of 200 normal vectors in 5 dimensions: E|C_a - C_b|^2 = 2 (25 + 5)/199 for the
        // identity, so a distance of sqrt(60/199)/sqrt(5) = 0.246 and an error estimate of the same.
        double[][] Draw(ulong stream, double scale) => [.. Enumerable.Range(0, 200).Select(s => Enumerable.Range(0, 5)
            .Select(c => (c == 0 ? scale : 1) * new RandomStream(stream, 2).Normal((ulong)(5 * s + c))).ToArray())];
        var (distance, error) = Covariance.Distance(Draw(1, 1), Draw(2, 1), 1);
        Assert.InRange(error, 0.19, 0.30);
        Assert.InRange(distance, 0.12, 0.37);
        // A variance of 4 in one of 5 directions: 3/sqrt(5) = 1.34 of the norm.
        Assert.InRange(Covariance.Distance(Draw(1, 2), Draw(2, 1), 1).Distance, 1.0, 1.7);
        Assert.Equal(0, Covariance.Distance(Draw(1, 1), Draw(1, 1), 1).Distance);
        // Fluctuations of one law at every width: none of the numbers is beyond what sampling makes of it.
        var result = FluctuationStudy.Analyse([10, 20, 40], [Draw(3, 1), Draw(4, 1), Draw(5, 1)], 0, 1);
        Assert.Contains("0 differ by more than twice", result.Headline, StringComparison.Ordinal);
    }
}
