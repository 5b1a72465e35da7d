using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>
/// Linear neurons of outgoing weight c = 5.5 that stands still, on the point (1, 0): of Langevin dynamics at temperature D
/// the mean weight has dm = -c^2 m dt + sqrt(2 D / N) dB, steps h of Euler's method multiply it by 1 - c^2 h. The mean
/// of the limit has no noise: the gap is c times the difference.
/// </summary>
public class TimeStudyTests
{
    private const int Seeds = 100, Width = 10;
    private const double D = 0.01, Rate = 5.5 * 5.5, Step = 0.01;

    [Theory]
    [InlineData(1, "does not grow from t = 1 to 4")]
    [InlineData(2, "grows like t^0.50, 95 % interval [0.40, 0.60], by a factor of 2, from t = 1 to 4")]
    public void What_does_not_grow_has_no_power_of_t(double factor, string expected)
    {
        // t = 0.01 is before a tenth of the final time.
        var growth = Math.Log(factor) / Math.Log(4);
        Assert.Equal(expected, TimeStudy.InWords([0, 0.01, 1, 4], [0, 0.1, 1, factor],
            new("growth", growth, growth - 0.1, growth + 0.1, "")));
    }

    [Fact]
    public void What_hardly_grows_has_a_percentage_in_place_of_a_power() => Assert.Equal(
        "hardly grows from t = 1 to 4, by 0.5 %",
        TimeStudy.InWords([0, 1, 4], [0, 1, 1.005], new("growth", 0.0036, 0, 0.01, "")));

    /// <summary>
    /// A longer time does not make the step of the problem, a hundredth of its time, longer: at a tenth it would be
    /// multiplied by -2. Var yhat is 2 D h c^2 / (N (1 - (1 - c^2 h)^2)) at the end, its root known to 1 / sqrt(2 * 100).
    /// </summary>
    [Theory, InlineData(""), InlineData(", \"longestStep\": 0.01")]
    public void A_longer_time_keeps_the_step_of_noise(string step)
    {
        var result = Small.Run(new TimeStudy(), Small.Build($$"""
            { "data": { "kind": "points", "x": [[1]], "y": [[0]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "identity" },
                { "weights": { "law": "constant", "value": 5.5 }, "rate": { "schedule": "constant", "value": 0 } } ] },
              "training": { "loss": "half-squared", "time": 1, "dynamics": "langevin", "temperature": {{D}} {{step}} },
              "limit": { "types": [{ "rule": "gauss", "nodes": 8 }] },
              "record": { "saves": 1 },
              "couple": { "widths": [{{Width}}], "seeds": {{Seeds}}, "tracers": 0 } }
            """), threads: 2);
        var last = result.Table("gaps").Rows.Where(r => (double)r[2] == 10).Select(r => (double)r[3]).ToArray();
        Assert.Equal(Seeds, last.Length);
        var expected = Math.Sqrt(2 * D * Step * Rate / (Width * (1 - Math.Pow(1 - Rate * Step, 2))));
        Assert.InRange(Math.Sqrt(last.Average(g => g * g)) / expected, 1 - 4 / Math.Sqrt(2 * Seeds), 1 + 4 / Math.Sqrt(2 * Seeds));
    }
}
