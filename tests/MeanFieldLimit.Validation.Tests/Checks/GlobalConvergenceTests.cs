using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Checks;

namespace MeanFieldLimit.Validation.Tests.Checks;

/// <summary>The theorem of global convergence as a measurement, and its failure without diversity.</summary>
public class GlobalConvergenceTests
{
    private static readonly CheckSetting Setting = new();

    /// <summary>The example on fewer nodes and for a shorter time.</summary>
    private static Model Problem(double noise, double time = 60)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MeanFieldLimit.sln"))) folder = Path.GetDirectoryName(folder)!;
        var loaded = ProblemFile.Read(Path.Combine(folder, "examples", "global-convergence.json"));
        var problem = loaded.Problem;
        return Model.Build(loaded with
        {
            Problem = problem with
            {
                Network = problem.Network with { Embedding = new CorrelatedSpec { Noise = noise } },
                Training = problem.Training with { Time = time },
                Limit = problem.Limit with
                {
                    Types = [new SobolSpec { Nodes = 128 }, new GaussSpec { Nodes = 7 }, new GaussSpec { Nodes = 7 }],
                },
                Record = problem.Record with { Saves = 6 },
            },
        }, null);
    }

    [Fact]
    public void A_diverse_limit_converges_and_stays_diverse()
    {
        var model = Problem(noise: 0);
        var points = GlobalConvergenceDeep.Follow(Subject.Limit(model, Setting));
        Assert.InRange(points[^1].Risk, 0, 1e-3);
        Assert.InRange(points[^1].LastVelocity, 0, 0.05 * points[0].LastVelocity);
        Assert.All(points, p =>
        {
            Assert.InRange(p.LeastDeviation, 1, 2);
            for (var i = 0; i < 3; i++) Assert.InRange(p.EffectiveRanks[i] / points[0].EffectiveRanks[i], 0.9, 1.5);
        });
    }

    [Fact]
    public void On_a_line_the_velocity_goes_to_zero_and_the_risk_does_not()
    {
        // y = x_1/2 + 2 x_2^2 - 1 with x_2 in {1/4, 1} up to sign: the best function of x_1 leaves y - E[y | x_1] =
        // +-15/16, a risk of 225/512.
        var model = Problem(noise: 0);
        var points = GlobalConvergenceDeep.Follow(Diversity.OnFirstAxis(Subject.Limit(model, Setting)));
        Assert.All(points, p =>
        {
            Assert.Equal(0, p.LeastDeviation);
            Assert.InRange(p.Risk, 225.0 / 512 - 1e-12, 1);
        });
        Assert.Equal(225.0 / 512, points[^1].Risk, 1e-3);
        Assert.InRange(points[^1].LastVelocity, 0, 0.1 * points[0].LastVelocity);
    }

    [Theory, InlineData(0.6), InlineData(30)]
    public void Independent_weights_of_mean_zero_learn_the_mean_alone(double time)
    {
        // All noise: the limit has w_2 = w_3 = 0 and s(0) = 0, so H_2 = 0 and neither w_2, w_3 nor b_2 moves. yhat is
        // the same at all points; with g = E_P[yhat - y] = yhat - 1/16, b_4' = -g, b_3(c)' = -g w_4(c) s'(b_3(c)) and
        // w_4(c)' = -g s(b_3(c)): in the time -int g, which is b_4, w_4^2 - sinh(b_3)^2 stays what it is at 0. So
        // risk(t) = (Var y + g^2) / 2 with Var y = E y^2 - 1/256, E y^2 = (5/4)/4 + (225/256 + 1/256).
        var model = Problem(noise: 1, time);
        var points = GlobalConvergenceDeep.Follow(Subject.Limit(model, Setting));
        const double variance = 5.0 / 16 + 225.0 / 256, mean = 1.0 / 16;
        var types = new GaussTensor(7).Discretise([new Gaussian(0, 1)]);
        var (b, steps) = (0.0, 2000);
        foreach (var (from, to) in points.Zip(points.Skip(1)))
        {
            for (var k = 0; k < steps; k++)
            {
                var h = (to.Time - from.Time) / steps;
                var middle = b - h / 2 * Bias(b);
                b -= h * Bias(middle);
            }
            Assert.Equal((variance + Math.Pow(Bias(b), 2)) / 2, to.Risk, 1e-7);
        }

        // g where b_4 = b: tanh(b_3) = S/sqrt(1 + S^2), S = sinh(b_3), S' = w_4/sqrt(1 + S^2), w_4^2 = w_4(0)^2 + S^2.
        double Bias(double b) => b - mean + Enumerable.Range(0, types.Count).Sum(c =>
        {
            double start = types.Points[c], s = 0;
            const int steps = 8;
            for (var k = 0; k < steps; k++) s += b / steps * Slope(s + b / steps / 2 * Slope(s));
            return types.Masses[c] * Math.Sign(start) * Weight(s) * s / Math.Sqrt(1 + s * s);

            double Weight(double sinh) => Math.Sqrt(start * start + sinh * sinh);
            double Slope(double sinh) => Math.Sign(start) * Weight(sinh) / Math.Sqrt(1 + sinh * sinh);
        });
    }

    [Fact]
    public void Effective_rank_counts_equally_varied_directions()
    {
        // w_1 = +-e_j in R^3 and w_2 = 0: the covariance is I/3. A split neuron and a tracer change nothing.
        var architecture = new Architecture(3, 1, [new Tanh(), new Identity()], BiasMode.None);
        var sixth = 1.0 / 6;
        var ensemble = new Ensemble(architecture, [[sixth, sixth, sixth, sixth, sixth, sixth / 2, sixth / 2, 0]]);
        var w = ensemble.Weights(1);
        int[] axes = [0, 0, 1, 1, 2, 2, 2, 2];
        double[] values = [1, -1, 1, -1, 1, -1, -1, 77];
        for (var c = 0; c < 8; c++) w.Data[axes[c] * w.Stride + c] = values[c];
        Assert.Equal(3, Diversity.EffectiveRank(ensemble, ensemble.State, 1), 1e-12);
        Assert.Equal(Math.Sqrt(1.0 / 3), Diversity.LeastDeviation(ensemble, ensemble.State), 1e-12);

        // All mass in one place: no direction is left.
        var single = new Ensemble(architecture, [[1]]);
        Assert.Equal(0, Diversity.EffectiveRank(single, single.State, 1));
        Assert.Equal(0, Diversity.LeastDeviation(single, single.State));
    }
}
