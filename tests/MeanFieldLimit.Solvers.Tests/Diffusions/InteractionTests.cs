using static MeanFieldLimit.Solvers.Tests.Diffusions.TestEquations;

namespace MeanFieldLimit.Solvers.Tests.Diffusions;

public class InteractionTests
{
    // Not a multiple of a block, several blocks.
    private const int N = 1100, D = 2;

    private static readonly double[] Points = Normals(N * D);
    private static readonly double[] Masses = Normalised([.. Normals(N, 98).Select(Math.Abs)]);

    private static double[] Normalised(double[] masses) => [.. masses.Select(m => m / masses.Sum())];

    private static double[] Felt(IParticleInteraction interaction, double[] points, double[] masses)
    {
        var felt = new double[masses.Length * interaction.Size];
        Array.Fill(felt, double.NaN);
        interaction.Evaluate(0, points, masses, felt);
        return felt;
    }

    private static PairInteraction Gaussian(int threads = 1) => PairInteraction.Radial(D, (squares, factors) =>
    {
        TensorPrimitives.Multiply(squares, -0.5, factors);
        TensorPrimitives.Exp(factors, factors);
    }, threads);

    // One component that is not odd, one that is not radial.
    private static PairInteraction General(int threads = 1) => new(D, 3, (z, values, n) =>
    {
        for (var j = 0; j < n; j++)
        {
            values[j] = z[j] * z[n + j];
            values[n + j] = Math.Cos(z[j]);
            values[2 * n + j] = 1;
        }
    }, threads);

    [Fact]
    public void Pairs_are_those_of_a_double_loop()
    {
        double[] radial = Felt(Gaussian(), Points, Masses), general = Felt(General(), Points, Masses);
        for (var i = 0; i < N; i += 7)
        {
            var sums = new double[5];
            for (var j = 0; j < N; j++)
            {
                var (u, v) = (Points[2 * i] - Points[2 * j], Points[2 * i + 1] - Points[2 * j + 1]);
                var g = Math.Exp(-(u * u + v * v) / 2);
                foreach (var (k, value) in new[] { g * u, g * v, u * v, Math.Cos(u), 1 }.Index())
                    sums[k] += Masses[j] * value;
            }
            double[] got = [radial[2 * i], radial[2 * i + 1], general[3 * i], general[3 * i + 1], general[3 * i + 2]];
            for (var k = 0; k < 5; k++) Assert.Equal(sums[k], got[k], 1e-13);
        }
    }

    [Fact]
    public void Odd_kernels_conserve_momentum()
    {
        var felt = Felt(Gaussian(), Points, Masses);
        for (var r = 0; r < D; r++)
            Assert.Equal(0, Enumerable.Range(0, N).Sum(i => Masses[i] * felt[D * i + r]), 1e-14);
    }

    [Fact]
    public void Moments_are_the_sums()
    {
        var felt = Felt(MomentInteraction.MeanAndSecondMoments(D), Points, Masses);
        double Mean(Func<double, double, double> f) =>
            Enumerable.Range(0, N).Sum(i => Masses[i] * f(Points[2 * i], Points[2 * i + 1]));
        double[] expected = [Mean((x, _) => x), Mean((_, y) => y), Mean((x, _) => x * x), Mean((x, y) => x * y),
            Mean((x, y) => x * y), Mean((_, y) => y * y)];
        for (var i = 0; i < N; i += 99)
            for (var k = 0; k < 6; k++) Assert.Equal(expected[k], felt[6 * i + k], 1e-13);
        Assert.Equal(felt[..2], Felt(MomentInteraction.Mean(D), Points, Masses)[..2]);
    }

    public static TheoryData<Func<int, IParticleInteraction>> Interactions =>
        [t => Gaussian(t), t => General(t), t => MomentInteraction.MeanAndSecondMoments(D, t)];

    [Theory, MemberData(nameof(Interactions))]
    public void Bits_are_the_same_for_any_number_of_threads(Func<int, IParticleInteraction> create)
    {
        var one = Felt(create(1), Points, Masses);
        Assert.Equal(one, Felt(create(2), Points, Masses));
        Assert.Equal(one, Felt(create(5), Points, Masses));
    }

    [Theory, MemberData(nameof(Interactions))]
    public void Tracers_feel_and_are_not_felt(Func<int, IParticleInteraction> create)
    {
        // The first tracer is where a particle is, the last one has gone astray.
        double[] points = [.. Points, .. Points[..D], 3, 4, double.PositiveInfinity, 0];
        var interaction = create(1);
        var (with, without) = (Felt(interaction, points, [.. Masses, 0, 0, 0]), Felt(interaction, Points, Masses));
        Assert.Equal(without, with[..without.Length]);
        Assert.Equal(without[..interaction.Size], with[without.Length..(without.Length + interaction.Size)]);
    }

    [Theory, MemberData(nameof(Interactions))]
    public void Halves_are_felt_as_the_whole(Func<int, IParticleInteraction> create)
    {
        double[] half = [.. Masses.Select(m => m / 2)];
        var interaction = create(1);
        var (whole, halves) = (Felt(interaction, Points, Masses),
            Felt(interaction, [.. Points, .. Points], [.. half, .. half]));
        for (var k = 0; k < whole.Length; k++)
        {
            Assert.Equal(whole[k], halves[k], 1e-14);
            Assert.Equal(whole[k], halves[whole.Length + k], 1e-14);
        }
    }

    [Fact]
    public void A_functional_is_felt_by_its_gradient()
    {
        var felt = Felt(new GradientInteraction(new Spread()), [1.0, 3], [0.25, 0.75]);
        Assert.Equal([-1.5, 0.5], felt);
    }

    /// <summary>Half the variance: the gradient of its first variation is x - E x.</summary>
    private sealed class Spread : IFunctional
    {
        public int Dimension => 1;

        public double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses) =>
            throw new NotSupportedException();

        public void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation) =>
            throw new NotSupportedException();

        public void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient) =>
            TensorPrimitives.Subtract(points, TensorPrimitives.Dot(points, masses), gradient);
    }
}
