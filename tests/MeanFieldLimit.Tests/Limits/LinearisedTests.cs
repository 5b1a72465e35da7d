using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;
using MeanFieldLimit.Tests.Propagation;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Flows linearised at the start, by differences of predictions, which know nothing of tangents.</summary>
public class LinearisedTests
{
    private const double H = 1e-5;

    /// <summary>f_lin - f = J u, and &lt;v, du/dt&gt; = -E_P[l'(f_lin) J v] in the metric of masses for every v.</summary>
    [Theory]
    [InlineData(2), InlineData(3), InlineData(4)]
    public void Tangents_and_velocities_are_adjoint(int depth)
    {
        foreach (var mode in Enum.GetValues<BiasMode>())
            foreach (var loss in new ILoss[] { new HalfSquared(), new Logistic() })
            {
                var ensemble = Sampled.Ensemble(Sampled.Architecture(depth, new Tanh(), mode));
                var (data, size) = (Sampled.Data(7, loss: loss), ensemble.State.Length);
                var objective = Sampled.Objective(loss, data);
                var field = new LinearisedField(ensemble, objective, Sampled.Engine);
                double[] u = Trained(HessianTests.Random(size, 5)), v = Trained(HessianTests.Random(size, 6));
                double[] velocity = new double[size], f = new double[data.Count * data.Outputs];
                field.Evaluate(0.3, u, velocity);
                field.Predict(u, data, f);
                double[] start = Along(u, 0), ju = Differences(u), jv = Differences(v);
                for (var n = 0; n < f.Length; n++) Assert.Equal(start[n] + ju[n], f[n], 1e-8 * (1 + Math.Abs(f[n])));
                var expected = 0.0;
                var slope = new double[data.Outputs];
                for (var n = 0; n < data.Count; n++)
                {
                    loss.Gradient(f.AsSpan(n * data.Outputs, data.Outputs), data.Label(n), slope);
                    for (var k = 0; k < data.Outputs; k++)
                        expected -= data.Masses[n] * slope[k] * jv[n * data.Outputs + k];
                }
                Assert.Equal(expected, Inner(ensemble, v, velocity), 1e-8 * (1 + Math.Abs(expected)));

                // Biases that are not trained have no direction.
                double[] Trained(double[] along)
                {
                    for (var i = 1; mode != BiasMode.Trained && i <= depth; i++) ensemble.Biases(along.AsSpan(), i).Clear();
                    return along;
                }

                double[] Differences(double[] along) =>
                    [.. Along(along, H).Zip(Along(along, -H), (up, down) => (up - down) / (2 * H))];

                double[] Along(double[] along, double h)
                {
                    var predictor = new Predictor(ensemble, data, Sampled.Engine);
                    predictor.Predict([.. ensemble.State.Zip(along, (w, d) => w + h * d)]);
                    return [.. predictor.Predictions];
                }
            }
    }

    /// <summary>With layer 1 at rest a network of two layers is linear in what moves.</summary>
    [Fact]
    public void Of_a_linear_limit_it_is_the_limit()
    {
        var model = Model.Build(ProblemFile.Parse("p.json", """
            {
              "data": { "kind": "points", "x": [[1, 0.5], [-0.5, 1], [2, -1]], "y": [[1], [-1], [1]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "relu", "rate": { "schedule": "constant", "value": 0 } },
                { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "rate": { "schedule": "power", "exponent": 0.5, "unit": 1 } } ] },
              "training": { "loss": "logistic", "time": 3, "weightDecay": 0.1 },
              "limit": { "types": [{ "rule": "sobol", "nodes": 64 }], "tolerance": 1e-10 }
            }
            """u8), null);
        var limit = new ParticleLimit(model);
        var frozen = Linearisation.Predictions(limit, new());
        var trajectory = limit.Begin(new()).Complete().Trained.Trajectory;
        Assert.True(trajectory.RmsChange > 0.1);
        for (var k = 0; k < frozen.Count; k++)
            for (var n = 0; n < 3; n++) Assert.Equal(trajectory.Predictions[k][n], frozen[k][n], 1e-8);
    }

    private static double Inner(Ensemble ensemble, double[] a, double[] b) =>
        (ensemble.SquaredMassNorm([.. a.Zip(b, (x, y) => x + y)]) - ensemble.SquaredMassNorm([.. a.Zip(b, (x, y) => x - y)])) / 4;
}
