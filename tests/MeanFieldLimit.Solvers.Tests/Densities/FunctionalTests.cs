using static MeanFieldLimit.Solvers.Tests.Densities.DensityRuns;

namespace MeanFieldLimit.Solvers.Tests.Densities;

public class FunctionalTests
{
    [Fact]
    public void A_functional_moves_a_density_as_the_kernel_does_that_it_amounts_to()
    {
        // F = 1/2 |int e^(ix) d mu|^2 = 1/2 int int cos(x - y) d mu d mu.
        var initial = Density.Of(new(Axis.Circle(50)), x => (1 + 0.9 * Math.Cos(x[0] - 1)) / (2 * Math.PI));
        AggregationDiffusion Base() => new(1, 0.1) { Potential = x => Math.Sin(2 * x[0]) };
        var byKernel = Run(Base() with { Interaction = z => Math.Cos(z[0]) }, initial, 1, 0.01);
        var byFunctional = Run(Base() with { Functional = new FirstMode() }, initial, 1, 0.01);
        Assert.InRange(byKernel.Distance(byFunctional), 0, 1e-12);
        Assert.InRange(byKernel.Distance(initial), 0.1, 2);
    }

    [Fact]
    public void A_first_variation_that_is_not_finite_is_refused()
    {
        var initial = Density.Of(new(Axis.Circle(8)), x => 1 / (2 * Math.PI));
        var error = Assert.Throws<ArgumentException>(() =>
            Run(new AggregationDiffusion(1, 0.1) { Functional = new FirstMode(double.NaN) }, initial, 1, 0.01));
        Assert.Contains("the first variation of a functional must be finite, in cell 0 it is NaN", error.Message);
    }

    private sealed class FirstMode(double factor = 1) : IFunctional
    {
        public int Dimension => 1;

        public double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
        {
            var (c, s) = Mode(points, masses);
            return 0.5 * (c * c + s * s);
        }

        public void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation)
        {
            var (c, s) = Mode(points, masses);
            for (var i = 0; i < points.Length; i++)
                variation[i] = factor * (c * Math.Cos(points[i]) + s * Math.Sin(points[i]));
        }

        public void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient) =>
            throw new NotSupportedException("a grid takes differences of the first variation");

        private static (double C, double S) Mode(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
        {
            double c = 0, s = 0;
            for (var i = 0; i < points.Length; i++)
                (c, s) = (c + masses[i] * Math.Cos(points[i]), s + masses[i] * Math.Sin(points[i]));
            return (c, s);
        }
    }
}
