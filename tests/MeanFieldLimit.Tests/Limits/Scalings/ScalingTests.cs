using System.Text;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits.Scalings;

public class ScalingTests
{
    private const string Draw = "[0.3], [-0.2], [0.1], [0.25]";

    [Theory]
    [InlineData("ntk")]
    [InlineData("mean-field")]
    [InlineData("ic-mf")]
    [InlineData("sym-default")]
    [InlineData("default")]
    public void At_the_reference_width_all_scalings_are_one_network(string kind)
    {
        var model = Model($"\"kind\": \"{kind}\", \"width\": 32");
        var plain = Model("\"kind\": \"exponents\", \"width\": 32, \"sum\": 0.3, \"outgoing\": -2, \"incoming\": 0.7",
            "\"ratio\": 2,");
        Trajectory ours = Train(model, 32), theirs = Train(plain, 32);
        Assert.InRange(ours.LargestRmsDistance(theirs), 0, 1e-13);
        Assert.True(ours.Predictions[^1][0] != 0);
    }

    /// <summary>f = sigma sum a s(w x) with sigma* = 1/sqrt(d*), from the draws themselves.</summary>
    [Fact]
    public void The_sum_is_that_of_standard_parameters_times_its_factor()
    {
        var model = Model("\"kind\": \"exponents\", \"width\": 16, \"sum\": -0.75, \"outgoing\": 0, \"incoming\": 0", "\"ratio\": 2,");
        var network = model.Embedding.Sample([64], 7);
        MatrixView w = network.Weights(1), a = network.Weights(2);
        var f = 0.0;
        var scale = network.Scales[1].Weights;
        for (var c = 0; c < 64; c++) f += a.Row(c)[0] / scale * Math.Tanh(w.Row(0)[c] * 0.5 - w.Row(1)[c] * 1.2);
        var predictor = new MeanFieldLimit.Propagation.Predictor(network, model.Data.Train, new ManagedEngine(1));
        predictor.Predict(network.State);
        Assert.Equal(0.25 * Math.Pow(4, -0.75) * f, predictor.Predictions[1], 1e-14);
    }

    /// <summary>Where the width ratio is 1, the ensemble is that of IC-MF whatever the exponents.</summary>
    [Theory]
    [InlineData(-0.5, 0, 0)]
    [InlineData(-1.3, 0.4, 2)]
    public void At_the_ratio_1_every_ensemble_is_that_of_ic_mf(double sum, double outgoing, double incoming)
    {
        var given = $"\"initial\": {{ \"values\": [{Draw}] }},";
        var other = Solve(Model(FormattableString.Invariant(
            $"\"kind\": \"exponents\", \"width\": 32, \"sum\": {sum}, \"outgoing\": {outgoing}, \"incoming\": {incoming}"),
            given + "\"ratio\": 1,"));
        Assert.InRange(Solve(Model("\"kind\": \"ic-mf\", \"width\": 32", given)).LargestRmsDistance(other), 0, 1e-13);
    }

    /// <summary>The ensemble of the NTK exponents approaches the kernel limit like 1/s.</summary>
    [Fact]
    public void An_ensemble_that_keeps_a_large_ratio_is_near_the_kernel_limit()
    {
        var given = $"\"initial\": {{ \"values\": [{Draw}] }},";
        var limit = Solve(Model("\"kind\": \"ntk\", \"width\": 32", given));
        double At(int ratio) => Solve(Model("\"kind\": \"ntk\", \"width\": 32", $"{given} \"ratio\": {ratio},", nodes: 40))
            .LargestRmsDistance(limit);
        var (near, far) = (At(10), At(100));
        Assert.InRange(near, 1e-6, 1e-1);
        Assert.InRange(near / far, 8, 12.5);
    }

    /// <summary>C0 at a point, from many draws; four standard errors of both.</summary>
    [Fact]
    public void Draws_of_the_initial_function_have_the_variance_of_networks()
    {
        const int draws = 1000;
        var model = Model("\"kind\": \"ic-mf\", \"width\": 32");
        double ours = 0, theirs = 0;
        for (var k = 0; k < draws; k++)
        {
            var f = InitialFunction.Values(model.WithLimit(model.Problem.Limit with { Initial = new() { Draw = k } }));
            ours += f[0] * f[0] / draws;
            var network = model.Sample([32], k);
            var predictor = new MeanFieldLimit.Propagation.Predictor(network, model.Data.Train, new ManagedEngine(1));
            predictor.Predict(network.State);
            theirs += predictor.Predictions[0] * predictor.Predictions[0] / draws;
        }
        // A square of a normal variable has the standard deviation sqrt(2) of its mean; that of a network a bit more.
        Assert.InRange(ours / theirs, 1 - 4 * 2 / Math.Sqrt(draws), 1 + 4 * 2 / Math.Sqrt(draws));
    }

    [Theory]
    [InlineData("\"kind\": \"default\"", "", "$.scaling.width", "width must be given for default")]
    [InlineData("\"kind\": \"exponents\", \"width\": 8", "\"ratio\": 1,", "$.scaling", "found 0 of the three")]
    [InlineData("\"kind\": \"ntk\", \"sum\": 1", "", "$.scaling.kind", "must not be given beside ntk")]
    [InlineData("\"kind\": \"exponents\", \"width\": 8, \"sum\": 0, \"outgoing\": 0, \"incoming\": 0", "", "$.limit.ratio", "they need have no limit")]
    [InlineData("\"kind\": \"sym-default\", \"width\": 8", "\"method\": \"dormand-prince\",", "$.limit.method", "the flow of a kernel with time sped up")]
    [InlineData("\"kind\": \"ic-mf\", \"width\": 8", "\"initial\": { \"values\": [[1]] },", "$.limit.initial.values", "values must be 4 rows of 1")]
    public void A_scaling_without_a_limit_is_refused(string scaling, string limit, string path, string rule)
    {
        var error = Assert.Throws<ProblemException>(() => Model(scaling, limit));
        Assert.Contains($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_limit_would_pass_over_is_refused()
    {
        var kernel = Model("\"kind\": \"ntk\"").Problem;
        var layers = kernel.Network.Layers;
        Refused("$.network.layers[0].rate: rate must be constant", kernel with
        {
            Network = kernel.Network with
            {
                Layers = [layers[0] with { Rate = new PowerRate { Exponent = 1, Unit = 1 } }, layers[1]],
            },
        });
        Refused("$.training.until: until must not be given", kernel with
        {
            Training = kernel.Training with { Until = new() { Risk = 0.5 } },
        });
        var corrected = Model("\"kind\": \"ic-mf\", \"width\": 8").Problem;
        Refused("$.training.dynamics: dynamics must be flow for ic-mf", corrected with
        {
            Training = corrected.Training with { Dynamics = DynamicsKind.Sgd, Step = 0.5, Batch = 1 },
        });

        static void Refused(string rule, Problem problem) => Assert.Contains(rule, Assert.Throws<ProblemException>(
            () => MeanFieldLimit.Models.Model.Build(problem)).Message, StringComparison.Ordinal);
    }

    private static Trajectory Train(Model model, int width) => Run.Of(model, model.Sample([width], 0), model.Dynamics,
        model.NetworkDraw(0), new Machine()).Complete().Trained.Trajectory;

    private static Trajectory Solve(Model model) => ILimit.Of(model).Begin(new Machine()).Complete().Trained.Trajectory;

    private static Model Model(string scaling, string limit = "", int nodes = 16) => MeanFieldLimit.Models.Model.Build(ProblemFile.Parse(
        "scaling", Encoding.UTF8.GetBytes($$"""
            {
              "data": { "kind": "points", "x": [[1.2, 0.3], [0.5, -1.2], [-0.9, 0.8]], "y": [[1], [-1], [1]], "xTest": [[0.2, 0.4]], "yTest": [[1]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 1 }, "rate": { "schedule": "constant", "value": 2 } } ] },
              "scaling": { {{scaling}} },
              "training": { "loss": "logistic", "time": 3, "method": "euler", "step": 1 }, "record": { "saves": 3 },
              "limit": { {{limit}} {{(limit.Contains("method") ? "" : "\"method\": \"euler\",")}} {{(limit.Contains("method") ? "" : "\"step\": 1,")}} "types": [{ "rule": "midpoint", "nodes": {{nodes}}, "last": {{nodes / 4}} }] }
            }
            """)), null);
}
