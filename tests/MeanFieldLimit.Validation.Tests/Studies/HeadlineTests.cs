using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Densities;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>Headlines answer the question of their study, yes or no, from the numbers.</summary>
public class HeadlineTests
{
    [Theory]
    [InlineData(0.02, 0.03, "agree within their errors: at the end particles and minimizing movements, which are " +
        "closest to not agreeing, are W2 = 0.02 apart, and their errors add up to 0.03.")]
    [InlineData(0.04, 0.03, "do not agree within their errors: at the end particles and minimizing movements, which " +
        "are farthest from it, are W2 = 0.04 apart, and their errors add up to 0.03.")]
    public void Densities_agree_where_they_are_closer_than_their_errors_add_up_to(double apart, double error,
        string expected)
    {
        var pairs = Pairs(apart, error);
        Assert.Equal($"The laws of grid, particles and minimizing movements {expected}", Agreement.InWords(pairs));
        Assert.All(Agreement.Table(pairs).Split('\n'), line => Assert.InRange(line.Length, 0, 44));
        Assert.Equal(apart > error, Agreement.Table(pairs).EndsWith('!'));
    }

    [Fact]
    public void Whether_densities_agree_cannot_be_told_without_an_error() => Assert.Equal(
        "Whether grid, particles and minimizing movements have one law cannot be told: the error of minimizing " +
        "movements is not known.", Agreement.InWords(Pairs(0.04, double.NaN)));

    private static Agreement[] Pairs(double apart, double error)
    {
        Way grid = new("grid", null, 0.01), particles = new("particles", null, 0), jko = new("jko", null, error);
        return [new(grid, particles, 0.001), new(grid, jko, 0.01), new(particles, jko, apart)];
    }

    [Theory]
    [InlineData(0.5, 0.6, "is the same for all depths as far as its 95 % intervals tell: 0.5 [0.4, 0.6] at 3 layers, ")]
    [InlineData(0.8, 0.9, "grows with the depth: ")]
    [InlineData(0.2, 0.3, "falls with the depth: ")]
    public void The_constant_grows_where_intervals_say_so(double low, double value, string expected) =>
        Assert.Contains(expected, DepthStudy.InWords([(3, 0.5, 0.4, 0.6), (4, value, low, 2 * value - low)]),
            StringComparison.Ordinal);

    [Fact]
    public void One_depth_tells_nothing_of_how_the_constant_grows() => Assert.EndsWith(
        "is 0.5 [0.4, 0.6] at 3 layers: one depth tells nothing of how it grows.",
        DepthStudy.InWords([(3, 0.5, 0.4, 0.6)]), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.9, 4, " bounds the gap, with C fitted on every other width and step: 4 of 4 other gaps are under " +
        "it, the largest at 0.90 of it.")]
    [InlineData(1.3, 3, " does not bound the gap everywhere, with C fitted on every other width and step: 3 of 4 " +
        "other gaps are under it, the largest is 1.30 times it.")]
    public void A_bound_holds_where_no_gap_is_above_it(double worst, int under, string expected) => Assert.EndsWith(
        expected, JointStudy.InWords([new("prediction", 1, under, 4, worst)]), StringComparison.Ordinal);

    [Fact]
    public void Fluctuations_at_one_width_tell_of_no_limit_law()
    {
        double[][] gaps = [.. Enumerable.Range(0, 40).Select(s => new[] { Math.Sin(s), Math.Cos(2 * s) })];
        Assert.Contains("tells nothing of a limit law", FluctuationStudy.Analyse([10], [gaps], 0, 1).Headline,
            StringComparison.Ordinal);
        // Ten times as much at the widest: at the other it has not settled.
        double[][] wide = [.. gaps.Select(g => g.Select(v => 10 * v).ToArray())];
        Assert.Contains("has not settled", FluctuationStudy.Analyse([10, 20], [gaps, wide], 0, 1).Headline,
            StringComparison.Ordinal);
    }
}
