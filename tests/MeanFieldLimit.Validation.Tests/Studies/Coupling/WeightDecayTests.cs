using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

/// <summary>
/// Linear networks on the one point (1, y), loss (yhat - y)^2 / 2 and decay lambda, limits and networks alike: of two
/// layers p = E w_1 w_2 = yhat and q = E w_1^2 + E w_2^2 have p' = -(p - y) q - 2 lambda p, q' = -4 (p - y) p - 2 lambda q.
/// Where all weights of L layers begin as one number w, w' = -(w^L - y) w^(L - 1) - lambda w.
/// </summary>
public class WeightDecayTests
{
    private const double Y = 2, Decay = 0.3, Time = 1;

    private static Model Build(LayerSpec[] layers, LimitSpec limit) => Model.Build(new()
    {
        Name = "linear",
        Data = new PointsData { X = [[1]], Y = [[Y]] },
        Network = new() { Layers = layers },
        Training = new() { Loss = "half-squared", Time = Time, Tolerance = 1e-10, WeightDecay = Decay },
        Limit = limit,
        Record = new() { Saves = 1 },
        Couple = new() { Widths = [5, 9], Seeds = 2 },
    });

    private static LayerSpec Layer(LawSpec law) => new() { Weights = law, Activation = "identity" };

    /// <summary>Runge and Kutta's method in 1000 steps: an error far below 1e-10.</summary>
    private static double[] Solve(double[] start, Func<double[], double[]> f)
    {
        const double h = Time / 1000;
        double[] y = start, k1, k2, k3, k4;
        double[] Plus(double[] k, double s) => [.. y.Zip(k, (a, b) => a + s * b)];
        for (var n = 0; n < 1000; n++)
        {
            (k1, k2) = (f(y), f(Plus(f(y), h / 2)));
            k3 = f(Plus(k2, h / 2));
            k4 = f(Plus(k3, h));
            y = [.. y.Select((v, i) => v + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]))];
        }
        return y;
    }

    private static double TwoLayers(double p, double q) => Solve([p, q],
        v => [-(v[0] - Y) * v[1] - 2 * Decay * v[0], -4 * (v[0] - Y) * v[0] - 2 * Decay * v[1]])[0];

    [Fact]
    public void Limits_and_networks_of_two_layers_decay_as_the_closed_equations_have_it()
    {
        var model = Build([Layer(new GaussianLaw { Std = 1 }), Layer(new GaussianLaw { Std = 1 })],
            new() { Types = [new GaussSpec { Nodes = 8 }], Tolerance = 1e-10 });
        var coupled = Small.Couple(model);
        var limit = coupled.Limit;
        Assert.Equal(TwoLayers(0, 2), limit.Trajectory.Predictions[^1][0], 1e-8);
        foreach (var network in coupled.Networks)
        {
            var start = model.Embedding.Sample([network.Width], Streams.SeedOf(model.Seed, network.Replicate));
            double[] w1 = start.Weights(1).Data.ToArray(), w2 = start.Weights(2).Data.ToArray();
            var p = w1.Zip(w2, (a, b) => a * b).Average();
            var q = w1.Average(v => v * v) + w2.Average(v => v * v);
            Assert.Equal(Math.Abs(TwoLayers(p, q) - TwoLayers(0, 2)), network.Gaps[^1].Rms, 1e-8);
        }
    }

    [Theory, InlineData(2), InlineData(3), InlineData(4)]
    public void Of_any_depth(int depth)
    {
        const double w = 0.9;
        var model = Build([.. Enumerable.Repeat(Layer(new ConstantLaw { Value = w }), depth)], new() { Tolerance = 1e-10 });
        var coupled = Small.Couple(model);
        var limit = coupled.Limit;
        var end = Solve([w], v => [-(Math.Pow(v[0], depth) - Y) * Math.Pow(v[0], depth - 1) - Decay * v[0]])[0];
        Assert.Equal(Math.Pow(end, depth), limit.Trajectory.Predictions[^1][0], 1e-8);
        Assert.All(coupled.Networks, n => Assert.InRange(n.Gaps[^1].Rms, 0, 1e-8));
    }
}
