using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Tests.Figures;

public class LogTicksTests
{
    [Theory]
    [InlineData(1e-6, 1e3)]
    [InlineData(1e-3, 1e3)]
    [InlineData(1e-3, 0.2)]
    [InlineData(0.03, 0.2)]
    [InlineData(0.031, 0.058)]
    [InlineData(0.41, 0.44)]
    [InlineData(1e-300, 1e300)]
    public void Every_range_has_a_few_labels_in_order(double low, double high)
    {
        var major = LogTicks.Between(Math.Log10(low), Math.Log10(high)).Where(t => t.IsMajor).ToArray();
        Assert.InRange(major.Length, 3, 10);
        Assert.Equal(major.Length, major.Select(t => t.Label).Distinct().Count());
        Assert.All(major, t => Assert.InRange(t.Position, Math.Log10(low) - 1e-9, Math.Log10(high) + 1e-9));
        Assert.All(major, t => Assert.Equal(t.Position,
            Math.Log10(ScriptsTests.Read(t.Label)), 3));
    }

    [Fact]
    public void A_power_of_ten_has_its_label_before_its_neighbours()
    {
        var labels = LogTicks.Between(Math.Log10(0.36), Math.Log10(3.3)).Where(t => t.IsMajor).Select(t => t.Label);
        Assert.Contains("1", labels);
    }

    [Fact]
    public void Widths_that_would_run_into_each_other_are_left_out()
    {
        var ticks = LogTicks.At([100, 101, 200, 400], 1.9, 2.7).Where(t => t.IsMajor).Select(t => t.Label);
        Assert.Equal(["100", "200", "400"], ticks);
    }
}
