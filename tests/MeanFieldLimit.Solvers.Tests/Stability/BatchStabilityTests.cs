using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

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
        Assert.Equal(below, stability.Radius(0.9 * largest), 1e-11);
        Assert.Equal(above, stability.Radius(1.1 * largest), 1e-11);
    }

    /// <summary>Dense eigenvalues of the mean of J (x) J over every batch, J = 1 - eta H_S, in all twelve
    /// dimensions.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(4), InlineData(8)]
    public void The_spectral_radius_over_all_batches_is_one_at_the_largest_step(int batch)
    {
        var largest = new BatchStability(Given, batch).LargestStep;
        var basis = new DenseMatrix(Dimension, Points, Rows).QR(QRMethod.Thin).Q;   // columns are the rows
        foreach (var factor in new[] { 0.8, 1, 1.3 })
        {
            var radius = Enumerated(batch, factor * largest, basis);
            Assert.Equal(radius, new BatchStability(Given, batch).Radius(factor * largest), 1e-10);
            if (factor == 1) Assert.Equal(1, radius, 1e-10);
        }
    }

    private static double Enumerated(int batch, double step, Matrix<double> basis)
    {
        var a = new DenseMatrix(Dimension, Points, Rows).TransposeThisAndMultiply(basis);
        Matrix<double> mean = new DenseMatrix(Points * Points, Points * Points);
        var count = 0;
        for (var set = 0; set < 1 << Points; set++)
        {
            if (int.PopCount(set) != batch) continue;
            count++;
            Matrix<double> j = DenseMatrix.CreateIdentity(Points);
            for (var i = 0; i < Points; i++)
                if ((set >> i & 1) == 1) j -= step / batch * a.Row(i).OuterProduct(a.Row(i));
            mean += j.KroneckerProduct(j);
        }
        return (mean / count).Evd().EigenValues.Max(v => v.Magnitude);
    }

    [Fact]
    public void With_replacement_batches_are_independent_points()
    {
        // E (1 - eta H_S) (x) (1 - eta H_S) of two independent points, each by enumeration.
        var stability = new BatchStability(Given, 2, withReplacement: true);
        var step = 0.9 * stability.LargestStep;
        var a = new DenseMatrix(Dimension, Points, Rows).Transpose();
        Matrix<double> mean = new DenseMatrix(Dimension * Dimension, Dimension * Dimension);
        for (var i = 0; i < Points; i++)
            for (var k = 0; k < Points; k++)
            {
                var j = DenseMatrix.CreateIdentity(Dimension) - step / 2 * (a.Row(i).OuterProduct(a.Row(i))
                    + a.Row(k).OuterProduct(a.Row(k)));
                mean += j.KroneckerProduct(j) / (Points * Points);
            }
        // Directions that no row has a part of leave eigenvalues 1 in all dimensions.
        Assert.InRange(mean.Evd(Symmetricity.Symmetric).EigenValues.Max(v => v.Real), 1 - 1e-12, 1 + 1e-12);
        Assert.InRange(stability.Radius(step), 0, 1 - 1e-3);
        Assert.True(stability.LargestStep < new BatchStability(Given, 2).LargestStep);
        Assert.Equal(new BatchStability(Given, 1).LargestStep,
            new BatchStability(Given, 1, withReplacement: true).LargestStep, 1e-13);
        Assert.Equal(1, stability.Radius(stability.LargestStep), 1e-12);
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
            Assert.Equal((1 - step * a) * (1 - step * a) + step * step * c * variance, stability.Radius(step), 1e-14);
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
            Assert.Equal(1, stability.Radius(stability.LargestStep), 1e-11);
            Assert.InRange(stability.Radius(0.99 * stability.LargestStep), 0, 1);
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
        Assert.Contains("rows must have 2 numbers each", Assert.Throws<ArgumentException>(() =>
            SampledQuadratic.OfRows([1, 2, 3], 1, 2)).Message, StringComparison.Ordinal);
    }
}
