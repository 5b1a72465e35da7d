using System.Numerics;
using MathNet.Numerics;
using static MeanFieldLimit.Solvers.Tests.Densities.DensityRuns;

namespace MeanFieldLimit.Solvers.Tests.Densities;

public class ClosedFormTests
{
    // V = k x^2 / 2, W = c z^2 / 2: a Gaussian stays one, mean' = -k mean, variance' = -2 (k + c) variance + 2 D.
    [Theory]
    [InlineData(0.5, 1, 0)]             // Ornstein-Uhlenbeck
    [InlineData(0.3, 0.5, 1)]           // attraction
    [InlineData(0.2, 1, -0.5)]          // repulsion
    [InlineData(0.5, 0, 0)]             // the heat equation
    [InlineData(0, 0.5, 0.25)]          // no diffusion: the profile is transported and shrinks
    [InlineData(0.001, 0.5, 0.25)]      // cells far longer than D / v
    public void Gaussians_of_quadratic_energies_come_out_at_order_2(double diffusion, double k, double c)
    {
        const double time = 1, mean = 1, variance = 0.4;
        var equation = new AggregationDiffusion(1, diffusion)
        {
            Potential = x => k * x[0] * x[0] / 2,
            Interaction = z => c * z[0] * z[0] / 2,
        };
        var decay = Math.Exp(-2 * (k + c) * time);
        var later = decay * variance + diffusion * (k + c == 0 ? 2 * time : (1 - decay) / (k + c));
        // Without diffusion the limiter flattens maxima, and the order is reached late.
        int[] sizes = diffusion > 0.01 ? [128, 256] : [512, 1024];
        Assert.InRange(Order(equation, n => new(new Axis(-6, 6, n)), sizes, x => Normal(x[0], mean, variance),
            x => Normal(x[0], mean * Math.Exp(-k * time), later), time, 2), 1.9, 3);
    }

    [Fact]
    public void Space_alone_has_order_2()
    {
        // Steps 1/4096 on all grids: their error is below 1e-6, that of space above 1e-4.
        double ErrorOn(int n) => Run(new AggregationDiffusion(1, 0.5) { Potential = x => x[0] * x[0] / 2 },
            Density.Of(new(new Axis(-6, 6, n)), x => Normal(x[0], 1, 0.25)), 0.5, 1.0 / 4096)
            .Distance(Density.Of(new(new Axis(-6, 6, n)),
                x => Normal(x[0], Math.Exp(-0.5), 0.5 - 0.25 * Math.Exp(-1))));
        Assert.InRange(Math.Log2(ErrorOn(64) / ErrorOn(128)), 1.9, 2.1);
    }

    [Fact]
    public void Two_dimensions_have_order_2()
    {
        // W = (z_1^2 + z_1 z_2 + z_2^2) / 2, V = 0: A = [[1, 1/2], [1/2, 1]], Cov' = -A Cov - Cov A + 2 D, the mean
        // stays. Along (1, 1) / sqrt 2 and (1, -1) / sqrt 2, with eigenvalues 3/2 and 1/2, that is scalar.
        const double diffusion = 0.4, time = 0.5, initial = 0.5;
        double Variance(double a) => Math.Exp(-2 * a * time) * (initial - diffusion / a) + diffusion / a;
        var equation = new AggregationDiffusion(2, diffusion)
        {
            Interaction = z => (z[0] * z[0] + z[0] * z[1] + z[1] * z[1]) / 2,
        };
        double s = Math.Sqrt(0.5);
        Assert.InRange(Order(equation, n => new(new Axis(-5, 5, n), new Axis(-5, 6, n)), [48, 96],
            x => Normal(x[0], 0.3, initial) * Normal(x[1], 0.2, initial),
            x => Normal(s * (x[0] + x[1]), s * 0.5, Variance(1.5)) * Normal(s * (x[0] - x[1]), s * 0.1, Variance(0.5)),
            time, 2), 1.9, 2.2);
    }

    [Fact]
    public void A_drift_that_is_no_gradient_turns_a_Gaussian_at_order_2()
    {
        // b = (-x + 2 y, -2 x - y) / 2 + (cos t, 0), a = (0.5, 0.5): rotation by angle t and decay; isotropic around
        // the mean with variance' = -variance + 0.5. The mean as a complex number has m' = -(1/2 + i) m + cos t, which
        // (m_0 - p(0)) e^(-(1/2 + i) t) + p(t) solves, p(t) = e^(it) / (1 + 4 i) + e^(-it).
        const double time = 1;
        static Complex P(double t) => Complex.Exp(new(0, t)) / new Complex(1, 4) + Complex.Exp(new(0, -t));
        var mean = (new Complex(0.5, 0.3) - P(0)) * Complex.Exp(new(-0.5 * time, -time)) + P(time);
        var variance = 0.5 - 0.2 * Math.Exp(-time);
        var equation = new ItoEquation(new Coefficients(2,
            (t, x) => [-x[0] / 2 + x[1] + Math.Cos(t), -x[0] - x[1] / 2], (t, x) => [0.5, 0.5]));
        Assert.InRange(Order(equation, n => new(new Axis(-4, 4, n), new Axis(-4, 4, n)), [64, 128],
            x => Normal(x[0], 0.5, 0.3) * Normal(x[1], 0.3, 0.3),
            x => Normal(x[0], mean.Real, variance) * Normal(x[1], mean.Imaginary, variance), time, 2), 1.9, 2.2);
    }

    [Fact]
    public void Noise_that_depends_on_the_state_has_order_2()
    {
        // Cox, Ingersoll and Ross: dX = (3/2 - X) dt + sqrt X dB has the stationary law Gamma(3, 1/2).
        static double Gamma(double x) => 4 * x * x * Math.Exp(-2 * x);
        var equation = new ItoEquation(new Coefficients(1, (t, x) => [1.5 - x[0]], (t, x) => [x[0]]));
        Assert.InRange(Order(equation, n => new(Axis.HalfLine(12, n)), [128, 256], x => Gamma(x[0]), x => Gamma(x[0]),
            1, 2), 1.9, 2.1);
        // From elsewhere E X = 3/2 + (m_0 - 3/2) e^-t; it comes to the same law.
        var grid = new Grid(Axis.HalfLine(12, 512));
        var initial = Density.Of(grid, x => Normal(x[0], 3, 0.1));
        var after = Run(equation, initial, 1, 0.01);
        Assert.Equal(1.5 + (initial.Mean() - 1.5) * Math.Exp(-1), after.Mean(), 1e-4);
        Assert.InRange(Run(equation, initial, 15, 0.05).Distance(Density.Of(grid, x => Gamma(x[0]))), 0, 1e-3);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(10)]
    public void The_length_of_a_diffusion_obeys_the_radial_equation(int d)
    {
        // Brownian motion of variance 2 D t from N(0, I): |x| over sqrt(1 + 2 D t) is chi with d degrees of freedom.
        const double diffusion = 0.5, time = 1;
        var constant = Math.Pow(2, 1 - d / 2.0) / SpecialFunctions.Gamma(d / 2.0);
        double Chi(double r, double scale) =>
            constant * Math.Pow(r / scale, d - 1) * Math.Exp(-r * r / (2 * scale * scale)) / scale;
        var equation = new AggregationDiffusion(1, diffusion)
        {
            Potential = AggregationDiffusion.RadialPotential(d, diffusion),
        };
        Assert.InRange(Order(equation, n => new(Axis.HalfLine(12, n)), [128, 256], x => Chi(x[0], 1),
            x => Chi(x[0], Math.Sqrt(1 + 2 * diffusion * time)), time, 2), 1.9, 2.2);
    }

    [Fact]
    public void Phases_on_the_circle_synchronise_as_far_as_the_closed_form_says()
    {
        // W = -K cos z: stationary densities are exp((K r / D) cos(x - a)) / Z with r = I_1(K r / D) / I_0(K r / D),
        // r = 0 alone for K at most 2 D (Sakaguchi 1988).
        double Coherence(double k)
        {
            var grid = new Grid(Axis.Circle(128));
            var final = Run(new AggregationDiffusion(1, 0.5) { Interaction = z => -k * Math.Cos(z[0]) },
                Density.Of(grid, x => (1 + 0.3 * Math.Cos(x[0] - 1)) / (2 * Math.PI)), 60, 0.1);
            double c = final.Integral(x => Math.Cos(x[0])), s = final.Integral(x => Math.Sin(x[0]));
            Assert.Equal(1, k > 1 ? Math.Atan2(s, c) : 1, 1e-9);     // it stays where it was
            return Math.Sqrt(c * c + s * s);
        }
        Assert.InRange(Coherence(0.6), 0, 1e-6);
        var expected = 0.9;
        for (var i = 0; i < 200; i++)
            expected = SpecialFunctions.BesselI(1, 2 * 1.5 * expected)
                / SpecialFunctions.BesselI(0, 2 * 1.5 * expected);
        Assert.Equal(expected, Coherence(1.5), 1e-3);
    }

    [Fact]
    public void Attraction_without_diffusion_gathers_all_mass_in_its_centre()
    {
        // W = z^2 / 2: each point goes to the mean, which stays, like e^-t; so W_2^2 to it is variance e^(-2 t).
        // The density has jumps, where the order is 1.
        var equation = new AggregationDiffusion(1, 0) { Interaction = z => z[0] * z[0] / 2 };
        static Density Initial(int n) =>
            Density.Of(new(new Axis(-2, 2, n)), x => Math.Abs(x[0] - 0.2) < 1 ? 0.5 : 0, 0.1);
        double ErrorOn(int n)
        {
            var initial = Initial(n);
            var after = Run(equation, initial, 1, 2.0 / n);
            Assert.Equal(initial.Mean(), after.Mean(), 1e-10);
            return Math.Abs(after.Covariance() - initial.Covariance() * Math.Exp(-2));
        }
        Assert.InRange(Math.Log2(ErrorOn(100) / ErrorOn(400)), 1.9, 4.1);
        var final = Run(equation, Initial(101), 20, 0.1);
        Assert.Equal(1, final.Masses.OrderDescending().Take(3).Sum(), 1e-6);
    }

    [Fact]
    public void The_law_of_a_McKean_Vlasov_equation_has_its_mean_and_variance()
    {
        // dX = (X / -2 + E X) dt + dB / 2: mean e^(t/2) m_0, variance e^-t v_0 + (1 - e^-t) / 4.
        var grid = new Grid(new Axis(-6, 7, 400));
        var initial = Density.Of(grid, x => Normal(x[0], 0.5, 1), 1e-3);
        var final = Run(new ItoEquation(new MeanField()), initial, 1, 0.01);
        Assert.Equal(0.5 * Math.Exp(0.5), final.Mean(), 1e-4);
        Assert.Equal(0.52591, final.Covariance(), 5e-4);
    }

    private sealed class MeanField : IItoCoefficients
    {
        public int Dimension => 1;

        public void Drift(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> drift)
        {
            var mean = 0.0;
            for (var i = 0; i < masses.Length; i++) mean += masses[i] * points[i];
            for (var i = 0; i < drift.Length; i++) drift[i] = mean - points[i] / 2;
        }

        public void Variance(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses,
            Span<double> variance) => variance.Fill(0.25);
    }

    private sealed class Coefficients(
        int d, Func<double, double[], double[]> drift, Func<double, double[], double[]> variance) : IItoCoefficients
    {
        public int Dimension => d;

        public void Drift(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> result) =>
            Fill(drift, t, points, result);

        public void Variance(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> result) =>
            Fill(variance, t, points, result);

        private void Fill(Func<double, double[], double[]> f, double t, ReadOnlySpan<double> x, Span<double> result)
        {
            for (var i = 0; i < x.Length; i += d) f(t, x.Slice(i, d).ToArray()).CopyTo(result[i..]);
        }
    }
}
