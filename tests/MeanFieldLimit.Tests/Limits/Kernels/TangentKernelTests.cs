using System.Text;
using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Tests.Limits.Kernels;

public class TangentKernelTests
{
    /// <summary>df/dt by the kernel is df/dt by the velocity of the parameters, by a central difference along it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\"scaling\": { \"kind\": \"ntk\" },")]
    public void It_moves_outputs_as_the_velocity_does(string scaling)
    {
        var model = Read("erf", scaling, "half-squared");
        var network = model.Sample([9, 7], 0);
        var engine = new ManagedEngine(1);
        var velocity = new double[network.State.Length];
        model.Objective.Velocity(network, engine).Evaluate(0, network.State, velocity);
        var theta = TangentKernel.Of(network, network.State, model.Data.Train, [.. model.Schedules.Select(s => s.At(0))],
            engine);
        const double h = 1e-5;
        double[] f = At(0), up = At(h), down = At(-h);
        for (var n = 0; n < f.Length; n++)
        {
            var expected = (up[n] - down[n]) / (2 * h);
            var byKernel = -Enumerable.Range(0, f.Length).Sum(m => theta[n * f.Length + m] * (f[m] - model.Data.Train.Y[m])
                * model.Data.Train.Masses[m]);
            Assert.Equal(expected, byKernel, 1e-8 * (1 + Math.Abs(expected)));
        }

        double[] At(double step)
        {
            var predictor = new Predictor(network, model.Data.Train, engine);
            predictor.Predict([.. network.State.Zip(velocity, (w, v) => w + step * v)]);
            return [.. predictor.Predictions];
        }
    }

    /// <summary>In the NTK scaling means over networks of width N approach the kernel, within three standard errors.</summary>
    [Theory]
    [InlineData("relu")]
    [InlineData("erf")]
    public void Means_over_wide_networks_are_the_kernel_of_the_limit(string activation)
    {
        const int replicates = 40;
        var model = Read(activation, "\"scaling\": { \"kind\": \"ntk\" },", "half-squared");
        var limit = new KernelLimit(model).Kernels(new());
        double[] sum = new double[16], squares = new double[16], products = new double[16], fourth = new double[16];
        for (var r = 0; r < replicates; r++)
        {
            var network = model.Sample([256, 256], r);
            var theta = TangentKernel.Of(network, network.State, model.Data.Train,
                [.. model.Schedules.Select(s => s.At(0))], new ManagedEngine(1));
            var predictor = new Predictor(network, model.Data.Train, new ManagedEngine(1));
            predictor.Predict(network.State);
            for (var i = 0; i < 16; i++)
            {
                sum[i] += theta[i] / replicates;
                squares[i] += theta[i] * theta[i] / replicates;
                var product = predictor.Predictions[i / 4] * predictor.Predictions[i % 4];
                products[i] += product / replicates;
                fourth[i] += product * product / replicates;
            }
        }
        for (var i = 0; i < 16; i++)
        {
            // The mean over networks differs from the limit by O(1/N) besides.
            var error = Math.Sqrt((squares[i] - sum[i] * sum[i]) / replicates);
            Assert.InRange(Math.Abs(sum[i] - limit.Ntk[i]), 0, 4 * error + 4.0 / 256 * limit.Ntk[i / 4 * 5]);
            error = Math.Sqrt((fourth[i] - products[i] * products[i]) / replicates);
            Assert.InRange(Math.Abs(products[i] - limit.Nngp[i]), 0, 4 * error + 4.0 / 256 * limit.Nngp[i / 4 * 5]);
        }
    }

    private static Model Read(string activation, string scaling, string loss) => Model.Build(ProblemFile.Parse("kernel",
        Encoding.UTF8.GetBytes($$"""
            {
              "data": { "kind": "points", "x": [[1, 0.5], [-0.4, 0.9], [0.3, -1.2], [-1.1, -0.3]], "y": [[0.5], [-1], [0.8], [0.2]] },
              "network": {
                "biases": "trained",
                "layers": [
                  { "weights": { "law": "gaussian", "std": 1.2 }, "bias": { "law": "gaussian", "std": 0.3 }, "activation": "{{activation}}" },
                  { "weights": { "law": "gaussian", "std": 1.2 }, "bias": { "law": "gaussian", "std": 0.3 }, "activation": "{{activation}}", "rate": { "schedule": "constant", "value": 2 } },
                  { "weights": { "law": "gaussian", "std": 1.2 } }
                ]
              },
              {{scaling}}
              "training": { "loss": "{{loss}}", "time": 1 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 2 }, { "rule": "gauss", "nodes": 2 }] }
            }
            """)), null);
}
