namespace MeanFieldLimit.Solvers.Tests.Stability;

public class BatchPathsTests
{
    private const int Points = 6, Dimension = 4, Z = 4;

    private static readonly SampledQuadratic Drawn = SampledQuadratic.OfRows(
        [.. Enumerable.Range(0, Points * Dimension).Select(i => new RandomStream(5, 1).Normal((ulong)i))], Points,
        Dimension);

    private static BatchPaths Paths(int batch) => new(Drawn, batch, new(7, 2));

    /// <summary>A test of both: paths draw batches, the operator has none.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(6)]
    public void Means_over_paths_are_those_of_the_operator_and_cross_one_at_the_largest_step(int batch)
    {
        const int steps = 12;
        var stability = new BatchStability(Drawn, batch);
        foreach (var factor in new[] { 0.95, 1.05 })
        {
            var step = factor * stability.LargestStep;
            var exact = BatchPaths.ExactMeanSquare(stability, step, steps);
            var mean = Paths(batch).MeanSquare(stability, step, steps, paths: 20_000);
            Assert.InRange(mean.Value, exact - Z * mean.Error, exact + Z * mean.Error);
            Assert.Equal(factor > 1, exact > 1);
            Assert.Equal(factor > 1, mean.Value - 2 * mean.Error > 1);
            Assert.Equal(factor < 1, mean.Value + 2 * mean.Error < 1);
        }
    }

    /// <summary>f1 = x^2 / 10, f2 = 1.9 x^2, one of them a step: the mean of log|1 - eta f''| is 0 at (4 - sqrt 9.92) /
    /// 1.52.
    /// </summary>
    [Fact]
    public void In_one_dimension_the_almost_sure_step_is_that_of_the_mean_logarithm()
    {
        var of = SampledQuadratic.OfRows([Math.Sqrt(0.2), Math.Sqrt(3.8)], 2, 1);
        var paths = new BatchPaths(of, 1, new(1, 1));
        var (steps, draws) = (2000, 32);
        foreach (var step in new[] { 0.4, 0.556, 0.7 })
        {
            var exact = (Math.Log(Math.Abs(1 - 0.2 * step)) + Math.Log(Math.Abs(1 - 3.8 * step))) / 2;
            var mean = paths.Exponent(step, steps, draws);
            Assert.InRange(mean.Value, exact - Z * mean.Error, exact + Z * mean.Error);
        }
        var largest = new BatchStability(of, 1).LargestStep;
        Assert.Equal(4 / 7.24, largest, 1e-14);
        var almostSure = paths.AlmostSureStep(largest, steps, draws);
        Assert.InRange((4 - Math.Sqrt(9.92)) / 1.52, almostSure.Value - Z * almostSure.Error,
            almostSure.Value + Z * almostSure.Error);
        Assert.InRange(almostSure.Error, 0, 0.003);
    }

    [Fact]
    public void Of_all_points_nothing_is_random_and_both_thresholds_are_that_of_gradient_descent()
    {
        var largest = new BatchStability(Drawn, Points).LargestStep;
        Assert.Equal(2 / Drawn.Curvatures[0], largest, 1e-13);
        var almostSure = Paths(Points).AlmostSureStep(largest, steps: 4000, paths: 2);
        Assert.Equal(largest, almostSure.Value, 1e-3 * largest);
        Assert.Equal(0, almostSure.Error);
    }

    [Fact]
    public void A_path_is_a_function_of_its_number()
    {
        var (few, many) = (Paths(2).Exponent(0.3, 50, 2), Paths(2).Exponent(0.3, 50, 3));
        Assert.NotEqual(few.Value, many.Value);
        Assert.Equal(few, Paths(2).Exponent(0.3, 50, 2));
    }
}
