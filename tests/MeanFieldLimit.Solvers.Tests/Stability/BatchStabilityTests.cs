using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MeanFieldLimit.Solvers.Tests.Stability;

/// <summary>Thresholds of SGD against closed forms, and against the matrix of E e e^T over all batches.</summary>
public class BatchStabilityTests
{
    private const int Points = 8, Dimension = 12;

    /// <summary>The problem of an independent program (NumPy).</summary>
    private static readonly double[] Rows =
    [
        0.021, 0.816, 0.735, -0.306, -0.179, -0.316, 0.342, -0.034, 0.448, -1.108, 0.94, -0.058,
        0.486, -0.098, -0.271, 0.331, 0.589, -0.145, -0.109, 0.49, -0.622, -1.082, 0.282, -0.479,
        -1.591, -0.675, -0.387, -0.989, -1.237, 0.03, 0.743, -0.193, -0.616, 0.319, 0.594, -0.249,
        0.514, 0.983, -0.195, -0.767, 0.328, 0.233, 1.036, -1.211, -0.624, -0.79, -1.635, 0.119,
        0.558, -0.781, 1.465, 0.869, 0.663, 0.425, 1.01, -1.408, 0.649, 0.637, -1.869, 0.367,
        -0.293, 0.915, -0.514, -0.021, 0.402, -1.026, 0.701, -0.123, 0.577, -0.611, 1.272, 0.709,
        -0.229, 0.813, 1.62, 2.303, -2.023, 1.135, 0.598, -0.121, -1.294, 1.616, -1.622, 0.729,
        1.823, -2.24, -0.424, -1.833, 0.342, 2.12, 2.833, -2.489, -0.805, 0.985, 2.211, 0.59,
    ];

    private static readonly SampledQuadratic Given = SampledQuadratic.OfRows(Rows, Points, Dimension);

    [Theory]
    [InlineData(1, 0.05542731905889584, 0.05323702542485872, 0.08033085978834899, 0.986137936851225,
        1.0590812508506677)]
    [InlineData(4, 0.2140121856777251, 0.210386926308353, 0.21253547760397015, 0.9468457093603044, 1.2313163611077953)]
    [InlineData(8, 0.4031909117722421, 0.40319091177224675, 0.403190911772242, 0.9007286690832925, 1.4400000000000053)]
    public void Steps_and_radii_are_those_of_an_independent_program(int batch, double largest, double oneStep,
        double conditions, double below, double above)
    {
        var stability = new BatchStability(Given, batch);
        Assert.Equal(4.9604292696204855, Given.Curvatures[0], 1e-12);
        Assert.Equal(8, Given.Rank);
        Assert.Equal(largest, stability.LargestStep, 1e-12);
        Assert.Equal(oneStep, stability.OneStep, 1e-11);
        Assert.Equal(conditions, stability.TwoConditions, 1e-12);
        Assert.Equal(below, stability.Radius(0.9 * largest).Value, 1e-11);
        Assert.Equal(above, stability.Radius(1.1 * largest).Value, 1e-11);
    }

    /// <summary>NumPy: dense eigenvalues of the mean of J (x) J over every batch, J = 1 - eta H_S.</summary>
    [Theory]
    [InlineData(1, 0.9876627327495984, 1.210048887466285)]
    [InlineData(2, 0.9756478923824958, 1.4173403779118534)]
    [InlineData(4, 0.9526595068544071, 1.821067625321168)]
    [InlineData(8, 0.9115026052363733, 2.56)]
    public void The_spectral_radius_is_that_over_all_batches_and_one_at_the_largest_step(int batch, double below,
        double above)
    {
        var stability = new BatchStability(Given, batch);
        foreach (var (factor, exact) in new[] { (0.8, below), (1, 1), (1.3, above) })
        {
            var (radius, residual) = stability.Radius(factor * stability.LargestStep);
            Assert.Equal(exact, radius, 1e-11);
            Assert.InRange(residual, 0, 1e-12);
        }
        Assert.InRange(stability.Residual, 0, 1e-12 * stability.LargestStep);
    }

    /// <summary>NumPy, by the matrix of L_1^(-1/2) L_2 L_1^(-1/2); at that for B = 2 the radius over all 64 pairs is 1
    /// there.</summary>
    [Theory]
    [InlineData(1, 0.05542731905889607), InlineData(2, 0.0976993903863967), InlineData(4, 0.15777929168826552)]
    [InlineData(8, 0.2274876887516922)]
    public void With_replacement_largest_steps_are_those_of_an_independent_program(int batch, double largest)
    {
        var stability = new BatchStability(Given, batch, withReplacement: true);
        Assert.Equal(largest, stability.LargestStep, 1e-13);
        Assert.Equal(1, stability.Radius(largest).Value, 1e-12);
    }

    /// <summary>Curvatures down to 1e-12 of the largest. The quotient of Rayleigh at v v^T, v the flattest direction,
    /// is at least 1 - 2 eta h: so many eigenvalues are close to 1 that the largest one is not found.</summary>
    [Fact]
    public void Radii_that_are_not_found_have_a_residual_that_says_so()
    {
        const int points = 48;
        var of = SampledQuadratic.OfRows([.. Enumerable.Range(0, points * points).Select(i =>
            Math.Pow(0.75, i % points) * new RandomStream(9, 1).Normal((ulong)i))], points, points);
        var stability = new BatchStability(of, 8);
        var step = 0.9 * stability.LargestStep;
        var least = 1 - 2 * step * of.Curvatures[^1];
        var (radius, residual) = stability.Radius(step);
        Assert.True(radius < least - 1e-9);
        Assert.True(radius + residual >= least);
        Assert.InRange(residual, 0, 1e-3);
        Assert.InRange(stability.Residual, 0, 1e-10 * stability.LargestStep);
    }

    /// <summary>(1 - eta a)^2 + eta^2 c s^2 &lt;= 1, a the mean and s the deviation of the curvatures.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void In_one_dimension_the_largest_step_is_closed(int batch)
    {
        double[] curvatures = [0.3, 2, 0.7, 5, 1.1];
        var of = SampledQuadratic.OfRows([.. curvatures.Select(Math.Sqrt)], 5, 1);
        var (a, c) = (curvatures.Average(), (5.0 - batch) / (batch * 4));
        var variance = curvatures.Average(x => x * x) - a * a;
        var stability = new BatchStability(of, batch);
        var closed = 2 * a / (a * a + c * variance);
        Assert.Equal(closed, stability.LargestStep, 1e-14);
        Assert.Equal(closed, stability.OneStep, 1e-14);
        Assert.Equal(closed, stability.AlongDirections, 1e-14);
        Assert.Equal(Math.Sqrt(variance), of.NonUniformity, 1e-13);
        foreach (var step in new[] { 0.2, 0.9 })
            Assert.Equal((1 - step * a) * (1 - step * a) + step * step * c * variance, stability.Radius(step).Value,
                1e-14);
    }

    /// <summary>Points with several outputs: A_i of rank two, against the mean over every batch.</summary>
    [Fact]
    public void Points_with_several_outputs_have_Hessians_of_their_rank()
    {
        const int points = 4, outputs = 2, dimension = 3, batch = 2;
        double[] rows = [.. Enumerable.Range(0, points * outputs * dimension).Select(i =>
            new RandomStream(3, 1).Normal((ulong)i))];
        var a = new DenseMatrix(dimension, points * outputs, rows).Transpose();
        var stability = new BatchStability(SampledQuadratic.OfRows(rows, points, dimension), batch);
        Matrix<double> mean = new DenseMatrix(dimension * dimension, dimension * dimension);
        for (var i = 0; i < points; i++)
            for (var k = 0; k < i; k++)
            {
                Matrix<double> j = DenseMatrix.CreateIdentity(dimension);
                foreach (var row in new[] { outputs * i, outputs * i + 1, outputs * k, outputs * k + 1 })
                    j -= stability.LargestStep / batch * a.Row(row).OuterProduct(a.Row(row));
                mean += j.KroneckerProduct(j) / 6;
            }
        Assert.Equal(1, mean.Evd().EigenValues.Max(v => v.Magnitude), 1e-12);
    }

    /// <summary>Sufficient, exact, necessary; and no step of SGD above that of gradient descent.</summary>
    [Fact]
    public void Conditions_are_ordered_and_the_two_conditions_are_not_necessary()
    {
        var beyond = 0;
        for (var problem = 0; problem < 40; problem++)
        {
            var draws = new RandomStream((ulong)problem, 2);
            var (n, d) = (2 + problem % 7, 1 + problem % 5);
            var of = SampledQuadratic.OfRows(
                [.. Enumerable.Range(0, n * d).Select(i => draws.Normal((ulong)i) * (1 + i / d))], n, d);
            for (var batch = 1; batch <= n; batch++)
            {
                var s = new BatchStability(of, batch);
                double one = s.OneStep, largest = s.LargestStep, along = s.AlongDirections;
                Assert.True(one <= largest * (1 + 1e-12) && largest <= along * (1 + 1e-12));
                Assert.True(one <= s.TwoConditions * (1 + 1e-12));
                Assert.True(along <= 2 / of.Curvatures[0] * (1 + 1e-12));
                if (s.TwoConditions < largest * (1 - 1e-6)) beyond++;
            }
        }
        Assert.True(beyond > 0);
    }

    /// <summary>Of so many points that no method builds a matrix of 1600 x 1600.</summary>
    [Fact]
    public void Forty_points_have_a_radius_of_one_at_the_largest_step()
    {
        var of = SampledQuadratic.OfRows([.. Enumerable.Range(0, 40 * 50).Select(i =>
            new RandomStream(9, 1).Normal((ulong)i))], 40, 50);
        Assert.Equal(40, of.Rank);
        foreach (var batch in new[] { 1, 7 })
        {
            var stability = new BatchStability(of, batch);
            Assert.Equal(1, stability.Radius(stability.LargestStep).Value, 1e-11);
            Assert.InRange(stability.Radius(0.99 * stability.LargestStep).Value, 0, 1);
        }
    }

    [Fact]
    public void Batches_and_matrices_that_cannot_be_are_refused()
    {
        Assert.Contains("a batch must have 1 to 8 of the points, got 9",
            Assert.Throws<ArgumentOutOfRangeException>(() => new BatchStability(Given, 9)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchStability(Given, 0, withReplacement: true));
        Assert.Contains("must be square", Assert.Throws<ArgumentException>(() =>
            SampledQuadratic.OfGram([1, 2, 3], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("positive eigenvalue", Assert.Throws<ArgumentException>(() =>
            SampledQuadratic.OfGram([0, 0, 0, 0], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("must be symmetric, got 2 and 1 for rows 1 and 0; give", Assert.Throws<ArgumentException>(() =>
            SampledQuadratic.OfGram([1, 1, 2, 1], 2)).Message, StringComparison.Ordinal);
        foreach (var gram in new double[][] { [0, 1, 1, 0], [1, 2, 2, 1] })
            Assert.Contains("must have no negative eigenvalue, got -", Assert.Throws<ArgumentException>(() =>
                SampledQuadratic.OfGram(gram, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("rows must have 2 numbers each", Assert.Throws<ArgumentException>(() =>
            SampledQuadratic.OfRows([1, 2, 3], 1, 2)).Message, StringComparison.Ordinal);
    }
}
