using MeanFieldLimit.Solvers.Randomness;
using MeanFieldLimit.Validation.Coupling;

namespace MeanFieldLimit.Validation.Tests.Coupling;

public class RateTests
{
    private static readonly int[] Widths = [100, 200, 400, 800];

    [Fact]
    public void An_exact_power_is_found()
    {
        var values = new double[4, 3];
        for (var i = 0; i < 4; i++)
            for (var s = 0; s < 3; s++) values[i, s] = (s + 1) * Math.Pow(Widths[i], -0.75);
        var rate = Rate.Fit("x", Widths, values, 1);
        Assert.Equal(-0.75, rate.Slope, 1e-12);
        Assert.Equal(-0.75, rate.Low, 1e-12);       // resampling seeds scales all widths alike
        Assert.Equal(-0.75, rate.High, 1e-12);
        Assert.Equal(Math.Sqrt(14.0 / 3) * Math.Pow(100, -0.75), rate.Rms[0], 1e-12);
    }

    [Fact]
    public void The_interval_covers_the_true_slope_about_as_often_as_it_says()
    {
        // Independent normal gaps of scale N^(-1/2), 24 seeds, 300 experiments: a true coverage of 0.95 gives 285 +- 17
        // (z = 4.5). The percentile bootstrap of 24 seeds is known to cover a few percent less: 0.90 gives 270 +- 24.
        var covered = 0;
        for (ulong experiment = 0; experiment < 300; experiment++)
        {
            var values = new double[4, 24];
            for (var i = 0; i < 4; i++)
                for (var s = 0; s < 24; s++)
                    values[i, s] = new RandomStream(experiment, (ulong)i).Normal((ulong)s) / Math.Sqrt(Widths[i]);
            var rate = Rate.Fit("x", Widths, values, experiment);
            if (rate.Low <= -0.5 && -0.5 <= rate.High) covered++;
        }
        Assert.InRange(covered, 270 - 24, 300);
    }

    [Fact]
    public void What_cannot_be_fitted_is_NaN()
    {
        Assert.True(double.IsNaN(Rate.Fit("x", [100], new double[1, 3] { { 1, 2, 3 } }, 1).Slope));
        var single = Rate.Fit("x", [100, 200], new double[2, 1] { { 2 }, { 1 } }, 1);
        Assert.Equal(-1, single.Slope, 1e-12);
        Assert.True(double.IsNaN(single.Low) && double.IsNaN(single.RmsHigh[0]));
    }
}
