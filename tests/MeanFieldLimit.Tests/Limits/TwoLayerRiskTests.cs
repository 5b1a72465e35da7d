using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// The risk as a functional against what knows nothing of it: the forward and backward passes of ensembles, and
/// differences.
/// </summary>
public class TwoLayerRiskTests
{
    private static readonly LawSpec Normal = new GaussianLaw { Std = 1 };
    private static readonly ScheduleSpec Frozen = new ConstantRate { Value = 0 };

    public static TheoryData<string, int> Cases => new()
    {
        { "w_1 w_2", 2 }, { "w_1(1) w_1(2)", 2 }, { "w_1 b_1", 2 }, { "w_2(1) w_2(2)", 2 }, { "w_1", 1 },
        { "|w_1| w_2", 2 },
    };

    private static Model Build(string names)
    {
        var (inputs, outputs) = (names.Contains("w_1(2)", StringComparison.Ordinal) ? 2 : 1,
            names.Contains("w_2(2)", StringComparison.Ordinal) ? 2 : 1);
        var reduced = names[0] == '|';
        LayerSpec Layer(string name, double frozen) => names.Contains(name, StringComparison.Ordinal)
            ? new() { Weights = Normal }
            : new() { Weights = new ConstantLaw { Value = frozen }, Rate = Frozen };
        var biases = names.Contains('b');
        return Model.Build(new()
        {
            Data = reduced
                ? new IsotropicData { Dimension = 5, Points = 20, Delta = 0.4 }
                : new PointsData
                {
                    X = [.. Enumerable.Range(0, 5).Select(n => Row(inputs, n))],
                    Y = [.. Enumerable.Range(5, 5).Select(n => Row(outputs, n))],
                },
            Network = new()
            {
                Biases = biases ? BiasMode.Trained : BiasMode.None,
                Layers =
                [
                    Layer("w_1", 0.8) with { Activation = "tanh", Bias = biases ? Normal : null },
                    Layer("w_2", 1.5) with { Activation = "softplus" },
                ],
            },
            Training = reduced
                ? new() { Loss = "half-squared", Time = 1, Dynamics = DynamicsKind.Sgd, Step = 0.1, Batch = 10 }
                : new() { Loss = "half-squared", Time = 1 },
            Limit = new()
            {
                Types = [new GaussSpec { Nodes = 6 }],
                Reduction = reduced ? Reduction.Isotropic : Reduction.None,
                Radii = reduced ? 8 : null,
            },
            Density = new(),
        });
        static double[] Row(int count, int n) => [.. Enumerable.Range(0, count).Select(k => Math.Sin(1.7 * n + k + 1))];
    }

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_passes_of_ensembles(string names, int dimension)
    {
        var model = Build(names);
        var (data, limit) = (model.LimitModel.Data.Train, model.InitialLimit());
        var coordinates = NeuronCoordinates.Of(model);
        Assert.Equal(names, string.Join(' ', coordinates.Names));
        Assert.Equal(dimension, coordinates.Dimension);
        var risk = new TwoLayerRisk(coordinates, data, model.Loss);

        var points = coordinates.Points(limit, limit.State);
        var masses = limit.Masses(1);
        var predictor = new Predictor(limit, data, Sampled.Engine);
        predictor.Predict(limit.State);
        Assert.Equal(predictor.Measure(model.Loss).Risk, risk.Value(points, masses), 1e-13);
        Assert.All(predictor.Predictions.Zip(risk.Predict(points, masses).ToArray()), p =>
            Assert.Equal(p.First, p.Second, 1e-13));

        var velocity = new double[limit.State.Length];
        new MeanFieldVelocity(limit, model.Loss, new FullExpectation(data), Sampled.Engine, model.Schedules)
            .Evaluate(0, limit.State, velocity);
        var gradient = new double[points.Length];
        risk.Gradient(points, masses, gradient);
        Assert.All(coordinates.Points(limit, velocity).Zip(gradient), p => Assert.Equal(-p.First, p.Second, 1e-13));
    }

    /// <summary>
    /// (F(mu + e chi) - F(mu - e chi)) / 2e is int Psi d chi, and its gradient is that of Psi, which is seen at any
    /// point by a point without mass.
    /// </summary>
    [Theory, MemberData(nameof(Cases))]
    public void First_variation_and_gradient_agree_with_differences(string names, int dimension)
    {
        var model = Build(names);
        var risk = new TwoLayerRisk(NeuronCoordinates.Of(model), model.LimitModel.Data.Train, model.Loss,
            decay: 0.3);
        double[] points = [.. Enumerable.Range(0, 7 * dimension).Select(i => 0.2 + Math.Abs(1.5 * Math.Sin(3.1 * i)))];
        double[] masses = [0.1, 0.2, 0.15, 0.25, 0.05, 0.25, 0];
        double[] chi = [0.3, -0.2, 0.5, -0.1, -0.6, 0.4, -0.3];
        const double e = 1e-4;
        double Shifted(double by) => risk.Value(points, [.. masses.Zip(chi, (m, c) => m + by * c)]);
        double[] Psi(double[] at)
        {
            var variation = new double[7];
            risk.FirstVariation(at, masses, variation);
            return variation;
        }
        Assert.Equal((Shifted(e) - Shifted(-e)) / (2 * e), Psi(points).Zip(chi, (p, c) => p * c).Sum(), 1e-7);

        var gradient = new double[points.Length];
        risk.Gradient(points, masses, gradient);
        for (var k = 0; k < dimension; k++)
        {
            double[] up = [.. points], down = [.. points];
            (up[^(k + 1)], down[^(k + 1)]) = (points[^(k + 1)] + e, points[^(k + 1)] - e);
            Assert.Equal((Psi(up)[6] - Psi(down)[6]) / (2 * e), gradient[^(k + 1)], 1e-7);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void What_is_kept_of_the_last_points_changes_no_bit(string names, int dimension)
    {
        double[] masses = [0.1, 0.2, 0.3, 0.4], points = At(0.9);
        var (used, fresh) = (New(), New());
        // Other points, as many and fewer.
        foreach (var count in new[] { 4, 1, 4 })
            used.Value(At(0.4 + count).AsSpan(0, count * dimension), [.. Enumerable.Repeat(1.0 / count, count)]);
        for (var k = 0; k < 2; k++)
        {
            Assert.Equal(fresh.Value(points, masses), used.Value(points, masses));
            Assert.Equal(fresh.Predict(points, masses), used.Predict(points, masses));
            double[] expected = new double[points.Length], gradient = new double[points.Length];
            fresh.Gradient(points, masses, expected);
            used.Gradient(points, masses, gradient);
            Assert.Equal(expected, gradient);
        }

        double[] At(double by) =>
            [.. Enumerable.Range(0, 4 * dimension).Select(i => 0.2 + Math.Abs(1.5 * Math.Sin(by + 3.1 * i)))];
        TwoLayerRisk New()
        {
            var experiment = Build(names);
            return new(NeuronCoordinates.Of(experiment), experiment.LimitModel.Data.Train, experiment.Loss, decay: 0.3);
        }
    }

    [Fact]
    public void A_grid_starts_as_the_law()
    {
        var coordinates = NeuronCoordinates.Of(Build("w_1 w_2"));
        var density = coordinates.Initial(new(new Axis(-8, 8, 64), new Axis(-8, 8, 64)));
        // P(-1 < Z < 2) = 0.9772498680518208 - 0.1586552539314571: cells are of length 1/4.
        Assert.Equal(0.8185946141203637, density.Marginal(0).Masses[28..40].Sum(), 1e-12);
        Assert.Contains("0.181 lie outside", Assert.Throws<ProblemException>(() =>
            coordinates.Initial(new(new Axis(-1, 2, 60), new Axis(-8, 8, 60)))).Message, StringComparison.Ordinal);
        Assert.Equal(1, density.Covariance(1, 1), 1e-9);
        Assert.Equal(0, density.Covariance(0, 1), 1e-12);

        var lengths = NeuronCoordinates.Of(Build("|w_1| w_2"));
        var radial = lengths.Initial(lengths.Grid(200));
        Assert.Equal(AxisEnd.Wall, radial.Grid.Axes[0].Lower);
        // E |w_1|^2 = 5.
        Assert.Equal(5, radial.Covariance() + radial.Mean() * radial.Mean(), 1e-6);
    }

    [Fact]
    public void Networks_beside_a_reduced_limit_are_seen_by_their_lengths()
    {
        var model = Build("|w_1| w_2");
        var network = model.Embedding.Sample([9], 3);
        var points = NeuronCoordinates.Of(model).Points(network, network.State);
        for (var c = 0; c < 9; c++)
        {
            Assert.Equal(Math.Sqrt(Enumerable.Range(0, 5).Sum(j => Math.Pow(network.Weights(1).Row(j)[c], 2))),
                points[2 * c], 1e-14);
            Assert.Equal(network.Weights(2).Row(c)[0], points[2 * c + 1]);
        }
    }
}
