using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Embeddings;

public class PrincipalDirectionsTests
{
    private static Dataset Points(int inputs, params double[] x) =>
        new(inputs, 1, x, new double[x.Length / inputs], LabelKind.Real);

    [Theory]
    [InlineData(600)]       // 1e181: squares overflow
    [InlineData(-600)]      // 1e-181: squares vanish
    [InlineData(-1070)]     // below the normal numbers, of which 12 is left
    [InlineData(1018)]
    [InlineData(400)]
    public void Inputs_of_any_size_have_the_directions_of_those_of_size_1(int power)
    {
        // (3, 4) and (8, -6) are orthogonal; so are their multiples by a power of 2.
        var scale = Math.ScaleB(1, power);
        var directions = PrincipalDirections.Of([Points(2, 3 * scale, 4 * scale, 8 * scale, -6 * scale)], all: false);
        Assert.Equal(2, directions.Count);
        Assert.Equal([0.8, 0.6], [.. directions.Direction(0).ToArray().Select(w => Math.Round(Math.Abs(w), 14))]);
        Assert.Equal([0.6, 0.8], [.. directions.Direction(1).ToArray().Select(w => Math.Round(Math.Abs(w), 14))]);
        var moments = directions.Moments.Select(m => m * Math.ScaleB(1, -power) * Math.ScaleB(1, -power));
        if (Math.Abs(power) <= 500) Assert.Equal([50, 12.5], moments.Select(m => Math.Round(m, 12)));
    }

    [Theory]
    [InlineData(1e8)]
    [InlineData(1e155)]
    [InlineData(1e300)]
    public void Small_inputs_beside_huge_ones_keep_their_directions(double huge)
    {
        // The moment along (0, 1) is 1/huge^2 of the other: no eigenvalue in double precision.
        Assert.Equal(2, PrincipalDirections.Of([Points(2, huge, 2, 0.5, -1)], all: false).Count);
        // Of inputs on a line there is one.
        Assert.Equal(1, PrincipalDirections.Of([Points(2, huge, 2 * huge, 0.5, 1)], all: false).Count);
    }

    [Fact]
    public void Two_orthogonal_inputs_are_the_directions_and_the_rest_is_dropped()
    {
        var directions = PrincipalDirections.Of([Points(4, 0, 3, 4, 0), Points(4, 0, 0.8, -0.6, 0)], all: false);
        Assert.Equal(2, directions.Count);
        Assert.Equal([12.5, 0.5], directions.Moments.Select(m => Math.Round(m, 13)));
        double[][] expected = [[0, 0.6, 0.8, 0], [0, 0.8, -0.6, 0]];
        for (var j = 0; j < 2; j++)
        {
            var sign = Math.Sign(directions.Direction(j)[1]);
            for (var i = 0; i < 4; i++) Assert.Equal(expected[j][i], sign * directions.Direction(j)[i], 1e-14);
        }
        Assert.Equal(4, PrincipalDirections.Of([Points(4, 0, 3, 4, 0)], all: true).Count);
    }

    [Fact]
    public void Directions_are_orthonormal_and_have_their_moments()
    {
        const int d = 40, n = 100;
        var x = new double[n * d];
        new RandomStream(3, 0).FillNormal(0, x);
        var directions = PrincipalDirections.Of([Points(d, x)], all: false);
        Assert.Equal(d, directions.Count);
        for (var j = 0; j < d; j++)
        {
            for (var k = 0; k <= j; k++)
                Assert.Equal(j == k ? 1 : 0, Dot(directions.Direction(j), directions.Direction(k)), 1e-13);
            var moment = 0.0;
            for (var p = 0; p < n; p++) moment += Math.Pow(Dot(x.AsSpan(p * d, d), directions.Direction(j)), 2) / n;
            Assert.Equal(moment, directions.Moments[j], 1e-13 * n);
            if (j > 0) Assert.True(directions.Moments[j] <= directions.Moments[j - 1]);
        }

        static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
            System.Numerics.Tensors.TensorPrimitives.Dot(a, b);
    }

    [Fact]
    public void The_limit_is_the_same_in_both_coordinates()
    {
        // Three inputs in a plane of R^5: two coordinates in place of five, and w_1 with a mean outside of the plane.
        double[] u = [1, 0.5, -1, 0, 2], v = [0, 1, 0.3, -0.7, 0];
        var x = new double[15];
        for (var n = 0; n < 3; n++)
            for (var i = 0; i < 5; i++) x[5 * n + i] = 0.3 * ((n + 1) * u[i] - n * n * v[i]);
        var data = new Dataset(5, 2, x, new double[6], LabelKind.Real);
        var architecture = Sampled.Architecture(2, new Tanh(), BiasMode.Trained, inputs: 5);
        LayerLaws[] laws =
            [new(new Gaussian(0.2, 0.3), new Uniform(0, 1)), new(new Rademacher(0.5, 1), new Constant(0))];
        var directions = PrincipalDirections.Of([data], all: false);
        Assert.Equal(2, directions.Count);
        var principal = new Embedding(architecture, laws, directions);
        Assert.Equal(new Embedding(architecture, laws).TypeLaws(1).Count - 3, principal.TypeLaws(1).Count);
        var natural = new Embedding(architecture, laws).Discretise([new GaussTensor(7)]);
        var rotated = principal.Discretise([new GaussTensor(20)]);
        double[] Predictions(Ensemble limit)
        {
            var predictor = new Predictor(limit, data, Sampled.Engine);
            predictor.Predict(limit.State);
            return predictor.Predictions;
        }
        Assert.All(Predictions(natural).Zip(Predictions(rotated)), p => Assert.Equal(p.First, p.Second, 2e-6));
        // And the mean of w_1 stays in all coordinates.
        var masses = rotated.Masses(1).ToArray();
        for (var i = 0; i < 5; i++)
            Assert.Equal(0.2, rotated.Weights(1).Data.Slice(i * masses.Length, masses.Length).ToArray()
                .Zip(masses, (w, p) => w * p).Sum(), 1e-13);
    }

    [Fact]
    public void Other_laws_have_no_principal_coordinates()
    {
        var directions = PrincipalDirections.Of([Points(3, 1, 2, 3)], all: false);
        var laws = new LayerLaws(new Uniform(-1, 1), new Constant(0));
        Assert.Contains("Gaussian w_1", Assert.Throws<ArgumentException>(() => new Embedding(
            Sampled.Architecture(2, new Tanh(), BiasMode.None), [laws, laws], directions)).Message);
    }
}
