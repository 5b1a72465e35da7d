using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

public class RateTests
{
    private static readonly int[] Widths = [100, 200, 400, 800];

    [Fact]
    public void An_exact_power_is_found()
    {
        var values = new double[4, 3];
        for (var i = 0; i < 4; i++)
            for (var s = 0; s < 3; s++) values[i, s] = (s + 1) * Math.Pow(Widths[i], -0.75);
        var rate = Rate.Fit(GapQuantity.Prediction, Widths, values, 1);
        Assert.Equal(-0.75, rate.Fitted.Slope, 1e-12);
        Assert.Equal(-0.75, rate.Fitted.Low, 1e-12);       // resampling replicates scales all widths alike
        Assert.Equal(-0.75, rate.Fitted.High, 1e-12);
        Assert.Equal(Math.Sqrt(14.0 / 3) * Math.Pow(100, -0.75), rate.Fitted.Rms[0], 1e-12);
    }

    [Theory, InlineData(3), InlineData(6), InlineData(24)]
    public void The_interval_covers_the_true_slope_as_often_as_it_says(int replicates)
    {
        // Independent normal gaps of scale N^(-1/2), 400 models: coverage 0.95 gives 380 +- 20 (z = 4.5); the
        // bootstrap of an rms is not exact at few replicates, so 0.92 is allowed: 368 - 24.
        var (covered, length) = (0, 0.0);
        for (ulong model = 0; model < 400; model++)
        {
            var values = new double[4, replicates];
            for (var i = 0; i < 4; i++)
                for (var s = 0; s < replicates; s++)
                    values[i, s] = new RandomStream(model, (ulong)i).Normal((ulong)s) / Math.Sqrt(Widths[i]);
            var rate = Rate.Fit(GapQuantity.Prediction, Widths, values, model);
            if (rate.Fitted.Low <= -0.5 && -0.5 <= rate.Fitted.High) covered++;
            length += (rate.Fitted.High - rate.Fitted.Low) / 400;
        }
        Assert.InRange(covered, 368 - 24, 400);
        // 24 replicates: log rms has the standard deviation 1/sqrt(48), the slope that over sqrt(sum (x - mean)^2)
        // with x = k log 2: 0.093, and the interval 2 * 2.07 * 1.02 of it, 0.39.
        if (replicates == 24) Assert.InRange(length, 0.3, 0.5);
    }

    [Fact]
    public void What_cannot_be_fitted_is_NaN()
    {
        Assert.True(double.IsNaN(Rate.Fit(GapQuantity.Prediction, [100], new double[1, 3] { { 1, 2, 3 } }, 1).Fitted.Slope));
        var single = Rate.Fit(GapQuantity.Prediction, [100, 200], new double[2, 1] { { 2 }, { 1 } }, 1);
        Assert.Equal(-1, single.Fitted.Slope, 1e-12);
        Assert.True(double.IsNaN(single.Fitted.Low) && double.IsNaN(single.Fitted.RmsHigh[0]));
    }

    [Fact]
    public void Where_nothing_varies_there_is_no_rate_but_a_reason()
    {
        // The same gap at all widths and seeds but for rounding, as networks of constant weights have.
        var values = new double[4, 3];
        for (var i = 0; i < 4; i++)
            for (var s = 0; s < 3; s++) values[i, s] = 1.387e-9 * (1 + 1e-8 * i);
        var rate = Rate.Fit(GapQuantity.Prediction, Widths, values, 1);
        Assert.True(double.IsNaN(rate.Fitted.Slope) && double.IsNaN(rate.Fitted.Low) && double.IsNaN(rate.Fitted.High));
        Assert.Equal("it does not vary, it is 1.39E-09 at every width and seed", rate.Fitted.Reason);
        Assert.Equal("there is one width, a rate takes two",
            Rate.Fit(GapQuantity.Prediction, [100], new double[1, 2] { { 1, 2 } }, 1).Fitted.Reason);
        Assert.Equal("it is zero at a width",
            Rate.Fit(GapQuantity.Prediction, [100, 200], new double[2, 2] { { 1, 2 }, { 0, 0 } }, 1).Fitted.Reason);

        Assert.Equal("it is zero at every width",
            Rate.Fit(GapQuantity.Prediction, [100, 200], new double[2, 2], 1).Fitted.Reason);
        // Of two seeds a half of all samples has the one with 0 alone, or twice: no line goes through them.
        rate = Rate.Fit(GapQuantity.Prediction, [100, 200], new double[2, 2] { { 2, 2 }, { 1, 0 } }, 1);
        Assert.True(double.IsNaN(rate.Fitted.Slope));
        Assert.Equal("its 95 % interval is infinitely wide: it is zero for some of the 2 seeds", rate.Fitted.Reason);
        Assert.Equal($"the gap has no rate: {rate.Fitted.Reason}", rate.Fitted.Sentence("the gap", "N"));

        // A gap that does not fall with the width, of networks that differ, has the rate 0.
        for (var i = 0; i < 4; i++)
            for (var s = 0; s < 3; s++) values[i, s] = s + 1;
        Assert.Equal((0, null), (Math.Round(Rate.Fit(GapQuantity.Prediction, Widths, values, 1).Fitted.Slope, 12),
            Rate.Fit(GapQuantity.Prediction, Widths, values, 1).Fitted.Reason));
    }
}
