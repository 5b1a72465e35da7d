using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Closed forms of W_2 on the line.</summary>
public class QuantileFunctionTests
{
    private static QuantileFunction Uniform(double low, double high, int cells)
    {
        var masses = new double[cells];
        Array.Fill(masses, 1.0 / cells);
        return QuantileFunction.Of(new Density(new(new Axis(low, high, cells)), masses));
    }

    /// <summary>int (a + b u)^2 du with a = -1, b = 1 - 3: F^-1 = u, G^-1 = 1 + 3 u.</summary>
    [Fact]
    public void Uniform_laws_on_grids_that_do_not_match() =>
        Assert.Equal(Math.Sqrt(1 + 2 + 4.0 / 3), Uniform(0, 1, 7).Distance(Uniform(1, 4, 12)), 1e-14);

    [Fact]
    public void Particles_stand_for_the_density_between_them()
    {
        double[] points = [.. Enumerable.Range(0, 9).Select(i => 4 - (i + 0.5) / 3)];
        var particles = QuantileFunction.Of(DiscreteMeasure.Uniform(1, points));
        Assert.Equal(0, particles.Distance(Uniform(1, 4, 6)), 1e-14);
        Assert.Equal(2, QuantileFunction.Of(new DiscreteMeasure(1, [1, 3, 77], [0.5, 0.5, 0]))
            .Distance(QuantileFunction.Of(new DiscreteMeasure(1, [3, 5], [0.5, 0.5]))), 1e-14);
    }

    /// <summary>Normal laws: W_2^2 = (m - m')^2 + (s - s')^2, to O(h^2) from densities and from particles.</summary>
    [Fact]
    public void Normal_laws_to_second_order()
    {
        static (Density Density, DiscreteMeasure Particles) Normal(double mean, double deviation, int cells)
        {
            var density = Density.Of(new(new Axis(-9, 9, cells)), x =>
                Math.Exp(-Math.Pow((x[0] - mean) / deviation, 2) / 2) / deviation / Math.Sqrt(2 * Math.PI));
            return (density, density.Measure);
        }
        double Error(int cells) => Math.Abs(QuantileFunction.Of(Normal(0.3, 1, cells).Density)
            .Distance(QuantileFunction.Of(Normal(-0.2, 1.4, cells).Particles)) - Math.Sqrt(0.25 + 0.16));
        Assert.InRange(Error(400), 0, 3e-4);
        Assert.InRange(Error(100) / Error(200), 3, 5);
    }
}
