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

    /// <summary>
    /// Orthogonal rows: component i is multiplied by 1 - eta a_i each time that its point is drawn, and grows from
    /// eta = 2 / a_i on. Components that are still there when a path ends hide the one that grows.
    /// </summary>
    [Fact]
    public void Paths_that_have_not_forgotten_their_start_say_by_how_much()
    {
        const int points = 8;
        var rows = new double[points * points];
        for (var i = 0; i < points; i++) rows[i * (points + 1)] = Math.Pow(2, -i);
        var of = SampledQuadratic.OfRows(rows, points, points);
        var largest = new BatchStability(of, 1).LargestStep;
        Assert.Equal(2, largest, 1e-12);
        var found = new BatchPaths(of, 1, new(4, 1)).AlmostSureStep(largest, steps: 600, paths: 32);
        Assert.True(Math.Abs(found.Value - 2) > Z * found.Error);
        Assert.InRange(Math.Abs(found.Value - 2), 0, Z * found.Error + 2 * found.Bias);
    }

    /// <summary>The growth of one short path of one dimension is 0 where that of its few draws of both functions is:
    /// far from that of most paths, and found there.</summary>
    [Fact]
    public void Zeros_of_paths_are_found_wherever_they_are()
    {
        var of = SampledQuadratic.OfRows([Math.Sqrt(0.2), Math.Sqrt(3.8)], 2, 1);
        var zero = new BatchPaths(of, 1, new(1, 1)).AlmostSureStep(0.5, steps: 24, paths: 1);
        // Of the last 18 steps m have the second function: |1 - 0.2 x|^(18 - m) |1 - 3.8 x|^m = 1 with 3.8 x > 1.
        Assert.Contains(Enumerable.Range(1, 17), m =>
            Math.Abs((18 - m) * Math.Log(Math.Abs(1 - 0.2 * zero.Value)) + m * Math.Log(3.8 * zero.Value - 1)) < 1e-3);
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
