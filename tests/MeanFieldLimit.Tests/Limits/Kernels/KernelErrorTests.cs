using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits.Kernels;

public class KernelErrorTests
{
    /// <summary>
    /// The slope of h / (1 + |h|) has a kink, so that its series falls slowly. One step of gradient descent from f0 = 0
    /// is c Theta y / n, Theta by midpoint rules in the angle, between the kinks, and in the radius of the pair.
    /// </summary>
    [Fact]
    public void What_series_of_kernels_leave_out_is_in_the_certificate()
    {
        double[][] x = [[1, 0.5], [-0.4, 0.9], [2, -1.5]];
        double[] y = [1, -1, 0.5];
        var model = Model.Build(new Problem
        {
            Name = "series",
            Data = new PointsData { X = x, Y = [.. y.Select(v => (double[])[v])] },
            Network = new()
            {
                Layers = [new() { Weights = new GaussianLaw { Std = 1.5 }, Activation = "softsign" },
                    new() { Weights = new GaussianLaw { Std = 1 } }],
            },
            Scaling = new() { Kind = MeanFieldLimit.Embeddings.ScalingKind.Ntk },
            Training = new() { Loss = "half-squared", Time = 1, Method = "euler", Step = 1 },
            Record = new() { Saves = 1 },
            Limit = new() { Method = "euler", Step = 1, Initial = new() { Values = [[0], [0], [0]] } },
        });
        var solution = Certifier.Solve(ILimit.Of(model), new Machine());
        var error = Math.Sqrt(Enumerable.Range(0, 3).Average(i => Math.Pow(solution.Trajectory.Predictions[1][i]
            - Enumerable.Range(0, 3).Sum(j => Theta(x[i], x[j]) * y[j] / 3), 2)));
        Assert.InRange(solution.Error.Types, 1e-12, 1e-2);
        Assert.InRange(error, 0, solution.Error.Types);
    }

    private static double Theta(double[] x, double[] y)
    {
        double Dot(double[] a, double[] b) => 2.25 * (a[0] * b[0] + a[1] * b[1]);
        var (uu, vv, uv) = (Dot(x, x), Dot(y, y), Dot(x, y));
        var (a, b) = (Math.Sqrt(uu), uv / Math.Sqrt(uu));
        var c = Math.Sqrt(Math.Max(0, vv - b * b));
        double[] kinks = [.. new[] { Math.PI / 2, 3 * Math.PI / 2, Math.Atan2(-b, c), Math.Atan2(-b, c) + Math.PI }
            .Select(t => (t + 2 * Math.PI) % (2 * Math.PI)).Append(0).Append(2 * Math.PI).Order()];
        var rule = MeanFieldLimit.Solvers.Laws.GaussRule.Legendre(64);
        const int radii = 2000;
        const double reach = 9;
        double products = 0, slopes = 0;
        foreach (var (low, high) in kinks.Zip(kinks.Skip(1)))
            for (var m = 0; m < 64; m++)
            {
                var t = (low + high) / 2 + (high - low) / 2 * rule.Nodes[m];
                var mass = (high - low) * rule.Weights[m] / (2 * Math.PI) / rule.Weights.Sum();
                for (var k = 0; k < 2 * radii; k++)
                {
                    // Gauss-Legendre of two nodes in each of the intervals of the radius, of density r e^(-r^2 / 2).
                    var r = reach / radii * (k / 2 + 0.5 + (k % 2 - 0.5) / Math.Sqrt(3));
                    double u = r * a * Math.Cos(t), v = r * (b * Math.Cos(t) + c * Math.Sin(t));
                    var p = mass * reach / radii / 2 * r * Math.Exp(-r * r / 2);
                    products += p * u / (1 + Math.Abs(u)) * v / (1 + Math.Abs(v));
                    slopes += p / Math.Pow((1 + Math.Abs(u)) * (1 + Math.Abs(v)), 2);
                }
            }
        return products + slopes * uv;
    }
}
