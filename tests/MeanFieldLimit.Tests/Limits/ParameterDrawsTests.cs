using MathNet.Numerics.Statistics;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// The pathwise gap of parameters of linear networks of three layers, one of which is trained, at the point x = 1. With
/// r = yhat - y, r' = -a r, and dr' = -a dr - da r: a gap is an integral of r and dr, from fluctuations of means and, at
/// each neuron, of the sum of its own weights.
/// </summary>
public class ParameterDrawsTests
{
    // Weights m +- s of each layer.
    private const double Time = 0.8, Y = -1.5, M1 = 0.5, S1 = 1.5, S2 = 0.6, M3 = 1, S3 = 0.5;

    [Theory]
    [InlineData(1, 0.9), InlineData(2, 0.9), InlineData(3, 0.9), InlineData(1, 0), InlineData(3, 0)]
    public void Linear_networks_have_their_closed_form(int trained, double m2)
    {
        const int draws = 6;
        int[] ratios = [1, 3];
        var gap = ParameterDraws.Run(new(Build(trained, m2, ratios)), new() { Threads = 2 }, draws);
        double e1 = M1 * M1 + S1 * S1, e3 = M3 * M3 + S3 * S3, r = M1 * m2 * M3 - Y, square;
        if (trained == 2)
        {
            var (b, c) = Integrals(e1 * e3);
            square = e1 * e3 * (Math.Pow(S1 * (b * m2 * M3 - 2 * c * r * M1 * e3), 2) / ratios[0]
                + Math.Pow(S3 * (b * m2 * M1 - 2 * c * r * M3 * e1), 2) / ratios[1]);
        }
        else
        {
            // yhat = E[w h], w trained: h is the product of the others.
            var (m, s, far, sFar, own, of) = trained == 3 ? (M3, S3, M1, S1, ratios[1], ratios[0])
                : (M1, S1, M3, S3, ratios[0], ratios[1]);
            var h = m2 * far;
            var (b, c) = Integrals(h * h);
            square = Math.Pow(h * h * b * s, 2) / own
                + Math.Pow((-h * b * m + 2 * h * h * r * c - r * b) * m2 * sFar, 2) / of
                + Math.Pow(r * b * S2, 2) * (far * far + sFar * sFar) / of;
        }
        Assert.Equal(Math.Sqrt(square), gap.Gap, 1e-6 * gap.Gap);
        Assert.Equal(gap.Gap, gap.Largest, 1e-12 * gap.Gap);
        Assert.Equal((0, draws + 4), (gap.Rms[0], gap.Directions));
    }

    [Fact]
    public void Fewer_draws_than_types_have_a_standard_error()
    {
        var exact = ParameterDraws.Run(new(Build(3, 0.9, [1, 1])), new(), 4);
        Assert.InRange(exact.StandardError, 0, 1e-9);
        PredictedParameters[] drawn = [.. Enumerable.Range(0, 40).Select(Drawn)];
        double[] squares = [.. drawn.Select(p => p.Gap * p.Gap)];
        Assert.All(drawn, p => Assert.InRange(p.StandardError, 1e-3, p.Gap));
        Assert.InRange(squares.Average() - exact.Gap * exact.Gap, -4 * squares.StandardDeviation() / Math.Sqrt(40),
            4 * squares.StandardDeviation() / Math.Sqrt(40));

        static PredictedParameters Drawn(int seed) =>
            ParameterDraws.Run(new(Build(3, 0.9, [1, 1], seed)), new(), 3);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var limit = new ParticleLimit(Build(3, 0.9, [1, 1]));
        var (one, two) = (ParameterDraws.Run(limit, new(), 20), ParameterDraws.Run(limit, new() { Threads = 2 }, 20));
        Assert.Equal(one.Rms, two.Rms);
        Assert.Equal((one.Largest, one.StandardError), (two.Largest, two.StandardError));
    }

    /// <summary>The integrals to the end of exp(-a t) and of t exp(-a t).</summary>
    private static (double B, double C) Integrals(double a) => a == 0 ? (Time, Time * Time / 2)
        : ((1 - Math.Exp(-a * Time)) / a, (1 - Math.Exp(-a * Time) * (1 + a * Time)) / (a * a));

    private static Model Build(int trained, double m2, int[] ratios, int seed = 0)
    {
        LayerSpec Layer(int i, double mean, double scale) => new()
        {
            Weights = new RademacherLaw { Mean = mean, Scale = scale },
            Activation = i < 3 ? "identity" : null,
            Rate = i == trained ? null : new ConstantRate { Value = 0 },
        };
        return Model.Build(new()
        {
            Name = "linear",
            Seed = seed,
            Data = new PointsData { X = [[1]], Y = [[Y]] },
            Network = new() { Layers = [Layer(1, M1, S1), Layer(2, m2, S2), Layer(3, M3, S3)] },
            Training = new() { Loss = "half-squared", Time = Time },
            Limit = new()
            {
                Types = [new GaussSpec { Nodes = 2 }, new GaussSpec { Nodes = 2 }],
                Method = "runge-kutta-4",
                Step = Time / 25,
            },
            Record = new() { Saves = 1 },
            Couple = new() { Ratios = ratios },
        });
    }
}
