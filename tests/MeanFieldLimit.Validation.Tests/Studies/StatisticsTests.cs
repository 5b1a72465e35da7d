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
}
