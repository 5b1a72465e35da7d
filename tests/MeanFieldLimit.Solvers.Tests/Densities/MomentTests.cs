using static MeanFieldLimit.Solvers.Tests.Densities.DensityRuns;

namespace MeanFieldLimit.Solvers.Tests.Densities;

/// <summary>Moments of densities whose masses are their integrals over cells, against closed forms.</summary>
public class MomentTests
{
    [Theory, InlineData(32), InlineData(64), InlineData(512)]
    public void A_normal_law_has_its_variance_on_coarse_cells(int cells) =>
        Assert.Equal(1, Density.Of(new(new Axis(-8, 8, cells)), x => Normal(x[0], 0, 1)).Covariance(), 1e-9);

    [Fact]
    public void A_uniform_law_has_its_variance_in_any_cells()
    {
        var density = Density.Of(new(new Axis(-1, 3, 5), new Axis(0, 1, 7)), x => 0.25);
        Assert.Equal(1, density.Mean(), 1e-14);
        Assert.Equal(16.0 / 12, density.Covariance(), 1e-14);
        Assert.Equal(1.0 / 12, density.Covariance(1, 1), 1e-14);
        Assert.Equal(0, density.Covariance(0, 1), 1e-14);
        var circle = Density.Of(new(Axis.Circle(8)), x => 1 / (2 * Math.PI));
        Assert.Equal(Math.PI, circle.Mean(), 1e-14);
        Assert.Equal(Math.PI * Math.PI / 3, circle.Covariance(), 1e-13);
    }

    [Theory, InlineData(1.0 / 8), InlineData(1.0 / 32)]
    public void A_density_that_does_not_vanish_at_a_wall_has_its_moments_to_order_3(double h)
    {
        // exp(-x) on x > 0: mean and variance 1, where the sums over centres err by h^2 / 12 = 1.3e-3 and more.
        var density = Density.Of(new(Axis.HalfLine(40, (int)(40 / h))), x => Math.Exp(-x[0]));
        Assert.InRange(Math.Abs(density.Mean() - 1), 0, h * h * h / 12);
        Assert.InRange(Math.Abs(density.Covariance() - 1), 0, h * h * h / 6);
    }

    [Fact]
    public void The_length_of_a_normal_vector_on_a_half_line_has_its_moments()
    {
        // d = 3: E r = 2 sqrt(2 / pi), E r^2 = 3; h^4 is 1e-4, and the sums over centres err by h^2 / 12 = 8e-4.
        var density = Density.Of(new(Axis.HalfLine(9, 90)),
            x => Math.Sqrt(2 / Math.PI) * x[0] * x[0] * Math.Exp(-x[0] * x[0] / 2));
        Assert.Equal(Math.Sqrt(8 / Math.PI), density.Mean(), 1e-5);
        Assert.Equal(3 - 8 / Math.PI, density.Covariance(), 1e-5);
    }

    [Fact]
    public void A_variance_is_not_negative_where_all_mass_is_in_one_cell()
    {
        var masses = new double[8];
        masses[3] = 1;
        Assert.Equal(0, new Density(new(new Axis(0, 1, 8)), masses).Covariance());
    }

    [Fact]
    public void The_variance_of_a_solution_is_of_order_2()
    {
        // V = x^2 / 4, W = z^2 / 2, D = 0.3: v' = -3 v + 2 D from 1, so that v(1) = 0.2 + 0.8 exp(-3).
        var equation = new AggregationDiffusion(1, diffusion: 0.3)
        {
            Potential = x => x[0] * x[0] / 4,
            Interaction = z => z[0] * z[0] / 2,
        };
        double Error(int cells) => Math.Abs(new DensitySolver(equation) { Tolerance = 1e-6 }
            .Solve(Density.Of(new Grid(new Axis(-6, 6, cells)), x => Normal(x[0], 0, 1)), new(0, 1))
            .Final.Covariance() - (0.2 + 0.8 * Math.Exp(-3)));
        Assert.InRange(Math.Log2(Error(128) / Error(256)), 1.9, 2.1);
    }
}
