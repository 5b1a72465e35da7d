using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits.Scalings;

public class InitialStepTests
{
    private const double Factor = 0.5, Width = 16, Rate = 1.5;

    /// <summary>
    /// Outgoing weights of the default scaling start at 0 beside what the first step makes of them, w does not move in
    /// it: F(x) = -sigma*^2 d* eta E_P[l'(f0) E s(w x) s(w x')], by the arcsine law. What nodes make of E[a s] = 0 is
    /// multiplied by 1e50 and must not be seen.
    /// </summary>
    [Theory]
    [InlineData("gauss", 3, 1e-9)]
    [InlineData("gauss", 5, 1e-9)]
    [InlineData("panels", 3, 1e-9)]
    [InlineData("midpoint", 3, 1e-9)]
    [InlineData("sobol", 3, 1e-2)]
    [InlineData("monte-carlo", 3, 0.1)]
    [InlineData("monte-carlo", 1100, 0.1)]
    public void The_first_step_sees_the_initial_function_alone_whatever_the_nodes(string rule, int count, double within)
    {
        double[] x = [.. Enumerable.Range(0, count).Select(n => Math.Sin(1.0 + 2 * n))];
        double[] f0 = [.. x.Select((v, n) => Math.Cos(3.0 * n) + v)], y = [.. x.Select(v => v > 0.2 ? 1.0 : -1)];
        var model = Model.Build(Problem(rule, x, y, f0));
        var trained = ILimit.Of(model).Begin(new Machine()).Complete().Trained;
        var erf = (IClosedPairs)Catalogue.Find<IActivation>("erf");
        // f = s F holds from the first step on; at the start f is f0.
        Assert.Equal(f0, trained.Trajectory.Predictions[0]);
        for (var n = 0; n < Math.Min(count, 5); n++)
        {
            var expected = -Factor * Factor * Width * Rate * Enumerable.Range(0, count).Average(m =>
                -y[m] / (1 + Math.Exp(y[m] * f0[m])) * erf.Over(x[n] * x[n], x[m] * x[m], x[n] * x[m]).Products);
            Assert.Equal(expected, trained.Trajectory.Predictions[1][n], within);
        }
    }

    private static Problem Problem(string rule, double[] x, double[] y, double[] f0) => new()
    {
        Name = "step",
        Data = new PointsData { X = [.. x.Select(v => (double[])[v])], Y = [.. y.Select(v => (double[])[v])] },
        Network = new()
        {
            Layers =
            [
                new() { Weights = new GaussianLaw { Std = 1 }, Activation = "erf" },
                new() { Weights = new GaussianLaw { Std = 1 }, Rate = new ConstantRate { Value = Rate } },
            ],
        },
        Scaling = new() { Kind = MeanFieldLimit.Embeddings.ScalingKind.Default, Width = Width, Factor = Factor },
        Training = new() { Loss = "logistic", Time = 1, Method = "euler", Step = 1 },
        Record = new() { Saves = 1 },
        Limit = new()
        {
            Method = "euler",
            Step = 1,
            Initial = new() { Values = [.. f0.Select(v => (double[])[v])] },
            Types = [rule switch
            {
                "gauss" => new GaussSpec { Nodes = 41 },
                "panels" => new PanelSpec { Nodes = 128 },
                "midpoint" => new MidpointSpec { Nodes = 63, Reach = 7, Last = 5 },
                "sobol" => new SobolSpec { Nodes = 4096 },
                _ => new MonteCarloSpec { Nodes = 4000 },
            }],
        },
    };
}
