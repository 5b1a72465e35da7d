using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>
/// Steps on a linear problem with a closed form. One input x = 1 with the labels 0 and 2, a first layer of weights 1
/// that is not trained, output weights from 0: yhat is their mean, and d yhat/dt = -(yhat - 1), so yhat = 1 - exp(-t).
/// A step of SGD on one point with label y is yhat + eps (y - yhat).
/// </summary>
public class StepStudyTests
{
    private const int Seeds = 200;
    private const double Time = 2;
    private static readonly double[] Steps = [0.1, 0.05, 0.025, 0.0125];

    private static readonly StudyResult Result = Run();

    private static StudyResult Run()
    {
        var model = Small.Build($$"""
            { "data": { "kind": "points", "x": [[1], [1]], "y": [[0], [2]] },
              "network": { "layers": [
                { "weights": { "law": "constant", "value": 1 }, "activation": "identity",
                  "rate": { "schedule": "constant", "value": 0 } },
                { "weights": { "law": "constant", "value": 0 } } ] },
              "training": { "loss": "half-squared", "time": {{Time}} },
              "limit": { "tolerance": 1e-10 },
              "record": { "saves": 1 },
              "couple": { "widths": [3], "seeds": {{Seeds}}, "steps": [{{string.Join(", ", Steps)}}] } }
            """);
        return Small.Run(new StepStudy(), model, threads: 2);
    }

    private static double Gap(string dynamics, double step, int replicate) =>
        (double)Result.Table("gaps").Rows
        .Single(r => (string)r[0] == dynamics && (double)r[1] == step && (int)r[2] == replicate)[3];

    [Fact]
    public void Gaps_of_euler_are_those_of_its_closed_form()
    {
        foreach (var step in Steps)
            Assert.Equal(Math.Exp(-Time) - Math.Pow(1 - step, Time / step), Gap("euler", step, 7), 1e-8);
    }

    [Fact]
    public void Gaps_of_sgd_are_those_of_the_recursion_on_the_batches_of_its_times()
    {
        for (var replicate = 0; replicate < 5; replicate++)
            for (var j = 0; j < Steps.Length; j++)
            {
                // Batch number t / (shortest step), whatever the step: the same point at the same time.
                var batches = Streams.Batches(Streams.SeedOf(1, replicate));
                var yhat = 0.0;
                for (var k = 0; k < (int)Math.Round(Time / Steps[j]); k++)
                    yhat += Steps[j] * (2 * batches.Below((ulong)(k * Math.Round(Steps[j] / Steps[^1])), 2) - yhat);
                Assert.Equal(Math.Abs(yhat - (1 - Math.Exp(-Time))), Gap("sgd", Steps[j], replicate), 1e-8);
            }
    }

    [Fact]
    public void The_squared_gap_of_sgd_is_that_of_euler_and_the_variance_of_its_noise()
    {
        // Labels 1 +- 1: Var yhat = eps^2 sum_{j<k} (1 - eps)^(2j) = eps/(2 - eps) (1 - (1 - eps)^(2k)). A mean of 200
        // squares of a nearly normal variable has the relative error sqrt(2/200) = 0.1; z = 3.
        foreach (var step in Steps)
        {
            var euler = Math.Pow(Gap("euler", step, 0), 2);
            var variance = step / (2 - step) * (1 - Math.Pow(1 - step, 2 * Time / step));
            var mean = Enumerable.Range(0, Seeds).Average(s => Math.Pow(Gap("sgd", step, s), 2));
            Assert.InRange(mean / (euler + variance), 1 - 0.3, 1 + 0.3);
        }
    }

    // To first order Var yhat = eps int_0^T exp(-2 t) dt = eps (1 - exp(-2 T)) / 2. 8 draws for each of 200 networks have
    // the relative error sqrt(1/3200) = 0.018; z = 3.
    [Fact]
    public void The_gap_of_sgd_is_predicted_from_the_flow()
    {
        var table = Result.Table("predicted");
        Assert.Equal(Steps, table.Rows.Select(r => (double)r[0]));
        Assert.All(table.Rows, row =>
            Assert.InRange((double)row[4] / Math.Sqrt((double)row[0] * (1 - Math.Exp(-2 * Time)) / 2), 0.95, 1.05));
        // Of the shortest step, the first order without the drift.
        Assert.InRange(1, (double)table.Rows.Last()[6], (double)table.Rows.Last()[7]);
    }

    [Theory]
    [InlineData("step", DynamicsKind.Langevin, "langevin")]
    [InlineData("joint", DynamicsKind.SgdDiffusion, "sgd-diffusion")]
    public void Noise_that_stays_in_the_limit_is_refused(string study, DynamicsKind kind, string dynamics)
    {
        var problem = Small.TwoLayers().Problem;
        var training = problem.Training with
        {
            Dynamics = kind,
            Step = kind == DynamicsKind.SgdDiffusion ? 0.1 : null,
            Batch = kind == DynamicsKind.SgdDiffusion ? 1 : null,
        };
        var model = Model.Build(problem with { Chaos = null, Density = null, Training = training });
        var refusal = Assert.Throws<ProblemException>(() => Catalogue.Find<IStudy>(study).Plan(model, 1));
        Assert.Equal("$.training.dynamics", refusal.Path);
        Assert.Contains($"must be flow or sgd for the step and joint studies, got {dynamics}; use couple", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_exponents_are_a_half_with_noise_and_one_without()
    {
        Finding Of(string name) => Result.Findings.Single(f => f.Name == name);
        // (1 - eps)^(T/eps) - exp(-T) is eps (T/2) exp(-T) (1 + O(eps)): over this range the exponent is within 0.03 of
        // 1.
        Assert.InRange(Of("euler-prediction").Value, 0.97, 1.03);
        Assert.InRange(0.5, Of("sgd-prediction").Low, Of("sgd-prediction").High);
        Assert.InRange(Of("sgd-prediction").High - Of("sgd-prediction").Low, 0.01, 0.2);
    }
}
