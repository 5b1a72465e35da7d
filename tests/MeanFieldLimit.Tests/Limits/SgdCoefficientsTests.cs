using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Drift and variance on a grid against the passes of ensembles, their noise column by column.</summary>
public class SgdCoefficientsTests
{
    private const double Step = 0.3;

    private static Model Build(bool inner) => Model.Build(new()
    {
        Data = new PointsData { X = [[-1], [0.4], [1.3], [2]], Y = [[-1], [0.7], [1], [0.2]] },
        Network = new()
        {
            Layers =
            [
                Layer(inner, 0.8) with { Activation = "tanh" }, Layer(!inner, 1.5) with { Activation = "softplus" },
            ],
        },
        Training = new() { Loss = "half-squared", Time = 1 },
        Limit = new() { Types = [new GaussSpec { Nodes = 5 }] },
        Density = new(),
    });

    private static LayerSpec Layer(bool moves, double frozen) => moves
        ? new() { Weights = new GaussianLaw { Std = 1 } }
        : new() { Weights = new ConstantLaw { Value = frozen }, Rate = new ConstantRate { Value = 0 } };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_are_those_of_particles(bool inner)
    {
        var model = Build(inner);
        var (limit, train) = (model.InitialLimit(), model.Data.Train);
        Dataset data = new(1, 1, train.X, train.Y, train.Labels, [0.1, 0.2, 0.3, 0.4]);
        var coordinates = NeuronCoordinates.Of(model);
        var points = coordinates.Points(limit, limit.State);
        var (drift, variance) = (new double[5], new double[5]);
        var coefficients = new SgdCoefficients(coordinates, Sampled.Objective(model.Loss, data, model.Schedules, 0.3), Step);
        coefficients.Drift(0, points, limit.Masses(1), drift);
        coefficients.Variance(0, points, limit.Masses(1), variance);

        var particles = new SgdDiffusion(limit, Sampled.Objective(model.Loss, data, model.Schedules, 0.3), Sampled.Engine, SgdNoise.PerParticle, Step);
        var velocity = new double[particles.Dimension];
        particles.Evaluate(0, limit.State, velocity);
        Assert.All(coordinates.Points(limit, velocity).Zip(drift), p => Assert.Equal(p.First, p.Second, 1e-14));
        var squares = new double[5];
        for (var k = 0; k < particles.NoiseDimension; k++)
        {
            var (unit, column) = (new double[particles.NoiseDimension], new double[particles.Dimension]);
            unit[k] = 1;
            particles.Diffuse(0, limit.State, unit, column);
            var own = coordinates.Points(limit, column);
            for (var c = 0; c < squares.Length; c++) squares[c] += own[c] * own[c];
        }
        Assert.All(squares.Zip(variance), p => Assert.Equal(p.First, p.Second, 1e-14));
        Assert.True(variance.Max() > 1e-2);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_step_that_is_none_is_refused(double step) => Assert.Throws<ArgumentException>(() =>
        new SgdCoefficients(NeuronCoordinates.Of(Build(true)), Build(true).Objective, step));
}
