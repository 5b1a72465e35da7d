using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Data;

/// <summary>
/// A point of mass 2/3 beside one of 1/3 is that point twice among three, in all that averages over data.
/// </summary>
public class MassTests
{
    private const double Rounding = 1e-14;

    private static (Dataset Weighted, Dataset Repeated) Twins(ILoss loss)
    {
        var two = Sampled.Data(2, loss: loss);
        return (new(3, 2, two.X, two.Y, two.Labels, [2 / 3.0, 1 / 3.0]), two.Select([0, 0, 1]));
    }

    public static TheoryData<string> Losses => [.. Catalogue.All<ILoss>().Select(l => l.Name)];

    [Theory, MemberData(nameof(Losses))]
    public void Risk_and_velocity_are_those_of_the_repeated_point(string name)
    {
        var loss = Catalogue.Find<ILoss>(name);
        var (weighted, repeated) = Twins(loss);
        foreach (var depth in new[] { 2, 3, 4 })
        {
            var ensemble = Sampled.Ensemble(Sampled.Architecture(depth, new Tanh(), BiasMode.Trained), tracers: 2);
            Assert.Equal(Sampled.Risk(ensemble, ensemble.State, repeated, loss),
                Sampled.Risk(ensemble, ensemble.State, weighted, loss), 1e-13);
            Assert.All(Sampled.Velocity(ensemble, ensemble.State, repeated, loss)
                .Zip(Sampled.Velocity(ensemble, ensemble.State, weighted, loss)),
                p => Assert.Equal(p.First, p.Second, 1e-13));
        }
    }

    [Fact]
    public void The_risk_falls_at_the_square_of_the_velocity()
    {
        var (data, loss) = (Twins(new HalfSquared()).Weighted, new HalfSquared());
        var ensemble = Sampled.Ensemble(Sampled.Architecture(3, new Tanh(), BiasMode.Trained));
        var velocity = Sampled.Velocity(ensemble, ensemble.State, data, loss);
        double Risk(double h) =>
            Sampled.Risk(ensemble, [.. ensemble.State.Zip(velocity, (y, v) => y + h * v)], data, loss);
        const double h = 1e-5;
        var squares = ensemble.SquaredMassNorm(velocity);
        Assert.Equal(-squares, (Risk(h) - Risk(-h)) / (2 * h), 1e-7 * squares);
    }

    [Theory, InlineData(SgdNoise.Shared), InlineData(SgdNoise.PerParticle)]
    public void The_noise_of_SGD_has_the_covariance_of_the_repeated_point(SgdNoise noise)
    {
        var (weighted, repeated) = Twins(new HalfSquared());
        var ensemble = Sampled.Ensemble(Sampled.Architecture(2, new Tanh(), BiasMode.None));
        double[,] Covariance(Dataset data)
        {
            var diffusion = new SgdDiffusion(ensemble, Sampled.Objective(new HalfSquared(), data), Sampled.Engine, noise, 0.3);
            var covariance = new double[ensemble.State.Length, ensemble.State.Length];
            for (var k = 0; k < diffusion.NoiseDimension; k++)
            {
                var (unit, column) = (new double[diffusion.NoiseDimension], new double[ensemble.State.Length]);
                unit[k] = 1;
                diffusion.Diffuse(0, ensemble.State, unit, column);
                for (var i = 0; i < column.Length; i++)
                    for (var j = 0; j < column.Length; j++) covariance[i, j] += column[i] * column[j];
            }
            return covariance;
        }
        var (ours, theirs) = (Covariance(weighted), Covariance(repeated));
        Assert.True(theirs.Cast<double>().Max() > 1e-2);
        Assert.All(theirs.Cast<double>().Zip(ours.Cast<double>()), p => Assert.Equal(p.First, p.Second, Rounding));
    }

    private static Problem Line(IReadOnlyList<IReadOnlyList<double>> x, IReadOnlyList<IReadOnlyList<double>> y,
        IReadOnlyList<double>? masses) => new()
        {
            Data = new PointsData { X = x, Y = y, Masses = masses },
            Network = new()
            {
                Layers =
                [
                    new() { Weights = new GaussianLaw { Std = 1 }, Activation = "tanh" },
                    new()
                    {
                        Weights = new ConstantLaw { Value = 1.5 },
                        Rate = new ConstantRate { Value = 0 },
                        Activation = "softplus",
                    },
                ],
            },
            Training = new() { Loss = "half-squared", Time = 1 },
            Limit = new() { Types = [new GaussSpec { Nodes = 12 }], Tolerance = 1e-10 },
            Record = new() { Saves = 3 },
            Density = new(),
        };

    private static Model Build(double[] x, double[] y, double[]? masses) =>
        Model.Build(Line([.. x.Select(v => new[] { v })], [.. y.Select(v => new[] { v })], masses));

    [Fact]
    public void Density_functional_and_its_noise_are_those_of_the_repeated_point()
    {
        Model weighted = Build([-1, 2], [1, 3], [2, 1]), repeated = Build([-1, -1, 2], [1, 1, 3], null);
        var (limit, coordinates) = (weighted.InitialLimit(), NeuronCoordinates.Of(weighted));
        var (points, masses) = (coordinates.Points(limit, limit.State), limit.Masses(1).ToArray());
        double[][] All(Model model)
        {
            var data = model.Data.Train;
            var risk = new TwoLayerRisk(coordinates, data, model.Loss, 0.1);
            var noise = new SgdCoefficients(coordinates, model.Objective, 0.2);
            double[] variation = new double[12], gradient = new double[12], drift = new double[12],
                variance = new double[12];
            risk.FirstVariation(points, masses, variation);
            risk.Gradient(points, masses, gradient);
            noise.Drift(0, points, masses, drift);
            noise.Variance(0, points, masses, variance);
            return [[risk.Value(points, masses)], variation, gradient, drift, variance];
        }
        Assert.All(All(weighted).Zip(All(repeated)), p =>
            Assert.All(p.First.Zip(p.Second), q => Assert.Equal(q.First, q.Second, Rounding)));
    }

    [Fact]
    public void The_limit_and_distances_of_its_predictions_are_those_of_the_repeated_point()
    {
        LimitSolution Solve(Model e) => Certifier.Solve(new ParticleLimit(e), new());
        LimitSolution weighted = Solve(Build([-1, 2], [1, 3], [20, 10])),
            repeated = Solve(Build([-1, -1, 2], [1, 1, 3], null)),
            permuted = Solve(Build([2, -1], [3, 1], [0.1, 0.2]));
        foreach (var other in new[] { repeated, permuted })
        {
            Assert.All(weighted.Trajectory.Train.Zip(other.Trajectory.Train),
                p => Assert.Equal(p.First.Risk, p.Second.Risk, 1e-12));
            // rms distances to limits of fewer nodes: with the points unweighted they would differ by some per cent.
            Assert.Equal(other.Error.Types, weighted.Error.Types, 1e-6 * other.Error.Types);
        }
        Assert.True(weighted.Error.Types > 1e-9);
        Assert.Equal(weighted.Trajectory.Predictions[^1][1], permuted.Trajectory.Predictions[^1][0], 1e-12);
    }

    [Fact]
    public void Points_are_drawn_with_their_masses()
    {
        const int n = 100_000;
        double[] masses = [0.05, 0.6, 0.1, 0.25];
        Dataset data = new(1, 1, [0, 1, 2, 3], new double[4], LabelKind.Real, masses),
            batch = new(1, 1, new double[n], new double[n], LabelKind.Real);
        new EmpiricalSource(data).Draw(new(3, 9), 0, batch);
        for (var k = 0; k < masses.Length; k++)
        {
            // z = 4.5 standard errors of a share.
            var error = 4.5 * Math.Sqrt(masses[k] * (1 - masses[k]) / n);
            Assert.InRange(batch.X.Count(x => x == k) / (double)n - masses[k], -error, error);
        }
        Dataset later = new(1, 1, new double[4], new double[4], LabelKind.Real);
        new EmpiricalSource(data).Draw(new(3, 9), 6, later);
        Assert.Equal(batch.X[6..10], later.X);
    }

    [Fact]
    public void Equal_masses_are_none()
    {
        Dataset plain = Build([-1, 2, 5], [1, 3, 4], null).Data.Train,
            equal = Build([-1, 2, 5], [1, 3, 4], [0.1, 0.1, 0.1]).Data.Train;
        Assert.Equal(plain.Masses, equal.Masses);
        Assert.True(equal.HasEqualMasses);
    }

    [Fact]
    public void Masses_are_divided_by_their_sum_and_points_without_are_left_out()
    {
        var model = Build([-1, 7, 2, 4], [1, 9, 3, 5], [1, 0, 4, 3]);
        Assert.Equal([-1, 2, 4], model.Data.Train.X);
        Assert.Equal([1, 3, 5], model.Data.Train.Y);
        Assert.Equal([0.125, 0.5, 0.375], model.Data.Train.Masses);
        Assert.Equal(8, model.Data.SumOfMasses);
    }

    [Fact]
    public void Held_out_points_take_their_masses_along()
    {
        double[] masses = [1, 2, 3, 4, 5, 6, 7];
        var x = masses.Select(m => new[] { m }).ToArray();
        var problem = Line(x, x, masses);
        var data = Model.Build(problem with { Data = problem.Data with { Test = 3 } }).Data;
        foreach (var part in new[] { data.Train, data.Test! })
        {
            var sum = part.X.Sum();
            Assert.All(part.X.Zip(part.Masses), p => Assert.Equal(p.First / sum, p.Second, 1e-15));
        }
        Assert.Equal((4, 3), (data.Train.Count, data.Test!.Count));
    }

    [Fact]
    public void A_spread_keeps_the_law_to_the_mass_of_a_point_of_it()
    {
        // Masses of a normal law on a grid: of 1000 points 100, whose law is within 1/100 at every quantile.
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => -5 + i * 0.01)],
            p = [.. x.Select(v => Math.Exp(-v * v / 2))];
        var sum = p.Sum();
        var all = new Dataset(1, 1, x, x, LabelKind.Real, [.. p.Select(v => v / sum)]);
        var some = all.Spread(100);
        Assert.InRange(some.Count, 2, 100);
        Assert.Equal(1, some.Masses.Sum(), 1e-14);
        foreach (var at in new[] { -3.0, -1, -0.2, 0, 0.5, 2 })
        {
            double Below(Dataset data) => data.X.Zip(data.Masses).Where(q => q.First <= at).Sum(q => q.Second);
            Assert.InRange(Below(some) - Below(all), -0.01, 0.01);
        }
        Assert.Equal(all, all.Spread(1000));
    }

    [Fact]
    public void Principal_directions_are_those_of_the_repeated_points()
    {
        double[] x = [1, 0.2, -0.3, 0.4, 2, 1], y = new double[2];
        Dataset weighted = new(3, 1, x, y, LabelKind.Real, [2 / 3.0, 1 / 3.0]),
            repeated = new Dataset(3, 1, x, y, LabelKind.Real).Select([0, 0, 1]);
        PrincipalDirections a = PrincipalDirections.Of([weighted], false),
            b = PrincipalDirections.Of([repeated], false);
        Assert.Equal(2, a.Count);
        for (var j = 0; j < 2; j++)
        {
            Assert.Equal(b.Moments[j], a.Moments[j], Rounding);
            Assert.Equal(1, Math.Abs(System.Numerics.Tensors.TensorPrimitives.Dot(a.Direction(j), b.Direction(j))),
                Rounding);
        }
    }

    [Fact]
    public void A_point_of_next_to_no_mass_keeps_its_direction()
    {
        Dataset data = new(3, 1, [1, 0, 0, 0, 1, 0], new double[2], LabelKind.Real, [1, 1e-30]);
        Assert.Equal(2, PrincipalDirections.Of([data], all: false).Count);
    }

    [Theory]
    [InlineData(0, 0, "got 0")]
    [InlineData(1e308, 1e308, "got Infinity")]
    public void A_sum_that_is_none_is_refused(double first, double second, string fragment)
    {
        var error = Assert.Throws<ProblemException>(() => Build([-1, 2], [1, 3], [first, second]));
        Assert.Equal("$.data.masses", error.Path);
        Assert.Contains("positive, finite sum", error.Rule, StringComparison.Ordinal);
        Assert.Contains(fragment, error.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Negative_masses_are_not_drawn_from() => Assert.Throws<ArgumentException>(() =>
        new EmpiricalSource(new(1, 1, [0, 1], [0, 1], LabelKind.Real, [1.5, -0.5])));
}
